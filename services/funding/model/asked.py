"""What an act says of itself: all it must, nothing it may not, and the same when it comes again."""

from contracts import privacy
from contracts.http.funding import (
    TransferAsked,
    TransferKind,
)
from contracts.refusals import E_FIELD, FieldError
from services.funding.errors import (
    ActLacks,
    FieldDiffers,
)
from services.funding.errors.limits import LineNotTaken
from services.funding.model.kinds import (
    KINDS,
    LACK_CODES,
    Rule,
)
from services.funding.model.ledger import (
    CITES,
    Movement,
)
from services.funding.model.limits import ON_A_LINE

_OF_THE_HOLD = frozenset({"fund", "amount_cents", "line"})
DERIVED = {
    TransferKind.POST: _OF_THE_HOLD,
    TransferKind.VOID: _OF_THE_HOLD,
    TransferKind.WITHDRAW_AWARD: frozenset({"action", "opinion"}),
    TransferKind.RECEIVE: frozenset({"agreement"}),
    TransferKind.CLAW_BACK: frozenset({"line"}),
    TransferKind.LAPSE: frozenset({"line"}),
    TransferKind.CARRY_OVER: frozenset({"line"}),
}
"""What the ledger completes when the caller leaves it out."""
RESOLVE = frozenset({TransferKind.POST, TransferKind.VOID})
MUST_HAVE = {
    kind: tuple(
        name
        for name in (*rule.needs, "fund", "amount_cents")
        if name not in DERIVED.get(kind, frozenset())
    )
    for kind, rule in KINDS.items()
}
"""What a caller may not leave out."""


def differing(act: TransferAsked, recorded: Movement) -> list[str]:
    """Return the fields in which an act is not the one recorded under its id."""
    derived = DERIVED.get(act.kind, frozenset())
    return [
        name
        for name in ("kind", "fund", "amount_cents", "effective_on", *CITES)
        if (asked := getattr(act, name)) != getattr(recorded, name)
        and not (asked is None and name in derived)
    ]


def must_have(act: TransferAsked, rule: Rule) -> None:
    """Refuse an act that lacks what its kind needs, or says what it does not take.

    Raises:
        ActLacks, FieldDiffers, LineNotTaken: the first thing that is missing or too much.
    """
    for name in MUST_HAVE[act.kind]:
        if getattr(act, name) is None:
            raise ActLacks(act.kind, name, LACK_CODES.get(name, E_FIELD))
    if act.phase not in {None, rule.phase}:
        detail = f"L'acte « {act.kind} » est de phase « {rule.phase} »."
        raise FieldDiffers(FieldError(field="phase", code=E_FIELD, detail=detail))
    if act.line is not None and act.kind not in ON_A_LINE:
        raise LineNotTaken(act.kind)
    if act.reason is not None and privacy.scan(act.reason):
        detail = "Le motif contient une donnée personnelle ; retirez-la, le journal est définitif."
        raise FieldDiffers(FieldError(field="reason", code=E_FIELD, detail=detail))
