"""Questions about who coordinates and what was decided; a page says where the next one begins."""

from services.members.reads.acts import decisions, opinions
from services.members.reads.pages import FIRST, T
from services.members.reads.sharing import agreement_home, agreements
from services.members.reads.territory import coordination, coordinations

__all__ = [
    "FIRST",
    "T",
    "agreement_home",
    "agreements",
    "coordination",
    "coordinations",
    "decisions",
    "opinions",
]
