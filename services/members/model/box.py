"""The ballot box of a resolution: what it takes, in which order, and why it refuses the rest."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.events.members.votes import Choice
from services.members.errors.votes import (
    BallotDiffers,
    BallotIsAnothers,
    MemberIsRecused,
    NotOnTheRoll,
    ProxyIsNotGood,
    VoteIsClosed,
)
from services.members.model.votes import (
    BallotRow,
    KnownBallot,
    ProxyRow,
    ResolutionRow,
    VoterRow,
)

Pair = tuple[UUID, UUID]
"""Giver and holder of a proxy."""


class AskedBallot(msgspec.Struct, frozen=True, kw_only=True):
    """A ballot as it comes; `speaks_for` is the one organisation its bearer may vote for."""

    ballot_id: UUID
    member: UUID
    choice: Choice
    holder: UUID | None = None
    speaks_for: str | None = None
    speaks_for_all: bool = False


class Taken(msgspec.Struct, frozen=True):
    """A ballot that is in the box, and whether it was there before."""

    row: BallotRow
    is_new: bool


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is in the database about the ballots that come and their members."""

    resolution: ResolutionRow
    closed_at: datetime | None
    """Since when nothing is received; None while the vote is open."""
    proxies_max: int
    roll: Mapping[UUID, VoterRow]
    ballots: Mapping[UUID, KnownBallot]
    in_person: set[UUID]
    used: set[Pair]
    proxies: Mapping[UUID, ProxyRow]


class Box:
    """Takes ballots one after another; what it took already counts for those that follow."""

    def __init__(self, known: Known, *, at: datetime) -> None:
        """Go on from what is known, at an instant of the vote."""
        self._known, self._at = known, at
        self._ballots = dict(known.ballots)
        self._in_person, self._used = set(known.in_person), set(known.used)
        self.last_seq = known.resolution.last_seq
        self.cast: list[BallotRow] = []
        self.proxies: list[ProxyRow] = []
        """Proxies used for the first time, in order."""

    def put(self, asked: AskedBallot) -> Taken:
        """Take a ballot, or find the one its id names; again, nothing changes.

        Raises:
            NotOnTheRoll: its member, or the one that holds the proxy, is not on the roll.
            BallotIsAnothers: its bearer votes for another organisation.
            BallotDiffers: the id names a ballot with another content.
            VoteIsClosed: too late.
            MemberIsRecused: its member, or the one that holds the proxy, left the roll.
            ProxyIsNotGood: no proxy holds between the two.
        """
        self._must_be_theirs(asked)
        found = self._ballots.get(asked.ballot_id)
        if found is not None:
            return self._again(asked, found)
        if self._known.closed_at is not None:
            raise VoteIsClosed(self._known.closed_at.isoformat())
        for one in self._ends(asked):
            if self._known.roll[one].recusal is not None:
                raise MemberIsRecused(one)
        if asked.holder is None:
            self._in_person.add(asked.member)
        else:
            self._must_hold(asked.member, asked.holder)
            self._use(asked.member, asked.holder)
        return Taken(self._add(asked), is_new=True)

    def _ends(self, asked: AskedBallot) -> Iterable[UUID]:
        return (asked.member,) if asked.holder is None else (asked.member, asked.holder)

    def _must_be_theirs(self, asked: AskedBallot) -> None:
        for field, one in zip(("member", "holder"), self._ends(asked), strict=False):
            if one not in self._known.roll:
                raise NotOnTheRoll(field, one)
        voter = self._known.roll[asked.holder or asked.member]
        if not asked.speaks_for_all and voter.organization != asked.speaks_for:
            raise BallotIsAnothers(voter.member_id)

    def _again(self, asked: AskedBallot, found: KnownBallot) -> Taken:
        same = (self._known.resolution.resolution_id, asked.member, asked.holder, asked.choice)
        if (found.resolution_id, found.member_id, found.holder_id, found.choice) != same:
            raise BallotDiffers(asked.ballot_id)
        return Taken(_row(found), is_new=False)

    def _must_hold(self, giver: UUID, holder: UUID) -> None:
        if self._known.resolution.session_id is None:
            raise ProxyIsNotGood(
                "Une procuration vaut pour une séance, et la résolution n'en a pas."
            )
        proxy = self._known.proxies.get(giver)
        if proxy is None or proxy.holder != holder:
            raise ProxyIsNotGood(
                f"Le membre {giver} n'a pas donné procuration à {holder} pour cette séance, "
                "ou l'a reprise."
            )
        if giver in self._in_person:
            raise ProxyIsNotGood(
                f"Le membre {giver} a voté lui-même : sa procuration ne vaut plus pour ce vote."
            )
        if self._known.roll[giver].college != self._known.roll[holder].college:
            raise ProxyIsNotGood("Une procuration se donne à un membre du même collège.")
        passes_on = holder in self._known.proxies or any(one == holder for one, _ in self._used)
        if passes_on or any(one == giver for _, one in self._used):
            raise ProxyIsNotGood(
                "Qui a donné procuration ne porte pas celle d'un autre : "
                "une procuration ne se transmet pas."
            )
        held = {one for one, other in self._used if other == holder} | {giver}
        if len(held) > self._known.proxies_max:
            raise ProxyIsNotGood(
                f"Le membre {holder} porte déjà {self._known.proxies_max} procurations, "
                "le plus que le règlement admet."
            )

    def _use(self, giver: UUID, holder: UUID) -> None:
        if (giver, holder) not in self._used:
            self._used.add((giver, holder))
            self.proxies.append(self._known.proxies[giver])

    def _add(self, asked: AskedBallot) -> BallotRow:
        self.last_seq += 1
        row = BallotRow(
            seq=self.last_seq,
            ballot_id=asked.ballot_id,
            member_id=asked.member,
            holder_id=asked.holder,
            choice=asked.choice.value,
            cast_at=self._at,
        )
        self.cast.append(row)
        self._ballots[row.ballot_id] = KnownBallot(
            self._known.resolution.resolution_id, *msgspec.structs.astuple(row)
        )
        return row


def _row(found: KnownBallot) -> BallotRow:
    return BallotRow(*msgspec.structs.astuple(found)[1:])
