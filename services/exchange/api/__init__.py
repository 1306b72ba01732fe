"""HTTP routes of the exchange service."""

from services.exchange.api.conformance import Conformance
from services.exchange.api.feeds import FeedRoutes
from services.exchange.api.health import HealthRoutes
from services.exchange.api.joining import Joining
from services.exchange.api.parked import Parked
from services.exchange.api.signals import PartnerRoutes, Signals
from services.exchange.api.subscriptions import SubscriptionRoutes

ROUTES = (
    HealthRoutes,
    Conformance,
    Joining,
    Parked,
    PartnerRoutes,
    Signals,
    SubscriptionRoutes,
    FeedRoutes,
)
