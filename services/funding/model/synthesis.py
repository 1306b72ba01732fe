"""The financial synthesis of a governance's roadmaps, as the national tool of the field counts it.

A request counts for what its services and staff were asked for, and as granted only once accepted;
co-funders and recipients are counted once, however many actions they are in.
"""

from collections.abc import Iterable, Sequence

import msgspec

from contracts.http.funding.requests import RequestState


class Request(msgspec.Struct, frozen=True):
    """What an action asks a programme for: services bought and staff, in cents."""

    state: RequestState
    services: int
    staff: int
    is_training: bool = False

    @property
    def asked(self) -> int:
        """All that is asked for."""
        return self.services + self.staff

    @property
    def granted(self) -> int:
        """What is asked for once accepted, nothing before."""
        return self.asked if self.state is RequestState.ACCEPTED else 0


class ActionMoney(msgspec.Struct, frozen=True):
    """An action's budget, who is to receive it, what co-funders bring and what it asks for."""

    budget: int
    recipients: frozenset[str] = frozenset()
    cofunding: Sequence[tuple[str, int]] = ()
    requests: Sequence[Request] = ()


class Synthesis(msgspec.Struct, frozen=True):
    """The figures of one action, of a roadmap or of a whole governance."""

    budget: int = 0
    cofunding: int = 0
    cofunders: int = 0
    recipients: int = 0
    asked: int = 0
    granted: int = 0
    granted_training: int = 0


def synthesis(actions: Iterable[ActionMoney]) -> Synthesis:
    """Return the synthesis of some actions; bodies that are in several count once."""
    told = list(actions)
    requests = [request for one in told for request in one.requests]
    brought = [share for one in told for share in one.cofunding]
    return Synthesis(
        budget=sum(one.budget for one in told),
        cofunding=sum(amount for _, amount in brought),
        cofunders=len({funder for funder, _ in brought}),
        recipients=len({recipient for one in told for recipient in one.recipients}),
        asked=sum(one.asked for one in requests),
        granted=sum(one.granted for one in requests),
        granted_training=sum(one.granted for one in requests if one.is_training),
    )
