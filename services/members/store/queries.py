"""The named queries of the members service."""

import msgspec

from services.chassis import sql
from services.members.model import (
    Agreement,
    Client,
    Coordination,
    Decision,
    Licence,
    Opinion,
    Organization,
    Seat,
)

SQL = sql.load("services.members")

ROWS: dict[str, type[msgspec.Struct]] = {
    "coordination": Coordination,
    "coordinations": Coordination,
    "organization": Organization,
    "member": Seat,
    "agreement": Agreement,
    "lock_agreement": Agreement,
    "agreements": Agreement,
    "licence": Licence,
    "opinion": Opinion,
    "opinions": Opinion,
    "decision": Decision,
    "decisions": Decision,
    "client": Client,
}
