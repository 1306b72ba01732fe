"""Facts about how partners keep in touch: silence and flood, each told when it begins and ends."""

from datetime import datetime
from typing import Annotated, ClassVar

from msgspec import Meta

from contracts.envelope import Fact
from contracts.values import InstitutionSlug

Seconds = Annotated[float, Meta(ge=0)]


class _OfPartner(Fact, frozen=True, kw_only=True):
    institution: InstitutionSlug

    @property
    def aggregate(self) -> str:
        """The partner's pace, in this coordination."""
        return f"{self.coordination}/{self.institution}/pace"


class PartnerWentSilent(_OfPartner, frozen=True, kw_only=True):
    """A partner sent nothing for twice as long as it usually waits between two deliveries."""

    TYPE: ClassVar[str] = "fr.ctin.exchange.partner_went_silent.v1"

    last_seen_at: datetime
    usual_seconds: Seconds


class PartnerIsBack(_OfPartner, frozen=True, kw_only=True):
    """A partner that was silent sends again."""

    TYPE: ClassVar[str] = "fr.ctin.exchange.partner_is_back.v1"

    silent_since: datetime


class PartnerFloods(_OfPartner, frozen=True, kw_only=True):
    """A partner sends more than its quota; what is beyond is refused, nobody else is slowed."""

    TYPE: ClassVar[str] = "fr.ctin.exchange.partner_floods.v1"

    since: datetime


class PartnerFloodEnded(_OfPartner, frozen=True, kw_only=True):
    """A partner that sent more than its quota has kept within it for a while."""

    TYPE: ClassVar[str] = "fr.ctin.exchange.partner_flood_ended.v1"

    since: datetime
