"""The French of what services exchange."""

from datetime import UTC, datetime

import pytest

from contracts.events.diagnostics import FigureStatus
from contracts.events.roadmap import ActionCategory
from contracts.events.signals import ExposureCount, ReportedNeed, Unit
from contracts.http.exchange import PartnerStatus, SignalStatus
from contracts.http.members import MemberRole, MemberState
from contracts.http.roadmap import SheetState
from contracts.values import College, TerritoryLevel
from services.portal.model import words
from services.portal.model.answers import Known

AT = datetime(2026, 3, 4, 8, 5, tzinfo=UTC)


def partner(**said):
    known = {
        "institution": "caf-31",
        "name": "CAF",
        "last_seen_at": None,
        "kept": 0,
        "accepted": 0,
        "refused": {},
        "agreements": 1,
        "follows": [],
        "lag": None,
    }
    return PartnerStatus(**(known | said))


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (words.COLLEGES, College),
        (words.LEVELS, TerritoryLevel),
        (words.CATEGORIES, ActionCategory),
        (words.SHEET_STATES, SheetState),
        (words.STATUSES, FigureStatus),
        (words.SIGNAL_STATUSES, SignalStatus),
        (words.MEMBER_ROLES, MemberRole),
        (words.MEMBER_STATES, MemberState),
        (words.UNITS, Unit),
    ],
)
def test_every_code_of_the_contracts_has_its_french(table, codes):
    """A new code reaches a page only with its word."""
    assert set(table) == set(codes)


@pytest.mark.parametrize("signal", [ExposureCount, ReportedNeed])
def test_both_families_of_signals_have_a_name(signal):
    """Whether the kind is the whole type or the fact's name alone."""
    kind = signal.TYPE.split(".")[3]

    assert words.family(signal.TYPE) == words.family(kind)
    assert words.family(kind) != kind


@pytest.mark.parametrize(
    ("code", "read"),
    [
        ("31446", "Ramonville-Saint-Agne"),
        ("314460102", "Ramonville-Saint-Agne, IRIS 314460102"),
        ("75056", "75056"),
        (None, "territoire illisible"),
    ],
)
def test_a_place_is_named_where_its_commune_is_known(code, read):
    """An IRIS starts with the code of its commune."""
    assert words.area(code, {"31446": "Ramonville-Saint-Agne"}) == read


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({"follows": ["x"], "lag": 3, "refused": {"E_SMALL": 1}}, "late"),
        ({"accepted": 9, "refused": {"E_SMALL": 1}}, "check"),
        ({"follows": ["x"], "lag": None}, "silent"),
        ({}, "silent"),
        ({"accepted": 9}, "well"),
        ({"follows": ["x"], "lag": 0}, "well"),
    ],
)
def test_a_partner_s_health_says_the_worst_first(said, state):
    """Updates that wait matter more than refusals, refusals more than silence."""
    assert words.health(partner(**said))[0] == state


def test_an_old_answer_says_since_when():
    """The reader knows that the figure is not fresh, and how old it is."""
    old = Known(service="du diagnostic", value=1, at=AT, trouble="ne répond pas")

    assert old.notice == (
        "Le service du diagnostic ne répond pas ; dernière valeur connue à 09:05."
    )


def test_no_answer_says_that_there_is_none():
    """Nothing was ever known: no figure is invented."""
    none = Known(service="des membres", trouble="ne répond pas")

    assert (
        none.notice == "Le service des membres ne répond pas ; aucune valeur n'est encore connue."
    )


def test_a_fresh_answer_says_nothing():
    """No warning over figures that are fresh."""
    assert Known(service="des membres", value=1, at=AT).notice is None
