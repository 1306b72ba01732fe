"""HTTP routes of the exchange service."""

from services.exchange.api.joining import Joining
from services.exchange.api.parked import Parked
from services.exchange.api.signals import PartnerRoutes, Signals

ROUTES = (Joining, Parked, PartnerRoutes, Signals)
