"""What each partner may be delivered follows from the agreements of the day."""

from datetime import date
from uuid import uuid4

from services.exchange.jobs import durables
from services.exchange.model import Agreement

UPDATED = "fr.ctin.diagnostics.area_updated.v1"
DAY = date(2026, 6, 1)


def agreement(**changes) -> Agreement:
    told = {
        "agreement_id": uuid4(),
        "coordination": "sicoval",
        "institution": "la-poste",
        "purposes": ["shared_diagnostic"],
        "publishes": [],
        "receives": [UPDATED],
        "areas": ["_all"],
        "threshold": 11,
        "valid_from": date(2026, 1, 1),
        "valid_until": date(2026, 12, 31),
        "reference": "convention",
        **changes,
    }
    return Agreement(**told)


def test_an_agreement_opens_its_coordination_alone():
    found = durables(["la-poste"], [agreement()], today=DAY)
    assert found == {
        "la-poste-answers": [
            "out.la-poste.*.need_followed.v1",
            "out.la-poste.*.signal_accepted.v1",
            "out.la-poste.*.signal_refused.v1",
            "out.la-poste.*.signals_answered.v1",
        ],
        "la-poste-updates": ["pub.diagnostics.sicoval.*.area_updated.v1"],
    }


def test_areas_are_delivered_one_by_one():
    found = durables(["la-poste"], [agreement(areas=["31113", "31446"])], today=DAY)
    assert found["la-poste-updates"] == [
        "pub.diagnostics.sicoval.c31113.area_updated.v1",
        "pub.diagnostics.sicoval.c31446.area_updated.v1",
    ]


def test_an_agreement_that_is_over_or_not_begun_opens_nothing():
    for day in (date(2025, 12, 31), date(2027, 1, 1)):
        found = durables(["la-poste"], [agreement()], today=day)
        assert "la-poste-updates" not in found


def test_an_internal_fact_or_another_partner_s_is_never_delivered():
    internal = agreement(receives=["fr.ctin.exchange.signals_received.v1"])
    other = agreement(institution="caf-31")
    assert "la-poste-updates" not in durables(["la-poste"], [internal, other], today=DAY)
