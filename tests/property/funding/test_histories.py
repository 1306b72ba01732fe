"""Random histories of all kinds of acts: what holds whatever is asked, in whatever order."""

from uuid import UUID

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from contracts.http.funding import TransferAsked, TransferKind
from contracts.verify.ledger import Audited, audit
from services.funding.model import sums
from services.funding.model.kinds import CONTRA, KINDS, STAGES
from services.funding.model.ledger import Balance, effects
from services.funding.model.limits import NONE
from tests.unit.funding.known import Kept, asked

ALL = [kind.value for kind in TransferKind]
SHARED_NAMES = 8


def opening() -> list[TransferAsked]:
    """Acts that leave some money at every stage, so that any kind may pass after them."""
    found: list[TransferAsked] = []
    for kind, cents in (
        ("pledge", 1000),
        ("notify", 900),
        ("agree", 800),
        ("receive", 300),
        ("earmark", 700),
        ("award", 600),
        ("commit", 500),
        ("post", 500),
        ("liquidate", 400),
        ("mandate", 300),
        ("pay", 200),
        ("commit", 50),
    ):
        more = {"pending_id": found[-1].id} if kind == "post" else {}
        found.append(asked(kind, cents, id=UUID(int=10**6 + len(found)), **more))
    return found


def acts_of(drawn: list[tuple[str, int, int, int, bool]]) -> list[TransferAsked]:
    """Return acts from what was drawn for each: kind, name, which to cite, amount, linked."""
    found, first = list[TransferAsked](), opening()
    for number, (kind, name, cites, cents, is_linked) in enumerate(drawn):
        earlier = [*first, *found]
        if name == 0:
            found.append(msgspec.structs.replace(earlier[-1 - cites], linked=is_linked))
            continue
        # A low number is a name that another act may take as well.
        more = {"id": UUID(int=name if name < SHARED_NAMES else 1000 * name + number)}
        wanted = {"commit"} if kind in {"post", "void"} else set(KINDS[TransferKind(kind)].reverses)
        if wanted:
            fit = [act.id for act in earlier if act.kind in wanted]
            named = "pending_id" if kind in {"post", "void"} else "reverses"
            more[named] = fit[-1 - cites % len(fit)]
        if kind in {"earmark", "release"}:
            more["purpose"] = "atelier" if cites % 3 == 0 else "bus"
        more["linked"] = is_linked
        found.append(asked(kind, None if kind == "void" else cents, **more))
    return found


acts = st.lists(
    st.tuples(
        st.sampled_from(ALL),
        st.integers(0, 4 * SHARED_NAMES),
        st.integers(0, 9),
        st.sampled_from([1, 10, 50, 100, 1000]),
        st.sampled_from([False] * 5 + [True]),
    ),
    min_size=1,
    max_size=20,
).map(acts_of)
histories = st.lists(acts, min_size=1, max_size=2).map(lambda drawn: [opening(), *drawn])


def played(history: list[list[TransferAsked]]) -> Kept:
    ledger = Kept()
    for batch in history:
        ledger.post(batch)
    return ledger


@given(histories)
def test_every_transfer_has_two_accounts_of_one_book_and_a_positive_amount(history):
    treasury = {"receivable", "cash", "payee", "clawback_due"}
    for one in played(history).recorded.values():
        stages = [code.split(":")[1] for code in (one.debit, one.credit)]
        assert one.amount_cents > 0
        assert one.debit != one.credit
        assert len({stage in treasury for stage in stages}) == 1


@given(histories)
def test_debits_equal_credits_posted_and_held_after_every_block(history):
    ledger = Kept()
    for batch in history:
        ledger.post(batch)
        all_of = ledger.balances.values()
        assert sum(b.debits_posted for b in all_of) == sum(b.credits_posted for b in all_of)
        assert sum(b.debits_pending for b in all_of) == sum(b.credits_pending for b in all_of)


@given(histories)
def test_what_was_pledged_is_the_sum_of_all_stages(history):
    held = played(history).held()

    staged = sum(cents for code, cents in held.items() if code.split(":")[1] in STAGES)

    assert -held.get("region:pledged", 0) == staged


@given(histories)
def test_no_stage_goes_below_zero_holds_included(history):
    for one in played(history).balances.values():
        if one.code.split(":")[1] not in CONTRA:
            assert one.free_cents >= 0, one


@given(histories)
def test_the_treasury_pays_what_the_commitments_say(history):
    held = played(history).held()

    assert held.get("region:payee", 0) == held.get("region:paid", 0)
    assert held.get("region:cash", 0) >= 0


@given(histories)
def test_a_history_sent_again_answers_the_same_and_changes_nothing(history):
    ledger = Kept()
    answers = [ledger.post(batch) for batch in history]
    before, lines = dict(ledger.balances), list(ledger.lines)

    for batch, first in zip(history, answers, strict=True):
        for act, answer in zip(batch, first, strict=True):
            if answer.status == "posted" and not act.linked:
                assert ledger.post([act])[0].status == "exists"

    assert (ledger.balances, ledger.lines) == (before, lines)


@given(histories)
def test_balances_and_sums_are_what_a_replay_gives(history):
    ledger = played(history)

    balances: dict[str, Balance] = {}
    tallies: dict = {}
    for one in ledger.recorded.values():
        hold = ledger.recorded.get(one.pending_id) if one.pending_id else None
        pending, posted = {
            "hold": (one.amount_cents, 0),
            "post": (-(hold.amount_cents if hold else 0), one.amount_cents),
            "void": (-(hold.amount_cents if hold else 0), 0),
        }.get(one.phase, (0, one.amount_cents))
        debit = balances.get(one.debit, Balance(one.debit))
        credit = balances.get(one.credit, Balance(one.credit))
        balances[one.debit] = msgspec.structs.replace(
            debit,
            debits_pending=debit.debits_pending + pending,
            debits_posted=debit.debits_posted + posted,
        )
        balances[one.credit] = msgspec.structs.replace(
            credit,
            credits_pending=credit.credits_pending + pending,
            credits_posted=credit.credits_posted + posted,
        )
        for tally, cents in (*effects(one, hold), *sums.effects(one, hold, NONE)):
            tallies[tally] = tallies.get(tally, 0) + cents

    used = {code: one for code, one in balances.items() if one != Balance(code)}
    assert used == {code: one for code, one in ledger.balances.items() if one != Balance(code)}
    assert {name: cents for name, cents in tallies.items() if cents} == {
        name: cents for name, cents in ledger.tallies.items() if cents
    }
    assert min(tallies.values()) >= 0


@given(histories)
def test_an_auditor_who_has_the_journal_alone_agrees(history):
    ledger = played(history)

    found = audit(ledger.lines)

    assert isinstance(found, Audited), found
    assert (found.blocks, found.head) == (ledger.head[0], ledger.head[1].hex())
    assert found.transfers == len(ledger.recorded)


@given(histories, st.randoms())
def test_an_auditor_sees_any_amount_that_was_changed(history, random):
    lines = played(history).lines
    places = [n for n, line in enumerate(lines) if b'"type":"transfer"' in line]
    chosen = random.choice(places)
    before, _, after = lines[chosen].partition(b'"amount_cents":')
    lines[chosen] = before + b'"amount_cents":1' + after  # 100 becomes 1100.

    assert not isinstance(audit(lines), Audited)


@given(histories)
def test_batches_cut_otherwise_give_the_same_ledger(history):
    whole, apart = Kept(), Kept()
    for batch in history:
        whole.post(batch)
        group: list[TransferAsked] = []
        for act in batch:
            group.append(act)
            if not act.linked:
                apart.post(group)
                group = []
        apart.post(group)

    assert apart.balances == whole.balances
    assert apart.recorded == whole.recorded
