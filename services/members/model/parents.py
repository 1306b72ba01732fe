"""Which coordination may stand under which."""

from collections.abc import Collection

from services.members.errors.territories import ParentDoesNotFit
from services.members.model.rows import Coordination


def must_hold(parent: Coordination, child: Coordination, *, above: Collection[str]) -> None:
    """Refuse a parent that cannot hold a child; `above` are the slugs from the parent upwards.

    An EPCI may stand on several départements: it is enough that the two share a commune, and that
    the child is not the wider one.

    Raises:
        ParentDoesNotFit: they are one, the child is above already, or their territories do not fit.
    """
    if child.coordination in above:
        raise ParentDoesNotFit(
            f"« {parent.coordination} » est elle-même ou déjà sous "
            f"« {child.coordination} » ; "
            "choisissez une autre coordination."
        )
    ours, theirs = set(child.communes), set(parent.communes)
    if not ours & theirs:
        raise ParentDoesNotFit(
            f"« {parent.coordination} » ne couvre aucune commune de « {child.coordination} » ; "
            "choisissez une coordination d'un territoire plus large."
        )
    if theirs < ours:
        raise ParentDoesNotFit(
            f"« {parent.coordination} » couvre moins de communes que « {child.coordination} » ; "
            "c'est elle qui serait dessous."
        )
