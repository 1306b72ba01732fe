"""Every event, by owning service, and the signals institutions publish."""

from contracts.envelope import Fact
from contracts.events.diagnostics import (
    AreaStateTold,
    AreaUpdated,
    DiagnosticPublished,
    SignalsDecided,
    VersionStateTold,
)
from contracts.events.diagnostics.field import (
    ContributionShared,
    ContributionWithdrawn,
    ElementQualified,
)
from contracts.events.diagnostics.needs import NeedClosed, NeedReminderDue, NeedTakenInCharge
from contracts.events.diagnostics.places import PlacesChanged
from contracts.events.exchange import (
    SignalAccepted,
    SignalRefused,
    SignalsAnswered,
    SignalsReceived,
)
from contracts.events.exchange.access import PartnerKeysChanged, SandboxOpened
from contracts.events.exchange.feeds import GapTold, Heartbeat, SnapshotAsked
from contracts.events.exchange.needs import NeedFollowed
from contracts.events.exchange.pace import (
    PartnerFloodEnded,
    PartnerFloods,
    PartnerIsBack,
    PartnerWentSilent,
)
from contracts.events.exchange.versions import DiagnosticAnnounced
from contracts.events.funding.alerts import AlertCleared, AlertRaised
from contracts.events.funding.ledger import BlockPosted
from contracts.events.funding.periods import PeriodClosed
from contracts.events.funding.posts import PostFilled, PostReturned, PostTransferred, PostVacated
from contracts.events.members.acts import FunderDecisionRecorded, OpinionAdopted, OpinionRejected
from contracts.events.members.agreements import (
    AgreementEnded,
    AgreementResumed,
    AgreementSigned,
    AgreementSuspended,
    LicenceRecorded,
)
from contracts.events.members.committees import CommitteeTransformed
from contracts.events.members.coordinations import CoordinationFounded, CoordinationPlaced
from contracts.events.members.mandates import SeatEnded, SeatsRenewed, SeatTaken
from contracts.events.members.membership import MemberWithdrawn
from contracts.events.members.organizations import OrganizationMerged, OrganizationRenamed
from contracts.events.members.persons import PersonErased
from contracts.events.members.priorities import (
    DefinitionAdopted,
    ExternalValidationRecorded,
    PrioritisationClosed,
)
from contracts.events.members.seats import MemberConfirmed
from contracts.events.members.sessions import (
    AgendaChanged,
    CommitteeIsLate,
    MinutesCorrected,
    ProxyGiven,
    ProxyRevoked,
    SessionCancelled,
    SessionConvened,
    SessionHeld,
    SessionLackedQuorum,
    SessionOutputRecorded,
)
from contracts.events.members.votes import (
    BallotCast,
    ProxyUsed,
    RecusalDeclared,
    ResolutionClosed,
    ResolutionOpened,
    RollContinued,
    RuleBookAdopted,
)
from contracts.events.roadmap import ActionProposed, ActionValidated
from contracts.events.signals import ExposureCount, ReportedNeed, Signal, SignalWithdrawn

FACTS: dict[str, tuple[type[Fact], ...]] = {
    "members": (
        CoordinationFounded,
        MemberConfirmed,
        OrganizationMerged,
        AgreementSigned,
        AgreementEnded,
        LicenceRecorded,
        OpinionAdopted,
        OpinionRejected,
        FunderDecisionRecorded,
        RuleBookAdopted,
        ResolutionOpened,
        RollContinued,
        RecusalDeclared,
        ProxyUsed,
        BallotCast,
        ResolutionClosed,
        PersonErased,
        MemberWithdrawn,
        SeatTaken,
        SeatEnded,
        SeatsRenewed,
        CommitteeTransformed,
        SessionConvened,
        AgendaChanged,
        SessionHeld,
        SessionLackedQuorum,
        SessionCancelled,
        MinutesCorrected,
        ProxyGiven,
        ProxyRevoked,
        CommitteeIsLate,
        PrioritisationClosed,
        DefinitionAdopted,
        ExternalValidationRecorded,
        AgreementSuspended,
        AgreementResumed,
        CoordinationPlaced,
        OrganizationRenamed,
        SessionOutputRecorded,
    ),
    "funding": (
        BlockPosted,
        PeriodClosed,
        PostFilled,
        PostVacated,
        PostTransferred,
        PostReturned,
        AlertRaised,
        AlertCleared,
    ),
    "diagnostics": (
        AreaUpdated,
        SignalsDecided,
        PlacesChanged,
        DiagnosticPublished,
        ElementQualified,
        ContributionShared,
        ContributionWithdrawn,
        NeedTakenInCharge,
        NeedClosed,
        NeedReminderDue,
        AreaStateTold,
        VersionStateTold,
    ),
    "roadmap": (ActionProposed, ActionValidated),
    "exchange": (
        PartnerWentSilent,
        PartnerIsBack,
        PartnerFloods,
        PartnerFloodEnded,
        SignalsReceived,
        SignalAccepted,
        SignalRefused,
        SignalsAnswered,
        NeedFollowed,
        PartnerKeysChanged,
        SandboxOpened,
        Heartbeat,
        GapTold,
        SnapshotAsked,
        DiagnosticAnnounced,
    ),
}
SIGNALS: tuple[type[Signal], ...] = (ExposureCount, ReportedNeed, SignalWithdrawn)
BY_TYPE: dict[str, type[Fact]] = {fact.TYPE: fact for facts in FACTS.values() for fact in facts}
SIGNAL_BY_TYPE: dict[str, type[Signal]] = {signal.TYPE: signal for signal in SIGNALS}
