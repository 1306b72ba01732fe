"""HTTP routes of the exchange service."""

from services.exchange.api.signals import PartnerRoutes, Signals

ROUTES = (PartnerRoutes, Signals)
