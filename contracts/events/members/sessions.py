"""Facts about sessions, proxies and committees that do not meet; none names a person."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.envelope import Fact
from contracts.values import Label, Slug

Hash = Annotated[
    str, Meta(pattern="^[0-9a-f]{64}$", description="SHA-256 of a text, in hexadecimal.")
]


class AgendaKind(StrEnum):
    """What is expected of an item of the agenda."""

    INFORMATION = "INFORMATION"
    DEBATE = "DEBATE"
    VOTE = "VOTE"
    RECORDED = "RECORDED"


class OutputKind(StrEnum):
    """What came out of a session, and for whom.

    A need is for the diagnostic, an action for the roadmap, a strategy for who leads; an
    orientation says where inhabitants are sent.
    """

    NEED = "NEED"
    ACTION = "ACTION"
    STRATEGY = "STRATEGY"
    ORIENTATION = "ORIENTATION"


class AgendaEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One item of an agenda."""

    item_id: UUID
    title: Label
    kind: AgendaKind


Agenda = Annotated[list[AgendaEntry], Meta(min_length=1, max_length=50)]


class _SessionFact(Fact, frozen=True, kw_only=True):
    """What is about one session; facts of a session reach a consumer in order."""

    session_id: UUID

    @property
    def aggregate(self) -> str:
        """The session."""
        return str(self.session_id)


class SessionConvened(_SessionFact, frozen=True, kw_only=True):
    """A committee, or the colleges when there is none, are called together.

    A second call names the first one, which had no quorum, and has its agenda.
    """

    TYPE: ClassVar[str] = "fr.ctin.members.session_convened.v1"

    committee: Slug | None = None
    title: Label
    starts_at: datetime
    call: Annotated[int, Meta(ge=1, le=2)]
    first_call: UUID | None = None
    agenda: Agenda


class AgendaChanged(_SessionFact, frozen=True, kw_only=True):
    """The agenda of a session that has not begun is another one."""

    TYPE: ClassVar[str] = "fr.ctin.members.agenda_changed.v1"

    agenda: Agenda


class SessionHeld(_SessionFact, frozen=True, kw_only=True):
    """A session took place; its minutes are the text that hashes to `minutes_sha256`."""

    TYPE: ClassVar[str] = "fr.ctin.members.session_held.v1"

    committee: Slug | None = None
    held_on: date
    minutes_sha256: Hash


class SessionLackedQuorum(_SessionFact, frozen=True, kw_only=True):
    """A session could not deliberate; a second call may follow, with the same agenda."""

    TYPE: ClassVar[str] = "fr.ctin.members.session_lacked_quorum.v1"

    committee: Slug | None = None
    found_on: date


class SessionCancelled(_SessionFact, frozen=True, kw_only=True):
    """A session that was convened will not take place."""

    TYPE: ClassVar[str] = "fr.ctin.members.session_cancelled.v1"

    reason: Label


class MinutesCorrected(_SessionFact, frozen=True, kw_only=True):
    """A version of the minutes replaces another one, which stays readable."""

    TYPE: ClassVar[str] = "fr.ctin.members.minutes_corrected.v1"

    version: Annotated[int, Meta(ge=2, le=100)]
    minutes_sha256: Hash
    corrects_sha256: Hash


class ProxyGiven(_SessionFact, frozen=True, kw_only=True):
    """A member votes for another of its college, for one session; both are members."""

    TYPE: ClassVar[str] = "fr.ctin.members.proxy_given.v1"

    giver: UUID
    holder: UUID
    given_on: date


class ProxyRevoked(_SessionFact, frozen=True, kw_only=True):
    """A proxy no longer counts."""

    TYPE: ClassVar[str] = "fr.ctin.members.proxy_revoked.v1"

    giver: UUID
    holder: UUID
    revoked_on: date


class CommitteeIsLate(Fact, frozen=True, kw_only=True):
    """A committee did not meet by `due_on`, as its own frequency says; told once per period."""

    TYPE: ClassVar[str] = "fr.ctin.members.committee_is_late.v1"

    committee: Slug
    due_on: date
    last_met_on: date | None = None
    missed_periods: Annotated[int, Meta(ge=1)]

    @property
    def aggregate(self) -> str:
        """The rhythm of the committee, in its coordination."""
        return f"{self.coordination}/{self.committee}/rhythm"


class SessionOutputRecorded(_SessionFact, frozen=True, kw_only=True):
    """Something came out of a session: a need, an action, a strategy or an orientation."""

    TYPE: ClassVar[str] = "fr.ctin.members.session_output_recorded.v1"

    output_id: UUID
    committee: Slug | None = None
    kind: OutputKind
    text: Label
    concerns: Label | None = None
