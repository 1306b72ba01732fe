"""Every fact says what it is about, so that consumers get what is about one thing in order."""

from typing import ClassVar

import pytest

from contracts.envelope import Fact
from contracts.events import BY_TYPE


def test_a_fact_without_an_aggregate_is_not_even_declared():
    with pytest.raises(TypeError, match="SomethingHappened must say its aggregate"):

        class SomethingHappened(Fact, frozen=True, kw_only=True):
            TYPE: ClassVar[str] = "fr.ctin.members.something_happened.v1"


def test_what_several_facts_share_may_leave_it_to_them():
    class Happened(Fact, frozen=True, kw_only=True):
        count: int

    class SomethingHappened(Happened, frozen=True, kw_only=True):
        TYPE: ClassVar[str] = "fr.ctin.members.something_happened.v1"

        @property
        def aggregate(self) -> str:
            return str(self.count)

    assert SomethingHappened(coordination="sicoval", count=2).aggregate == "2"


def test_every_fact_has_a_documented_aggregate_of_its_own():
    assert all(fact.aggregate is not Fact.aggregate for fact in BY_TYPE.values())
    assert [name for name, fact in BY_TYPE.items() if not fact.aggregate.__doc__] == []
