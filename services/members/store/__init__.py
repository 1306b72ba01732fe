"""The room that runs SQL; each module lists the row Structs of its queries."""

from services.members.store import (
    ballots,
    identity,
    invitations,
    lineage,
    lists,
    persons,
    queries,
    resolutions,
    rights,
    rule_books,
    territories,
)
from services.members.store.acts import (
    add_decision,
    add_opinion,
    decision,
    decisions,
    opinion,
    opinions,
)
from services.members.store.clients import FORGOTTEN_MAX, client, put_client, use_assertion
from services.members.store.organizations import (
    add_member,
    add_organization,
    member,
    organization,
)
from services.members.store.queries import SQL
from services.members.store.sharing import (
    add_agreement,
    add_licence,
    agreement,
    agreements,
    end_agreement,
    licence,
    sign_agreement,
)
from services.members.store.territory import add_coordination, coordination, coordinations

ROWS = {
    **ballots.ROWS,
    **identity.ROWS,
    **invitations.ROWS,
    **lineage.ROWS,
    **lists.ROWS,
    **persons.ROWS,
    **queries.ROWS,
    **resolutions.ROWS,
    **rights.ROWS,
    **rule_books.ROWS,
    **territories.ROWS,
}

__all__ = [
    "FORGOTTEN_MAX",
    "ROWS",
    "SQL",
    "add_agreement",
    "add_coordination",
    "add_decision",
    "add_licence",
    "add_member",
    "add_opinion",
    "add_organization",
    "agreement",
    "agreements",
    "client",
    "coordination",
    "coordinations",
    "decision",
    "decisions",
    "end_agreement",
    "licence",
    "member",
    "opinion",
    "opinions",
    "organization",
    "put_client",
    "sign_agreement",
    "use_assertion",
]
