"""Events published by the exchange service, and its answers to institutions."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.envelope import Fact
from contracts.events.exchange.access import PartnerKeysChanged, PublicKey, SandboxOpened
from contracts.events.exchange.feeds import Heartbeat
from contracts.events.exchange.needs import NeedFollowed
from contracts.events.signals import AnySignal, ExposureCount, InSeq, ReportedNeed, SignalWithdrawn
from contracts.values import CoordinationSlug, InstitutionSlug

__all__ = [
    "Answer",
    "Heartbeat",
    "InSeq",
    "NeedFollowed",
    "PartnerKeysChanged",
    "PublicKey",
    "SandboxOpened",
    "SignalAccepted",
    "SignalReceived",
    "SignalRefused",
    "SignalsAnswered",
    "SignalsReceived",
]


class SignalReceived(msgspec.Struct, frozen=True, kw_only=True):
    """A signal that passed the checks of key, contract, agreement and personal data.

    Exactly one of `exposure`, `need` and `withdrawal` is given. `threshold` is the smallest count
    that its agreement or licence lets through, and `label` how its source is shown.
    """

    coordination: CoordinationSlug
    receipt: UUID
    ce_id: str
    institution: InstitutionSlug
    in_seq: InSeq
    received_at: datetime
    threshold: Annotated[int, Meta(ge=1)]
    label: str
    exposure: ExposureCount | None = None
    need: ReportedNeed | None = None
    withdrawal: SignalWithdrawn | None = None

    @property
    def signal(self) -> AnySignal:
        """The one signal that was received."""
        found = self.exposure or self.need or self.withdrawal
        assert found is not None, "a received signal is of one family"
        return found


class SignalsReceived(Fact, frozen=True, kw_only=True):
    """Signals of one institution passed the checks of the edge, in the order they came."""

    TYPE: ClassVar[str] = "fr.ctin.exchange.signals_received.v1"

    institution: InstitutionSlug
    signals: Annotated[list[SignalReceived], Meta(min_length=1, max_length=60)]

    @property
    def aggregate(self) -> str:
        """The group itself, named by its first receipt: groups do not wait on one another."""
        return f"{self.institution}/{self.signals[0].receipt}"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one signal. `code` and `field` are null when it is accepted."""

    in_seq: InSeq
    signal_id: UUID | None = None
    code: str | None = None
    field: str | None = None
    detail: str | None = None


class _OneAnswer(Fact, frozen=True, kw_only=True):
    TIER: ClassVar[Literal["evt", "pub", "out"]] = "out"

    institution: InstitutionSlug
    in_seq: InSeq
    signal_id: UUID | None = None
    code: str | None = None
    field: str | None = None
    detail: str | None = None

    @property
    def area(self) -> str:
        """The institution stands where other facts have their area."""
        return self.institution

    @property
    def aggregate(self) -> str:
        """The signal where it could be read, else the message."""
        return f"{self.institution}/{self.signal_id or f'in-{self.in_seq}'}/answer"


class SignalAccepted(_OneAnswer, frozen=True, kw_only=True):
    """A signal counts in the shared diagnostic, or changed nothing because it already did."""

    TYPE: ClassVar[str] = "fr.ctin.exchange.signal_accepted.v1"


class SignalRefused(_OneAnswer, frozen=True, kw_only=True):
    """A signal was refused: `code`, the `field` at fault and a French sentence say why."""

    TYPE: ClassVar[str] = "fr.ctin.exchange.signal_refused.v1"


class SignalsAnswered(Fact, frozen=True, kw_only=True):
    """Answers grouped, for an institution that asked for fewer messages."""

    TYPE: ClassVar[str] = "fr.ctin.exchange.signals_answered.v1"
    TIER: ClassVar[Literal["evt", "pub", "out"]] = "out"

    institution: InstitutionSlug
    answers: Annotated[list[Answer], Meta(min_length=1, max_length=200)]

    @property
    def area(self) -> str:
        """The institution stands where other facts have their area."""
        return self.institution

    @property
    def aggregate(self) -> str:
        """The group itself, named by its first answer: groups do not wait on one another."""
        first = self.answers[0]
        return f"{self.institution}/{first.signal_id or f'in-{first.in_seq}'}/answers"
