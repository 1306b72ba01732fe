"""What a signal may say, and how cells fold by commune."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from contracts.events.diagnostics import Decision
from contracts.events.exchange import SignalReceived
from contracts.events.signals import ExposureCount, ReportedNeed, Unit
from contracts.values import AreaKind
from contracts.vocabulary import VOCABULARY

SECRET = "s"  # noqa: S105  # The letter that stands for a secret count.
BREAKDOWN_MAX = 2


class Cell(msgspec.Struct, frozen=True):
    """One exposure count as it is kept; `count` is None when it is secret.

    Columns of the queries on cells, in their order.
    """

    coordination: str
    institution: str
    signal_id: UUID
    revision: int
    cell_key: str
    measure: str
    unit: str
    period: str
    grid: str
    area_code: str
    commune: str | None
    breakdown: str
    count: int | None
    denominator: int | None
    label: str
    in_seq: int

    @property
    def content(self) -> tuple[object, ...]:
        """What a second signal of the same id and revision must repeat."""
        return self.cell_key, self.count, self.denominator


class Need(msgspec.Struct, frozen=True):
    """One reported need as it is kept. Columns of the queries on needs, in their order."""

    coordination: str
    institution: str
    signal_id: UUID
    revision: int
    reporter_kind: str
    problem: str
    theme: str
    public: str
    unit: str
    period: str
    grid: str
    area_code: str
    commune: str | None
    count: int
    place_kind: str | None
    time_slots: list[str]
    label: str
    in_seq: int

    @property
    def content(self) -> tuple[object, ...]:
        """What a second signal of the same id and revision must repeat."""
        return msgspec.structs.astuple(self)[4:16]


class FigureKey(msgspec.Struct, frozen=True, order=True):
    """What one folded exposure is about."""

    coordination: str
    commune: str
    institution: str
    measure: str
    unit: str
    period: str
    grid: str
    breakdown: str


class NeedKey(msgspec.Struct, frozen=True, order=True):
    """What one folded sum of needs is about."""

    coordination: str
    commune: str
    problem: str
    theme: str
    public: str
    unit: str
    period: str


class Change(msgspec.Struct):
    """What a batch adds to one folded exposure; parts are counted apart from their sum."""

    known_sum: int = 0
    known_parts: int = 0
    secret_parts: int = 0
    denominator_sum: int = 0
    label: str = ""

    def add(self, cell: Cell, sign: int) -> None:
        """Count `cell` in, or out when `sign` is -1."""
        if cell.count is None:
            self.secret_parts += sign
        else:
            self.known_sum += sign * cell.count
            self.known_parts += sign
            self.denominator_sum += sign * (cell.denominator or 0)
        self.label = cell.label


class Known(msgspec.Struct):
    """What is already kept, for the signals of one batch; the batch adds to it as it goes."""

    communes: frozenset[str]
    cells: dict[tuple[str, UUID], Cell]
    cell_keys: dict[str, UUID]
    needs: dict[tuple[str, UUID], Need]


class Fold(msgspec.Struct):
    """What a batch changes: to be written in one transaction with its decisions."""

    decisions: list[tuple[str, Decision]]
    """By institution, in order."""
    cells: dict[tuple[str, UUID], Cell]
    needs: dict[tuple[str, UUID], Need]
    figures: dict[FigureKey, Change]
    need_figures: dict[NeedKey, int]
    areas: dict[str, int]
    """Communes touched, with the highest sequence that touched them."""


def breakdown_text(breakdown: Mapping[str, str]) -> str:
    """Return the one text of a breakdown, empty when there is none."""
    return ";".join(f"{name}={breakdown[name]}" for name in sorted(breakdown))


def breakdown_of(text: str) -> dict[str, str]:
    """Return the breakdown of its text."""
    return dict(part.split("=", 1) for part in text.split(";")) if text else {}


def cell_of(fact: SignalReceived, signal: ExposureCount) -> Cell:
    """Return the cell a count fills."""
    breakdown = breakdown_text(signal.breakdown)
    grid = signal.area_kind.value
    key = "|".join(
        (
            fact.institution,
            signal.measure,
            signal.unit.value,
            signal.period,
            f"{grid}:{signal.area_code}",
            breakdown,
        )
    )
    return Cell(
        coordination=fact.coordination,
        institution=fact.institution,
        signal_id=signal.signal_id,
        revision=signal.revision,
        cell_key=key,
        measure=signal.measure,
        unit=signal.unit.value,
        period=signal.period,
        grid=grid,
        area_code=signal.area_code,
        commune=commune_of(signal.area_kind, signal.area_code),
        breakdown=breakdown,
        count=None if signal.count == SECRET else int(signal.count),
        denominator=signal.denominator,
        label=fact.label,
        in_seq=fact.in_seq,
    )


def need_of(fact: SignalReceived, signal: ReportedNeed) -> Need:
    """Return the need a report tells of."""
    return Need(
        coordination=fact.coordination,
        institution=fact.institution,
        signal_id=signal.signal_id,
        revision=signal.revision,
        reporter_kind=signal.reporter_kind.value,
        problem=signal.problem,
        theme=signal.theme,
        public=signal.public,
        unit=signal.unit.value,
        period=signal.period,
        grid=signal.area_kind.value,
        area_code=signal.area_code,
        commune=commune_of(signal.area_kind, signal.area_code),
        count=signal.count,
        place_kind=signal.place_kind,
        time_slots=[slot.value for slot in signal.time_slots],
        label=fact.label,
        in_seq=fact.in_seq,
    )


def commune_of(kind: AreaKind, code: str) -> str | None:
    """Return the commune a count folds to, None when its grid is wider than a commune."""
    return code[:5] if kind in {AreaKind.COMMUNE, AreaKind.IRIS} else None


Reason = tuple[str, str, str]
"""Code, field and French sentence of a refusal."""


def unfit(fact: SignalReceived, communes: frozenset[str]) -> Reason | None:
    """Return why a signal cannot be counted, whatever was received before; None when it can."""
    signal = fact.signal
    commune = commune_of(signal.area_kind, signal.area_code)
    length = {AreaKind.COMMUNE: 5, AreaKind.EPCI: 9, AreaKind.QPV: 8, AreaKind.IRIS: 9}
    if len(signal.area_code) != length[signal.area_kind] or (commune and commune not in communes):
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


def fold(facts: list[SignalReceived], known: Known) -> Fold:
    """Decide each signal, in order, and return all that the batch changes.

    A signal seen before changes nothing and is accepted again. `known` is brought up to date.
    """
    batch = Fold(decisions=[], cells={}, needs={}, figures={}, need_figures={}, areas={})
    for fact in facts:
        reason = unfit(fact, known.communes)
        changed = False
        if reason is None:
            signal = fact.signal
            if isinstance(signal, ExposureCount):
                verdict = _place_cell(cell_of(fact, signal), known, batch)
            else:
                verdict = _place_need(need_of(fact, signal), known, batch)
            reason, changed = (None, verdict) if isinstance(verdict, bool) else (verdict, False)
        batch.decisions.append((fact.institution, _decision(fact, reason, changed=changed)))
    return batch


def _decision(fact: SignalReceived, reason: Reason | None, *, changed: bool) -> Decision:
    code, field, detail = reason or (None, None, None)
    if reason is None and not changed:
        detail = "Déjà reçu à l'identique : rien ne change."
    return Decision(
        receipt=fact.receipt,
        signal_id=fact.signal.signal_id,
        in_seq=fact.in_seq,
        ce_id=fact.ce_id,
        code=code,
        field=field,
        detail=detail,
        changed=changed,
    )


def _stale(old_revision: int, new_revision: int, *, same: bool) -> Reason | bool | None:
    """Return the verdict on a signal whose id is known; None when it is a true revision."""
    if new_revision > old_revision:
        return None
    if new_revision < old_revision:
        return (
            "E_REVISION",
            "revision",
            f"La révision {old_revision} est déjà reçue ; envoyez la suivante.",
        )
    if same:
        return False
    return (
        "E_DIFFERS",
        "revision",
        f"Ce signal est déjà reçu avec un autre contenu ; envoyez la révision {old_revision + 1}.",
    )


def _place_cell(cell: Cell, known: Known, batch: Fold) -> Reason | bool:
    ident = (cell.institution, cell.signal_id)
    old = known.cells.get(ident)
    if old is not None:
        verdict = _stale(old.revision, cell.revision, same=old.content == cell.content)
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
    known.cells[ident] = batch.cells[ident] = cell
    known.cell_keys[cell.cell_key] = cell.signal_id
    if cell.commune is not None:
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
        change = batch.figures.setdefault(key, Change())
        if old is not None:
            change.add(old, -1)
        change.add(cell, 1)
        batch.areas[cell.commune] = max(batch.areas.get(cell.commune, 0), cell.in_seq)
    return True


def _place_need(need: Need, known: Known, batch: Fold) -> Reason | bool:
    ident = (need.institution, need.signal_id)
    old = known.needs.get(ident)
    if old is not None:
        verdict = _stale(old.revision, need.revision, same=old.content == need.content)
        if verdict is not None:
            return verdict
    known.needs[ident] = batch.needs[ident] = need
    for one, sign in ((old, -1), (need, 1)):
        if one is not None and one.commune is not None:
            key = NeedKey(
                one.coordination,
                one.commune,
                one.problem,
                one.theme,
                one.public,
                one.unit,
                one.period,
            )
            batch.need_figures[key] = batch.need_figures.get(key, 0) + sign * one.count
            batch.areas[one.commune] = max(batch.areas.get(one.commune, 0), need.in_seq)
    return True
