"""The lane deliveries travel: from the stream partners read to each feed, numbered, and out."""

from services.exchange.lane.beats import Beats
from services.exchange.lane.durables import Durables
from services.exchange.lane.feeds import Feeds
from services.exchange.lane.webhooks import Webhooks

__all__ = ["Beats", "Durables", "Feeds", "Webhooks"]
