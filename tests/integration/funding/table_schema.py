"""Check a CSV against a published Table Schema, with nothing of the product's own.

Source: Table Schema, frictionlessdata.io/specs/table-schema; the checks on SIRET are the schema's.
"""

import csv
import io
import json
import re
from datetime import date
from decimal import Decimal, InvalidOperation


def missing(text, schema):
    """Return the required fields that a CSV has no column for."""
    columns = next(csv.reader(io.StringIO(text)))
    return [one["name"] for one in fields(schema) if needed(one) and one["name"] not in columns]


def faults(text, schema):
    """Return line and field of every cell that the schema does not take."""
    known = {one["name"]: one for one in fields(schema)}
    found = []
    for line, row in enumerate(csv.DictReader(io.StringIO(text, newline="")), start=2):
        for name, value in row.items():
            if name in known and not fits(value or "", known[name]):
                found.append((line, name))
        if not (row.get("idBeneficiaire") or row.get("rnaBeneficiaire")):
            found.append((line, "idBeneficiaire"))
    return found


def fields(schema):
    return json.loads(schema.read_text())["fields"]


def needed(field):
    return field.get("constraints", {}).get("required") is True


def fits(value, field):
    rules = field.get("constraints", {})
    if value == "":
        return not needed(field)
    if not typed(value, field["type"]):
        return False
    if "pattern" in rules and not re.fullmatch(rules["pattern"].strip("^$"), value):
        return False
    if "enum" in rules and value not in rules["enum"]:
        return False
    if len(value) > rules.get("maxLength", len(value)):
        return False
    if field["type"] == "number":
        return (
            Decimal(str(rules.get("minimum", value)))
            <= Decimal(value)
            <= Decimal(str(rules.get("maximum", value)))
        )
    return True


def typed(value, kind):
    try:
        if kind == "number":
            return Decimal(value).is_finite()
        if kind == "integer":
            return bool(re.fullmatch(r"[+-]?[0-9]+", value))
        if kind == "date":
            return bool(date.fromisoformat(value)) and len(value) == 10
    except (InvalidOperation, ValueError):
        return False
    return True
