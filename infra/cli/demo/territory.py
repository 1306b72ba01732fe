"""The territory of the demonstration, as a small Code officiel géographique of its own."""

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from infra.cli.demo.doors import DemonstrationFailed, Doors


async def bring_territory(
    doors: Doors, territory: Mapping[str, Any], communes: Sequence[Mapping[str, str]]
) -> None:
    """Import the communes of one EPCI as the national file has them; again, nothing changes.

    Raises:
        DemonstrationFailed: a commune was refused.
    """
    for service in ("members", "diagnostics"):
        report = await doors.upload(service, "/v1/imports/cog", cog_of(territory, communes))
        if report["refused"]:
            why = report["refused"][0]["detail"]
            raise DemonstrationFailed(f"{service}/v1/imports/cog : {why}")


def cog_of(territory: Mapping[str, Any], communes: Sequence[Mapping[str, str]]) -> str:
    """Return the communes as a file that `ctin import cog` takes."""
    shared = {
        "code_departement": territory["department"],
        "departement": territory["department_name"],
        "code_region": territory["region"],
        "region": territory["region_name"],
        "siren_epci": territory["siren"],
        "epci": territory["name"],
        "type_epci": territory["kind"],
    }
    told = StringIO()
    writer = csv.DictWriter(told, ("code_commune", "nom", "population", *shared))
    writer.writeheader()
    for one in communes:
        line = {"code_commune": one["code"], "nom": one["name"], "population": one["population"]}
        writer.writerow({**line, **shared})
    return told.getvalue()
