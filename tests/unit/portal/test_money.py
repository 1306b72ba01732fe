"""The pool as the pages show it."""

import pytest

from contracts.http.funding import Custody, FunderLevel, FundFigures, Pool, Stages
from services.portal.model import money


def fund(slug, funder="etat", **figures):
    return FundFigures(
        id=slug,
        name=slug.title(),
        funder=funder,
        funder_name=funder.title(),
        level=FunderLevel.STATE,
        custody=Custody.POOLED,
        stages=Stages(**figures.get("stages", {})),
        reached=Stages(**figures.get("reached", {})),
        received=figures.get("received", 0),
        left=figures.get("left", 0),
    )


def test_the_nine_stages_are_shown_in_the_order_of_the_funnel():
    """Each stage of the contract is on the page, and no other."""
    lines = money.stage_lines(Stages(), Stages())

    assert [line.code for line in lines] == list(Stages.__struct_fields__)


def test_bars_are_to_one_scale_and_what_is_not_zero_is_seen():
    """A cent in a pool of millions still has a bar; nothing has none."""
    assert money.bar(0, 100) == 0
    assert money.bar(50, 100) == money.BAR_WIDTH // 2
    assert money.bar(1, 10**9) > 0
    assert money.bar(100, 100) == money.BAR_WIDTH


def test_a_stage_below_zero_has_no_bar():
    """The ledger forbids it; a drawing must not fail on it."""
    assert money.bar(-5, 100) == 0


def test_the_funds_of_one_funder_are_one_line():
    """A reader asks what the State gave, whatever the conventions."""
    pool = Pool(
        as_of=None,
        stages=Stages(),
        reached=Stages(),
        received=0,
        left=0,
        funding_gap=0,
        funds=[
            fund(
                "poste", reached={"promised": 10, "available": 8, "awarded": 3}, received=2, left=5
            ),
            fund("bus", funder="region", reached={"promised": 7}),
            fund("deux", reached={"promised": 1, "available": 1, "awarded": 1}, received=1, left=0),
        ],
    )

    state, region = money.funder_lines(pool)

    assert (state.name, state.promised_cents, state.agreed_cents) == ("Etat", 11, 9)
    assert (state.received_cents, state.awarded_cents, state.left_cents) == (3, 4, 5)
    assert (region.promised_cents, region.agreed_cents) == (7, 0)


@pytest.mark.parametrize("custody", Custody)
def test_every_custody_has_its_french(custody):
    """Much money never enters the pool: the page says where it is, for each kind."""
    assert money.CUSTODIES[custody]
