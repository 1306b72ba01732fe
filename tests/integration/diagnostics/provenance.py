"""What every figure of a sheet says of itself."""

from typing import Any

STATUSES = {"complet", "partiel", "secret statistique", "non diffusé"}
ENDS = ["source", "période", "licence", "statut"]


def figures_that_say_nothing(sheet: dict[str, Any]) -> list[Any]:
    """Return the figures of a sheet without a source, a period, a licence or a status."""
    bare: list[Any] = []
    for line in (*sheet["exposures"], *sheet["needs"], *sheet["indicators"]):
        one = line["figure"]
        if not all((one["source"], one["period"], line["licence"], one["status"], one["reading"])):
            bare.append(line)
    for section in sheet["sections"]:
        if section["columns"][-4:] != ENDS:
            bare.append(section)
        bare += [
            (section["name"], row)
            for row in section["rows"]
            if len(row) != len(section["columns"])
            or not all(cell.strip() for cell in row[-4:])
            or row[-1] not in STATUSES
        ]
    return bare


def figures_of(sheet: dict[str, Any]) -> int:
    """Return how many figures and rows a sheet has."""
    lines = (*sheet["exposures"], *sheet["needs"], *sheet["indicators"])
    return len(lines) + sum(len(one["rows"]) for one in sheet["sections"])
