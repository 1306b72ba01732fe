"""Every event, by owning service, and the signals institutions publish."""

from contracts.envelope import Fact
from contracts.events.diagnostics import AreaUpdated, SignalsDecided
from contracts.events.exchange import (
    SignalAccepted,
    SignalRefused,
    SignalsAnswered,
    SignalsReceived,
)
from contracts.events.funding import (
    AlertCleared,
    AlertRaised,
    BlockPosted,
    PostFilled,
    PostReturned,
    PostTransferred,
    PostVacated,
)
from contracts.events.members import (
    AgreementEnded,
    AgreementSigned,
    CoordinationFounded,
    FunderDecisionRecorded,
    LicenceRecorded,
    MemberConfirmed,
    OpinionAdopted,
)
from contracts.events.roadmap import ActionProposed, ActionValidated
from contracts.events.signals import ExposureCount, ReportedNeed, Signal

FACTS: dict[str, tuple[type[Fact], ...]] = {
    "members": (
        CoordinationFounded,
        MemberConfirmed,
        AgreementSigned,
        AgreementEnded,
        LicenceRecorded,
        OpinionAdopted,
        FunderDecisionRecorded,
    ),
    "funding": (
        BlockPosted,
        PostFilled,
        PostVacated,
        PostTransferred,
        PostReturned,
        AlertRaised,
        AlertCleared,
    ),
    "diagnostics": (AreaUpdated, SignalsDecided),
    "roadmap": (ActionProposed, ActionValidated),
    "exchange": (SignalsReceived, SignalAccepted, SignalRefused, SignalsAnswered),
}
SIGNALS: tuple[type[Signal], ...] = (ExposureCount, ReportedNeed)
BY_TYPE: dict[str, type[Fact]] = {fact.TYPE: fact for facts in FACTS.values() for fact in facts}
SIGNAL_BY_TYPE: dict[str, type[Signal]] = {signal.TYPE: signal for signal in SIGNALS}
