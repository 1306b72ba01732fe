"""The table of acts: complete, and leading from the pledge to the payment."""

from contracts.http.funding import TransferAsked, TransferKind
from services.funding.errors import euros
from services.funding.model.kinds import CONTRA, KINDS, REACHED_BY, STAGES, account, place
from tests.unit.funding.known import asked


def test_every_kind_of_act_has_its_rule():
    assert set(KINDS) == set(TransferKind)


def test_every_field_an_act_needs_is_a_field_of_the_contract():
    for rule in KINDS.values():
        assert set(rule.needs) <= set(TransferAsked.__struct_fields__)


def test_every_stage_is_entered_by_one_act_and_left_by_the_next():
    assert list(REACHED_BY) == list(STAGES)
    before = "pledged"
    for stage in STAGES:
        rule = KINDS[REACHED_BY[stage]]
        if rule.debit and stage != "awarded":  # An award draws on the earmark or on what is free.
            assert rule.debit.partition(":")[0] in {before, "available"}
            assert rule.credit.partition(":")[0] == stage
        before = stage
    assert CONTRA.isdisjoint(STAGES)


def test_the_code_of_an_account_says_its_fund_stage_action_and_payee():
    act = asked("commit", action="itinerance", payee="transporteur")

    code = account("bus", KINDS[TransferKind.COMMIT].credit, act)

    assert code == "bus:committed:itinerance:transporteur"
    assert place(code).payee == "transporteur"
    assert place(code).french == "engagé pour « itinerance »"


def test_an_amount_is_written_in_french():
    assert euros(123_456) == "1\u202f234,56\u00a0€"
    assert euros(5) == "0,05\u00a0€"
    assert euros(-(10**9)) == "-10\u202f000\u202f000,00\u00a0€"
