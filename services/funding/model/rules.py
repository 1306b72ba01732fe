"""What an act must satisfy beyond its stage: agreement, decision, ceiling, cap, purpose, day."""

from collections.abc import Iterable, Mapping

from contracts.http.funding import Custody, FundMode, Restriction, TransferAsked, TransferKind
from services.funding.errors import (
    AgreementLacks,
    CapReached,
    CeilingReached,
    DayNotOpen,
    DecisionLacks,
    NotKnown,
    PurposeNotOpen,
    StageTooLow,
    day,
    euros,
)
from services.funding.model import caps
from services.funding.model.kinds import KINDS
from services.funding.model.ledger import (
    AWARDED,
    ENGAGED,
    DecisionShare,
    FundTerms,
    OpinionShare,
    References,
    Tally,
    award_detail,
)

Tallies = Mapping[Tally, int]


def check(
    act: TransferAsked, cents: int, fund: FundTerms, known: References, tallies: Tallies
) -> None:
    """Refuse an act that a rule of its fund, or what it cites, does not allow.

    Raises:
        Refusal: the first rule that is not satisfied, with the figures of both sides.
    """
    if KINDS[act.kind].dated and not fund.valid_from <= act.effective_on <= fund.valid_until:
        raise DayNotOpen(
            f"Le fonds « {fund.fund} » admet attributions et engagements du "
            f"{day(fund.valid_from)} au {day(fund.valid_until)} ; le {day(act.effective_on)} "
            "est hors de cette période."
        )
    caps.check(act, cents, fund, known.limits, tallies)
    match act.kind:
        case TransferKind.AGREE:
            _agree(act, cents, fund, known, tallies)
        case TransferKind.EARMARK | TransferKind.RELEASE:
            _purpose(act, fund, known)
        case TransferKind.AWARD:
            _award(act, cents, fund, known, tallies)
        case TransferKind.COMMIT:
            _commit(act, cents, fund, known, tallies)
        case TransferKind.LIQUIDATE:
            _cited(act, known)
        case TransferKind.RECEIVE:
            _receive(act, cents, fund, tallies)


def _agree(
    act: TransferAsked, cents: int, fund: FundTerms, known: References, tallies: Tallies
) -> None:
    assert act.agreement is not None, "the table of kinds needs it"
    terms = known.agreements.get(act.agreement)
    if terms is None or terms.fund != fund.fund:
        raise AgreementLacks(
            f"Le fonds « {fund.fund} » n'a pas de convention de financement « {act.agreement} » ; "
            "enregistrez-la d'abord."
        )
    if act.effective_on < terms.signed_on:
        raise AgreementLacks(
            f"La convention « {act.agreement} » est signée le {day(terms.signed_on)} ; l'acte "
            f"prend effet avant, le {day(act.effective_on)}."
        )
    agreed = tallies.get((fund.fund, str(act.kind), act.agreement), 0)
    if agreed + cents > terms.amount_cents:
        raise AgreementLacks(
            f"La convention « {act.agreement} » du fonds « {fund.fund} » porte sur "
            f"{euros(terms.amount_cents)}, dont {euros(agreed)} déjà conventionnés ; "
            f"{euros(cents)} sont demandés."
        )


def _purpose(act: TransferAsked, fund: FundTerms, known: References) -> None:
    assert act.purpose is not None, "the table of kinds needs it"
    if act.purpose not in known.actions:
        raise PurposeNotOpen(
            f"Aucune action validée ne s'appelle « {act.purpose} » ; fléchez vers une action "
            "ouverte."
        )
    if act.kind is TransferKind.EARMARK:
        _must_serve(act.purpose, fund)


def _must_serve(action: str, fund: FundTerms) -> None:
    if fund.restriction == Restriction.HARD and fund.actions and action not in fund.actions:
        raise PurposeNotOpen(
            f"Le fonds « {fund.fund} » est réservé par son financeur à "
            f"{', '.join(fund.actions)} ; il ne peut servir « {action} »."
        )


def _award(
    act: TransferAsked, cents: int, fund: FundTerms, known: References, tallies: Tallies
) -> None:
    assert act.action is not None, "the table of kinds needs it"
    assert act.opinion is not None, "the table of kinds needs it"
    assert act.funder_decision is not None, "the table of kinds needs it"
    if act.action not in known.actions:
        raise NotKnown("L'action", act.action, field="action")
    _must_serve(act.action, fund)
    voted = _voted(act, fund.fund, known.opinions.get(act.opinion))
    decided = _decided(act, fund, known.decisions.get(act.funder_decision))
    tally = (fund.fund, AWARDED, award_detail(act.action, act.opinion))
    awarded = tallies.get(tally, 0)
    if awarded + cents > min(voted, decided):
        raise DecisionLacks(
            f"Pour l'action « {act.action} » et le fonds « {fund.fund} », l'avis porte sur "
            f"{euros(voted)} et la décision du financeur sur {euros(decided)}, dont "
            f"{euros(awarded)} déjà attribués ; {euros(cents)} sont demandés."
        )


def _voted(act: TransferAsked, fund: str, shares: Iterable[OpinionShare] | None) -> int:
    """Return what the opinion gives from this fund to this action."""
    if shares is None:
        raise DecisionLacks(f"Aucun avis adopté {act.opinion} n'est connu ici.")
    for share in shares:
        if act.effective_on < share.adopted_on:
            raise DecisionLacks(
                f"L'avis {act.opinion} est adopté le {day(share.adopted_on)} ; l'attribution "
                f"prend effet avant, le {day(act.effective_on)}."
            )
        if (share.action, share.fund) == (act.action, fund):
            return share.amount_cents
    raise DecisionLacks(
        f"L'avis {act.opinion} n'attribue rien du fonds « {fund} » à l'action « {act.action} »."
    )


def _decided(act: TransferAsked, fund: FundTerms, shares: Iterable[DecisionShare] | None) -> int:
    """Return what the funder's decision gives from this fund to this action."""
    if shares is None:
        raise DecisionLacks(f"Aucune décision de financeur {act.funder_decision} n'est connue ici.")
    for share in shares:
        if share.funder != fund.funder:
            raise DecisionLacks(
                f"La décision {act.funder_decision} est de « {share.funder} » ; le fonds "
                f"« {fund.fund} » est de « {fund.funder} »."
            )
        if act.effective_on < share.enforceable_since:
            raise DecisionLacks(
                f"La décision {act.funder_decision} est exécutoire le "
                f"{day(share.enforceable_since)} ; l'attribution prend effet avant, le "
                f"{day(act.effective_on)}."
            )
        if (share.action, share.fund) == (act.action, fund.fund):
            return share.amount_cents
    raise DecisionLacks(
        f"La décision {act.funder_decision} n'attribue rien du fonds « {fund.fund} » à l'action "
        f"« {act.action} »."
    )


def _commit(
    act: TransferAsked, cents: int, fund: FundTerms, known: References, tallies: Tallies
) -> None:
    _cited(act, known)
    used = tallies.get((fund.fund, ENGAGED, ""), 0)
    if fund.ceiling_cents is not None and used + cents > fund.ceiling_cents:
        raise CeilingReached(
            fund.fund, ceiling_cents=fund.ceiling_cents, used_cents=used, asked_cents=cents
        )


def _cited(act: TransferAsked, known: References) -> None:
    if act.action not in known.actions:
        raise NotKnown("L'action", act.action, field="action")
    if act.payee not in known.payees:
        raise NotKnown("Le bénéficiaire", act.payee, field="payee")


def _receive(act: TransferAsked, cents: int, fund: FundTerms, tallies: Tallies) -> None:
    if fund.custody != Custody.POOLED:
        raise NotKnown("La caisse du fonds", fund.fund, field="fund")
    if act.reverses is not None:
        return  # Money that comes back after a recall is limited by what was recalled.
    received = tallies.get((fund.fund, str(TransferKind.RECEIVE), ""), 0)
    agreed = tallies.get((fund.fund, str(TransferKind.AGREE), ""), 0)
    if received + cents > agreed:
        raise StageTooLow(
            "reste à encaisser", fund.fund, held_cents=agreed - received, asked_cents=cents
        )
    limit = fund.prefinancing_limit_cents
    if fund.mode == FundMode.REIMBURSEMENT and limit is not None:
        ahead = received - tallies.get((fund.fund, str(TransferKind.PAY), ""), 0)
        if ahead + cents > limit:
            raise CapReached(
                fund.fund, limit_cents=limit, ahead_cents=max(0, ahead), asked_cents=cents
            )
