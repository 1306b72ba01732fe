"""What a signal may say, and how cells fold by commune."""

import msgspec

from contracts.events.diagnostics import Decision
from contracts.events.exchange import SignalReceived
from contracts.events.signals import (
    ExposureCount,
    ReportedNeed,
    SignalFamily,
    SignalWithdrawn,
    Unit,
)
from contracts.values import AreaKind
from contracts.vocabulary import VOCABULARY
from services.diagnostics.model.cells import (
    SECRET,
    Cell,
    Change,
    FigureKey,
    Fold,
    Known,
    Need,
    NeedKey,
    Presence,
    SeriesKey,
    cell_of,
    commune_of,
    need_of,
)

BREAKDOWN_MAX = 2
REPEATED = "Déjà reçu à l'identique : rien ne change."
ALREADY_WITHDRAWN = "Déjà retiré : rien ne change."
_CODE_LENGTHS = {AreaKind.COMMUNE: 5, AreaKind.EPCI: 9, AreaKind.QPV: 8, AreaKind.IRIS: 9}

Reason = tuple[str, str, str]
"""Code, field and French sentence of a refusal."""


def unfit(fact: SignalReceived, communes: frozenset[str]) -> Reason | None:
    """Return why a signal cannot be counted, whatever was received before; None when it can."""
    signal = fact.signal
    if isinstance(signal, SignalWithdrawn):
        return None
    commune = commune_of(signal.area_kind, signal.area_code)
    fits = len(signal.area_code) == _CODE_LENGTHS[signal.area_kind]
    if not fits or (commune and commune not in communes):
        return (
            "E_AREA",
            "area_code",
            f"Le territoire {signal.area_code} ({signal.area_kind.value}) n'est pas d'ici ; "  # noqa: ISC004
            "vérifiez son code.",
        )
    if isinstance(signal, ExposureCount):
        return _unfit_count(fact, signal)
    return _unfit_need(signal)


def _unfit_count(fact: SignalReceived, signal: ExposureCount) -> Reason | None:
    measure = VOCABULARY.measures.get(signal.measure)
    if measure is None:
        return _unknown("measure", signal.measure)
    if signal.unit.value not in measure.units:
        admitted = ", ".join(measure.units)
        return "E_VOCABULARY", "unit", f"« {signal.measure} » se compte en : {admitted}."
    if len(signal.breakdown) > BREAKDOWN_MAX:
        return "E_FIELD", "breakdown", f"Un compte porte au plus {BREAKDOWN_MAX} ventilations."
    if (signal.unit is Unit.RATE) != (signal.denominator is not None):
        return "E_FIELD", "denominator", "Un taux, et lui seul, porte un dénominateur."
    if signal.count == SECRET:
        return None
    if 0 < int(signal.count) < fact.threshold:
        return (
            "E_SMALL",
            "count",
            f"Un compte sous {fact.threshold} n'est pas admis ({fact.label}) ; envoyez « s ».",
        )
    if signal.denominator is not None and int(signal.count) > signal.denominator:
        return "E_FIELD", "count", "Le numérateur d'un taux ne dépasse pas son dénominateur."
    return None


def _unfit_need(signal: ReportedNeed) -> Reason | None:
    for field, word, words in (
        ("problem", signal.problem, VOCABULARY.problems),
        ("theme", signal.theme, VOCABULARY.themes),
        ("public", signal.public, VOCABULARY.publics),
        ("place_kind", signal.place_kind, VOCABULARY.place_kinds),
    ):
        if word is not None and word not in words:
            return _unknown(field, word)
    return None


def _unknown(field: str, word: str) -> Reason:
    return (
        "E_VOCABULARY",
        field,
        f"« {word} » n'est pas dans la liste ; voyez le vocabulaire publié avec les contrats.",
    )


def nothing_yet() -> Fold:
    """Return a batch that changes nothing."""
    return Fold(decisions=[], cells={}, needs={}, figures={}, series={}, need_figures={}, areas={})


def fold(facts: list[SignalReceived], known: Known) -> Fold:
    """Decide each signal, in order, and return all that the batch changes.

    A signal seen before changes nothing and is accepted again. `known` is brought up to date.
    """
    batch = nothing_yet()
    for fact in facts:
        verdict: Reason | bool = unfit(fact, known.communes) or _placed(fact, known, batch)
        batch.decisions.append((fact.institution, _decision(fact, verdict=verdict)))
    return batch


def _placed(fact: SignalReceived, known: Known, batch: Fold) -> Reason | bool:
    """Return whether a signal changed something, or why it cannot be taken."""
    signal = fact.signal
    if isinstance(signal, ExposureCount):
        return _place_cell(cell_of(fact, signal), known, batch)
    if isinstance(signal, ReportedNeed):
        return _place_need(need_of(fact, signal), known, batch)
    return _withdraw(fact, signal, known, batch)


def _decision(fact: SignalReceived, *, verdict: Reason | bool) -> Decision:
    code, field, detail = (None, None, None) if isinstance(verdict, bool) else verdict
    if verdict is False:
        detail = ALREADY_WITHDRAWN if fact.withdrawal else REPEATED
    return Decision(
        receipt=fact.receipt,
        signal_id=fact.signal.signal_id,
        in_seq=fact.in_seq,
        ce_id=fact.ce_id,
        code=code,
        field=field,
        detail=detail,
        changed=verdict is True,
    )


def _stale(old: Cell | Need, new: Cell | Need) -> Reason | bool | None:
    """Return the verdict on a signal whose id is known; None when it is a true revision."""
    if new.revision > old.revision:
        return None
    if old.withdrawn:
        return (
            "E_REVISION",
            "revision",
            f"La révision {old.revision} et les précédentes sont retirées ; envoyez la suivante.",
        )
    if new.revision < old.revision:
        return (
            "E_REVISION",
            "revision",
            f"La révision {old.revision} est déjà reçue ; envoyez la suivante.",
        )
    if old.content == new.content:
        return False
    return (
        "E_DIFFERS",
        "revision",
        f"Ce signal est déjà reçu avec un autre contenu ; envoyez la révision {old.revision + 1}.",
    )


def _place_cell(cell: Cell, known: Known, batch: Fold) -> Reason | bool:
    old = known.cells.get((cell.institution, cell.signal_id))
    if old is not None:
        verdict = _stale(old, cell)
        if verdict is not None:
            return verdict
        if old.cell_key != cell.cell_key:
            return "E_DIFFERS", "signal_id", "Une révision garde la même case ; changez de signal."
    holder = known.cell_keys.get(cell.cell_key)
    if holder is not None and holder != cell.signal_id:
        return (
            "E_DIFFERS",
            "signal_id",
            f"Cette case est déjà remplie par le signal {holder} ; envoyez-en une révision.",
        )
    _replace_cell(old, cell, known, batch)
    return True


def _replace_cell(old: Cell | None, cell: Cell, known: Known, batch: Fold) -> None:
    ident = cell.institution, cell.signal_id
    known.cells[ident] = batch.cells[ident] = cell
    known.cell_keys[cell.cell_key] = cell.signal_id
    if cell.commune is None:
        return
    add_cell(batch, old, -1)
    add_cell(batch, cell, 1)
    batch.areas[cell.commune] = max(batch.areas.get(cell.commune, 0), cell.in_seq)


def add_cell(batch: Fold, cell: Cell | None, sign: int) -> None:
    """Count a cell of a commune in, or out when `sign` is -1; one that is withdrawn is nowhere."""
    if cell is None or cell.commune is None or cell.withdrawn:
        return
    key = FigureKey(
        cell.coordination,
        cell.commune,
        cell.institution,
        cell.measure,
        cell.unit,
        cell.period,
        cell.grid,
        cell.breakdown,
    )
    batch.figures.setdefault(key, Change()).add(cell, sign)
    kind = SeriesKey(
        cell.coordination,
        cell.institution,
        cell.measure,
        cell.unit,
        cell.period,
        cell.grid,
        cell.breakdown,
    )
    presence = batch.series.setdefault(kind, Presence())
    presence.cells += sign
    presence.label = cell.label


def _place_need(need: Need, known: Known, batch: Fold) -> Reason | bool:
    old = known.needs.get((need.institution, need.signal_id))
    if old is not None:
        verdict = _stale(old, need)
        if verdict is not None:
            return verdict
    _replace_need(old, need, known, batch)
    return True


def _replace_need(old: Need | None, need: Need, known: Known, batch: Fold) -> None:
    ident = need.institution, need.signal_id
    known.needs[ident] = batch.needs[ident] = need
    for one, sign in ((old, -1), (need, 1)):
        if one is not None and one.commune is not None:
            add_need(batch, one, sign)
            batch.areas[one.commune] = max(batch.areas.get(one.commune, 0), need.in_seq)


def add_need(batch: Fold, need: Need, sign: int) -> None:
    """Count a need of a commune in, or out when `sign` is -1; one withdrawn is nowhere."""
    if need.commune is None or need.withdrawn:
        return
    key = NeedKey(
        need.coordination,
        need.commune,
        need.problem,
        need.theme,
        need.public,
        need.unit,
        need.period,
    )
    batch.need_figures[key] = batch.need_figures.get(key, 0) + sign * need.count


def _withdraw(
    fact: SignalReceived, signal: SignalWithdrawn, known: Known, batch: Fold
) -> Reason | bool:
    """Take back a revision and those before it; what is kept is that they are withdrawn."""
    ident = fact.institution, signal.signal_id
    counted = signal.withdraws is SignalFamily.EXPOSURE_COUNT
    old: Cell | Need | None = known.cells.get(ident) if counted else known.needs.get(ident)
    if old is None:
        return (
            "E_UNKNOWN",
            "signal_id",
            f"Aucun signal {signal.signal_id} n'est reçu de vous dans cette famille.",
        )
    if old.revision > signal.revision:
        return (
            "E_REVISION",
            "revision",
            f"La révision {old.revision} est reçue ; pour la retirer, donnez ce numéro.",
        )
    if old.withdrawn and old.revision == signal.revision:
        return False
    gone = msgspec.structs.replace(
        old,
        revision=signal.revision,
        in_seq=fact.in_seq,
        received_at=fact.received_at,
        withdrawn=True,
    )
    if isinstance(old, Cell) and isinstance(gone, Cell):
        gone = msgspec.structs.replace(gone, count=None, denominator=None)
        _replace_cell(old, gone, known, batch)
    elif isinstance(old, Need) and isinstance(gone, Need):
        _replace_need(old, gone, known, batch)
    return True
