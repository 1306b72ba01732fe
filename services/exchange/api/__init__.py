"""HTTP routes of the exchange service."""

from services.exchange.api.joining import Joining
from services.exchange.api.signals import PartnerRoutes, Signals

ROUTES = (Joining, PartnerRoutes, Signals)
