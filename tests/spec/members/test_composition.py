"""Who a committee needs, and whose roles leave a vote, as tables."""

import pytest

from contracts.events.members import CommitteeType, SeatKind
from services.members.model import committees, seats

# type          | holders                             | missing
COMPOSITIONS = """
    PROJECT_GROUP | -                                 | ELECTED TECHNICAL OPERATOR
    PROJECT_GROUP | ELECTED                           | TECHNICAL OPERATOR
    PROJECT_GROUP | ELECTED ELECTED TECHNICAL TECHNICAL | OPERATOR
    PROJECT_GROUP | ELECTED OPERATOR CITIZEN          | TECHNICAL
    PROJECT_GROUP | TECHNICAL OPERATOR                | ELECTED
    PROJECT_GROUP | ELECTED TECHNICAL OPERATOR        | -
    STRATEGIC     | ELECTED TECHNICAL OPERATOR        | CITIZEN
    STRATEGIC     | CITIZEN                           | -
    STEERING      | -                                 | -
    TECHNICAL     | -                                 | -
    CONSULTATIVE  | -                                 | -
"""

# roles                     | votes
VOTES = """
    -                       | yes
    LEAD                    | yes
    CO_LEAD                 | yes
    CO_FUNDER               | yes
    ADVISER                 | no
    OBSERVER                | no
    ADVISER OBSERVER        | no
    LEAD OBSERVER           | yes
    CO_FUNDER ADVISER       | yes
"""


def cells(line):
    """Return the cells of a row, each a list of words, empty for a dash."""
    return [[word for word in cell.split() if word != "-"] for cell in line.split("|")]


@pytest.mark.parametrize("line", COMPOSITIONS.strip().splitlines())
def test_a_committee_lacks_the_kinds_that_its_type_needs_and_nobody_holds(line):
    (kind,), holders, missing = cells(line)
    held = {SeatKind(one): holders.count(one) for one in holders}

    gaps = committees.missing(CommitteeType(kind), held)

    assert gaps == [SeatKind(one) for one in missing]
    assert len(committees.said(gaps)) == len(gaps)


@pytest.mark.parametrize("line", VOTES.strip().splitlines())
def test_a_member_that_only_advises_or_observes_has_no_vote(line):
    roles, (votes,) = cells(line)

    assert seats.votes(roles) is (votes == "yes")


def test_every_type_of_committee_says_who_it_needs():
    assert committees.NEEDED.keys() == set(CommitteeType)
    assert committees.SAID.keys() == set(SeatKind)
