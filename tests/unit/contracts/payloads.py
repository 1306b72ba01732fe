"""Make, from a schema, messages that a writer keeping to it may send."""

from typing import Any

from hypothesis import strategies as st


def payloads(schema: Any, definitions: Any) -> st.SearchStrategy[Any]:
    """Return what a writer keeping to `schema` may send."""
    if "$ref" in schema:
        return payloads(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of([payloads(one, definitions) for one in schema["anyOf"]])
    kind = schema["type"]
    if kind == "array":
        least = schema.get("minItems", 0)
        most = min(schema.get("maxItems", 3), max(3, least))
        return st.lists(payloads(schema["items"], definitions), min_size=least, max_size=most)
    if kind == "object":
        return objects(schema, definitions)
    simple = {
        "null": st.none(),
        "boolean": st.booleans(),
        "number": st.floats(schema.get("minimum", -1e9), schema.get("maximum", 1e9)),
        "integer": st.integers(schema.get("minimum", -(2**53)), schema.get("maximum", 2**53)),
        "string": texts(schema),
    }
    return simple[kind]


def texts(schema: Any) -> st.SearchStrategy[str]:
    """Return texts of a format, of a pattern, or of a length."""
    formats = {
        "uuid": st.uuids().map(str),
        "date": st.dates().map(str),
        "date-time": st.datetimes().map(lambda one: f"{one.isoformat()}Z"),
    }
    if "format" in schema:
        return formats[schema["format"]]
    if "pattern" in schema:
        pattern = schema["pattern"].removeprefix("^").removesuffix("$")
        return st.from_regex(f"({pattern})", fullmatch=True)
    letters = st.characters(exclude_categories=["Cs"])
    return st.text(
        letters, min_size=schema.get("minLength", 0), max_size=min(schema.get("maxLength", 20), 20)
    )


def objects(schema: Any, definitions: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Return objects with all required properties and any of the others."""
    if "properties" not in schema:
        inner = payloads(schema["additionalProperties"], definitions)
        return st.dictionaries(st.text(max_size=9), inner, max_size=2)
    made = {name: payloads(one, definitions) for name, one in schema["properties"].items()}
    must = {name: made[name] for name in schema.get("required", [])}
    may = {name: one for name, one in made.items() if name not in must}
    found = st.fixed_dictionaries(must, optional=may)
    if {"agreement", "licence"} <= made.keys():  # A rule of signals that no schema says.
        other = {name: one for name, one in may.items() if name not in {"agreement", "licence"}}
        agreed = {**must, "agreement": st.uuids().map(str)}
        licensed = {**must, "licence": st.just("open-licence")}
        found = st.one_of(
            st.fixed_dictionaries(agreed, optional=other),
            st.fixed_dictionaries(licensed, optional=other),
        )
    return found
