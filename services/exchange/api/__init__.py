"""HTTP routes of the exchange service."""

from services.exchange.api.conformance import Conformance
from services.exchange.api.joining import Joining
from services.exchange.api.signals import PartnerRoutes, Signals

ROUTES = (Conformance, Joining, PartnerRoutes, Signals)
