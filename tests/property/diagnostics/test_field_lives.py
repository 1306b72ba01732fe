"""Whatever is asked, in whatever order, nothing is ever in a state that no rule leads to."""

from datetime import date, timedelta
from uuid import UUID

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from contracts.http.diagnostics.elements import ElementState
from contracts.http.diagnostics.surveys import CampaignState, Question
from contracts.http.diagnostics.visits import VisitState
from services.chassis.errors import Refusal
from services.diagnostics.model import elements, surveys, visits

FIRST, TODAY = date(2026, 1, 10), date(2026, 6, 1)
PROOFS = [UUID(int=number) for number in range(1, 4)]
DAYS = st.dates(min_value=FIRST - timedelta(days=30), max_value=TODAY + timedelta(days=30))


class ElementLife(RuleBasedStateMachine):
    """An element to which any step is asked, on any evidence, on any day."""

    def __init__(self):
        super().__init__()
        self.attached: set[UUID] = set()
        self.taken: list[elements.StepRow] = []
        self.element = elements.ElementRow(
            *("c", UUID(int=9), "Risque", "housing", "seniors", ["31254"], "INDICATOR", "ifn"),
            *("7,2", "Mednum", "2024", FIRST, "sicoval", "RISK_OBSERVED", FIRST),
        )

    @rule(proof=st.sampled_from(PROOFS))
    def attach(self, proof):
        self.attached.add(proof)

    @rule(
        state=st.sampled_from(ElementState),
        day=DAYS,
        evidence=st.lists(st.sampled_from(PROOFS), unique=True),
        campaign=st.none() | st.just(UUID(int=7)),
    )
    def step(self, state, day, evidence, campaign):
        asked = elements.StepRow(
            *("c", UUID(int=8), self.element.element_id, state.value, day, "sicoval", "Comité"),
            *(campaign, evidence, "Une raison"),
        )
        before = self.element
        try:
            after = elements.must_go_on(before, asked, attached=self.attached, today=TODAY)
        except Refusal:
            return
        assert after != before
        assert (
            msgspec.structs.replace(after, state=before.state, changed_on=before.changed_on)
            == before
        ), "a step changes the state and its day alone"
        self.element = after
        self.taken.append(asked)

    @invariant()
    def its_history_is_one_the_rules_allow(self):
        path = [step.state for step in self.taken]
        assert path in (
            [],
            ["SURVEYED"],
            ["SURVEYED", "QUALIFIED"],
            ["SURVEYED", "REFUTED"],
        )
        assert self.element.state == (path[-1] if path else "RISK_OBSERVED")
        days = [FIRST, *(step.decided_on for step in self.taken)]
        assert days == sorted(days)
        assert days[-1] <= TODAY
        for step in self.taken:
            assert set(step.evidence) <= self.attached
            assert step.evidence or (step.state == "SURVEYED" and step.campaign)


class CampaignLife(RuleBasedStateMachine):
    """A campaign that is asked to move anywhere, on any day."""

    def __init__(self):
        super().__init__()
        asked = [
            Question(question="ease", text="À l'aise ?", topic="SKILLS", kind="SCALE", scale_max=4)
        ]
        self.campaign = surveys.CampaignRow(
            *("c", UUID(int=1), "Enquête", "la-poste", "TERRITORY", None, ["31254"]),
            *(FIRST, TODAY, 11, msgspec.json.encode(asked).decode(), "DRAFT", None, None),
        )

    @rule(state=st.sampled_from(CampaignState), day=DAYS)
    def move(self, state, day):
        try:
            self.campaign = surveys.moved(self.campaign, state, day, today=TODAY)
        except Refusal:
            return

    @invariant()
    def its_days_say_its_state(self):
        opened, closed = self.campaign.opened_on, self.campaign.closed_on
        expected = "CLOSED" if closed else "OPEN" if opened else "DRAFT"
        assert self.campaign.state == expected
        assert closed is None or (opened is not None and opened <= closed <= TODAY)


class VisitLife(RuleBasedStateMachine):
    """A visit that is reported and cancelled in any order."""

    def __init__(self):
        super().__init__()
        self.visit = visits.VisitRow("c", UUID(int=1), "31254", FIRST, "PLANNED", None, [], [])
        self.states = [VisitState.PLANNED]

    def become(self, change):
        try:
            after = change()
        except Refusal:
            return
        if after.state != self.visit.state:
            self.states.append(VisitState(after.state))
        self.visit = after

    @rule(day=DAYS, met=st.lists(st.sampled_from(["MAYOR", "CCAS"]), min_size=1))
    def report(self, day, met):
        self.become(lambda: visits.reported(self.visit, day, met=met, needs=[], today=TODAY))

    @rule()
    def cancel(self):
        self.become(lambda: visits.cancelled(self.visit))

    @invariant()
    def it_ends_once(self):
        assert len(self.states) <= 2
        assert (self.visit.done_on is not None) == (self.visit.state == "DONE")
        assert bool(self.visit.met) == (self.visit.state == "DONE")


TestElementLife = ElementLife.TestCase
TestCampaignLife = CampaignLife.TestCase
TestVisitLife = VisitLife.TestCase
