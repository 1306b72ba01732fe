"""The financial synthesis, against the vectors recorded from the field's own tool."""

import json

import pytest

from contracts.http.funding.requests import RequestState
from services.funding.model.synthesis import ActionMoney, Request, synthesis
from tests.conftest import real_data

NAMES = {
    "budget": "budget",
    "cofunding": "coFinancement",
    "cofunders": "coFinanceurs",
    "recipients": "beneficiaires",
    "asked": "financementDemande",
    "granted": "financemenTotalAccorde",  # Recorded as the tool writes it.
    "granted_training": "financementFormationAccorde",
}


STATES = {
    "deposee": RequestState.SUBMITTED,
    "enCours": RequestState.ONGOING,
    "acceptee": RequestState.ACCEPTED,
    "refusee": RequestState.REFUSED,
}


def money(action):
    asked = action.get("subvention")
    return ActionMoney(
        budget=action["budgetGlobal"],
        recipients=frozenset(one["uid"] for one in action["beneficiaires"]),
        cofunding=[(one["coFinanceur"]["uid"], one["montant"]) for one in action["coFinancements"]],
        requests=[
            Request(
                STATES[asked["statut"]],
                asked["montants"]["prestation"],
                asked["montants"]["ressourcesHumaines"],
                asked["isFormation"],
            )
        ]
        if asked
        else [],
    )


def same(found, expected):
    told = {theirs: getattr(found, ours) for ours, theirs in NAMES.items()}
    assert told == {name: expected[name] for name in NAMES.values()}


@pytest.mark.real_data
def test_the_fifteen_vectors_of_the_field_s_tool_hold_at_each_level():
    vectors = json.loads((real_data() / "gouvernance/synthese_financiere_vectors.json").read_text())

    assert len(vectors) == 15
    for vector in vectors:
        roadmaps = vector["input"]["feuillesDeRoute"]
        every = [[money(action) for action in roadmap["actions"]] for roadmap in roadmaps]
        same(synthesis(one for actions in every for one in actions), vector["expected"])
        for actions, expected in zip(every, vector["expected"]["feuillesDeRoute"], strict=True):
            same(synthesis(actions), expected)
            for action, of_action in zip(actions, expected["actions"], strict=True):
                same(synthesis([action]), of_action)


def test_a_request_is_granted_only_once_accepted():
    for state in RequestState:
        found = synthesis([ActionMoney(10, requests=[Request(state, 4, 3)])])

        assert (found.asked, found.granted) == (7, 7 if state is RequestState.ACCEPTED else 0)
