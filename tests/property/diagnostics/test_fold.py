"""Folding signals: order, repetition and revision never change what is known in the end."""

from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from contracts.events.exchange import SignalReceived
from contracts.events.signals import (
    ExposureCount,
    ReportedNeed,
    ReporterKind,
    SignalFamily,
    SignalWithdrawn,
    Unit,
)
from contracts.values import AreaKind
from services.diagnostics.model import rules

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SPACE = UUID(int=7)
COMMUNES = frozenset({"31113", "31446"})
AREAS = ["311130101", "311130102", "314460101"]


def received(area: str, revision: int, count: int | str, seq: int) -> SignalReceived:
    signal = ExposureCount(
        signal_id=uuid5(SPACE, area),
        revision=revision,
        licence="open",
        purpose="shared_diagnostic",
        period="2021",
        area_kind=AreaKind.IRIS,
        area_code=area,
        measure="rsa_socle",
        unit=Unit.HOUSEHOLD,
        count=count,
    )
    return SignalReceived(
        coordination="sicoval",
        receipt=uuid5(SPACE, f"{area}{seq}"),
        ce_id=str(seq),
        institution="caf-31",
        in_seq=seq,
        received_at=NOON,
        threshold=5,
        label="donnée publique",
        exposure=signal,
    )


def nothing() -> rules.Known:
    return rules.Known(communes=COMMUNES, cells={}, cell_keys={}, needs={})


def folded(facts: list[SignalReceived], cuts: list[int]) -> dict[str, tuple[int, int, int]]:
    """Fold in batches cut anywhere, and return sum, known and secret parts by commune."""
    known, sums = nothing(), Counter()
    edges = sorted({0, len(facts), *(cut % (len(facts) + 1) for cut in cuts)})
    for start, end in pairwise(edges):
        batch = rules.fold(facts[start:end], known)
        for key, change in batch.figures.items():
            sums[key.commune, "sum"] += change.known_sum
            sums[key.commune, "known"] += change.known_parts
            sums[key.commune, "secret"] += change.secret_parts
    return {
        commune: (sums[commune, "sum"], sums[commune, "known"], sums[commune, "secret"])
        for commune in COMMUNES
    }


counts = st.one_of(st.just("s"), st.just(0), st.integers(5, 900))
contents = st.fixed_dictionaries({(area, n): counts for area in AREAS for n in (1, 2, 3)})


@given(contents, st.data())
def test_order_and_repetition_are_irrelevant_once_each_last_revision_came(told, data):
    facts = [received(area, revision, count, 1) for (area, revision), count in told.items()]
    repeated = data.draw(st.permutations([*facts, *facts]))
    expected = {commune: [0, 0, 0] for commune in COMMUNES}
    for area in AREAS:
        last = told[area, 3]
        mine = expected[area[:5]]
        if last == "s":
            mine[2] += 1
        else:
            mine[0] += last
            mine[1] += 1
    cuts = data.draw(st.lists(st.integers(0, 50), max_size=6))
    assert folded(repeated, cuts) == {code: tuple(one) for code, one in expected.items()}


@given(contents)
def test_every_signal_is_decided_once_and_in_order(told):
    facts = [
        received(area, revision, count, seq)
        for seq, ((area, revision), count) in enumerate(told.items(), start=1)
    ]
    batch = rules.fold(facts, nothing())
    assert [one.in_seq for _, one in batch.decisions] == [fact.in_seq for fact in facts]


@given(st.integers(1, 4))
def test_a_count_under_the_threshold_never_enters(count):
    batch = rules.fold([received(AREAS[0], 1, count, 1)], nothing())
    assert batch.decisions[0][1].code == "E_SMALL"
    assert not batch.cells
    assert not batch.figures


def told_of(signal, family: str, seq: int = 1) -> SignalReceived:
    named = {"withdrawal": signal} if isinstance(signal, SignalWithdrawn) else {family: signal}
    return SignalReceived(
        coordination="sicoval",
        receipt=uuid5(SPACE, f"{signal.signal_id}{signal.revision}{type(signal)}"),
        ce_id="x",
        institution="caf-31",
        in_seq=seq,
        received_at=NOON,
        threshold=5,
        label="donnée publique",
        **named,
    )


def withdrawn(area: str, family: SignalFamily, revision: int) -> SignalReceived:
    signal = SignalWithdrawn(
        signal_id=uuid5(SPACE, area),
        revision=revision,
        licence="open",
        purpose="shared_diagnostic",
        withdraws=family,
    )
    return told_of(signal, "withdrawal")


def reported(area: str, revision: int, count: int) -> SignalReceived:
    signal = ReportedNeed(
        signal_id=uuid5(SPACE, area),
        revision=revision,
        licence="open",
        purpose="need_follow_up",
        period="2021",
        area_kind=AreaKind.IRIS,
        area_code=area,
        reporter_kind=ReporterKind.CCAS,
        problem="housing",
        theme="safe_use",
        public="young",
        unit=Unit.PERSON,
        count=count,
    )
    return told_of(signal, "need")


def projected(facts: list[SignalReceived], cuts: list[int]) -> dict[tuple[str, ...], object]:
    """Fold both families in batches cut anywhere; a refused withdrawal is sent again at the end."""
    known, sums = nothing(), Counter()
    edges = sorted({0, len(facts), *(cut % (len(facts) + 1) for cut in cuts)})
    batches = [facts[start:end] for start, end in pairwise(edges)]
    batches.append([fact for fact in facts if fact.withdrawal])
    for batch in batches:
        folding = rules.fold(batch, known)
        for key, change in folding.figures.items():
            for name in ("known_sum", "known_parts", "secret_parts", "denominator_sum"):
                sums[key.commune, "count", name] += getattr(change, name)
        for series, presence in folding.series.items():
            sums[series.measure, "series", series.grid] += presence.cells
        for need, count in folding.need_figures.items():
            sums[need.commune, "need", need.problem] += count
        assert min(sums.values(), default=0) >= 0, "no figure is ever less than nothing"
    return {key: value for key, value in sums.items() if value}


lives = st.fixed_dictionaries(
    {
        area: st.tuples(
            st.lists(counts, min_size=1, max_size=4),
            st.lists(st.integers(5, 90), min_size=1, max_size=4),
            st.one_of(st.none(), st.integers(1, 5)),
            st.one_of(st.none(), st.integers(1, 5)),
        )
        for area in AREAS
    }
)
"""By area: the revisions of a count and of a need, and up to which each is withdrawn, if it is."""


@given(lives, st.data())
def test_withdrawals_too_give_the_same_projection_in_any_order(told, data):
    facts, expected = [], Counter()
    for area, (exposed, needed, no_count, no_need) in told.items():
        for family, revisions, gone, make in (
            (SignalFamily.EXPOSURE_COUNT, exposed, no_count, received),
            (SignalFamily.REPORTED_NEED, needed, no_need, reported),
        ):
            for revision, count in enumerate(revisions, start=1):
                arguments = (area, revision, count, 1)[: 4 if make is received else 3]
                facts.append(make(*arguments))
            if gone is not None:
                facts.append(withdrawn(area, family, gone))
            if gone is not None and gone >= len(revisions):
                continue
            last = revisions[-1]
            if make is reported:
                expected[area[:5], "need", "housing"] += last
                continue
            expected["rsa_socle", "series", "iris"] += 1
            part = "secret_parts" if last == "s" else "known_parts"
            expected[area[:5], "count", part] += 1
            expected[area[:5], "count", "known_sum"] += 0 if last == "s" else last
    order = data.draw(st.permutations([*facts, *facts]))
    cuts = data.draw(st.lists(st.integers(0, 80), max_size=6))
    assert projected(order, cuts) == {key: value for key, value in expected.items() if value}
