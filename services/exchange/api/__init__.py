"""HTTP routes of the exchange service."""

from services.exchange.api.feeds import FeedRoutes
from services.exchange.api.joining import Joining
from services.exchange.api.signals import PartnerRoutes, Signals
from services.exchange.api.subscriptions import SubscriptionRoutes

ROUTES = (
    Joining,
    PartnerRoutes,
    Signals,
    SubscriptionRoutes,
    FeedRoutes,
)
