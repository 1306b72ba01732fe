"""Subjects and streams, derived from the facts and never typed twice.

| who writes | subject |
|---|---|
| an institution | `in.<institution>.<coordination>.<fact>.v<n>` |
| a service | `evt.<service>.<coordination>.<area>.<fact>.v<n>`, or `pub.` for what partners get |
| the exchange, straight to `PUB` | `out.<institution>.<coordination>.<fact>.v<n>` |
"""

from hashlib import sha256

from contracts.envelope import TYPE_PATTERN, Fact

IN = "IN"
PUB = "PUB"
ANSWERS = "out.>"
BELL = "exchange-bell"
"""The durable by which the exchange knows what has just come to `PUB`."""
MESSAGE_BYTES_MAX = 64 * 1024
BATCH_MAX = 500
SANDBOX = "bac-a-sable-"
SLUG_CHARS_MAX = 40
SERVICES = ("members", "funding", "diagnostics", "roadmap", "exchange", "portal")


def stream_of(service: str) -> str:
    """Return the name of the stream that `service` alone writes."""
    return f"EVT_{service.upper()}"


def parts(event_type: str) -> tuple[str, str, str]:
    """Return owner, fact in snake case and version (`v1`) of an event type.

    Raises:
        ValueError: it is not `fr.ctin.<owner>.<fact>.v<n>`.
    """
    found = TYPE_PATTERN.match(event_type)
    if not found:
        raise ValueError(f"{event_type} is not fr.ctin.<owner>.<fact>.v<n>")
    return found["owner"], found["fact"], f"v{found['version']}"


def subject_of(fact: Fact) -> str:
    """Return the subject a service's relay publishes `fact` under."""
    owner, name, version = parts(fact.TYPE)
    if fact.TIER == "out":
        return f"out.{fact.area}.{fact.coordination}.{name}.{version}"
    return f"{fact.TIER}.{owner}.{fact.coordination}.{fact.area}.{name}.{version}"


def filter_of(fact: type[Fact], *, coordination: str = "*", area: str = "*") -> str:
    """Return the subject filter that selects facts of one kind."""
    owner, name, version = parts(fact.TYPE)
    if fact.TIER == "out":
        return f"out.{area}.{coordination}.{name}.{version}"
    return f"{fact.TIER}.{owner}.{coordination}.{area}.{name}.{version}"


def intake_subject(institution: str, coordination: str, event_type: str) -> str:
    """Return the subject an institution publishes a signal under."""
    _, name, version = parts(event_type)
    return f"in.{institution}.{coordination}.{name}.{version}"


def durables_of(institution: str) -> dict[str, str]:
    """Return the names of an institution's own durables on `PUB`.

    Updates of its sandbox have their own, so that made-up figures never follow real ones.
    """
    return {use: f"{institution}-{use}" for use in ("answers", "updates", "sandbox")}


def sandbox_of(institution: str) -> str:
    """Return the coordination in which an institution's system tries things, and nobody else."""
    slug = f"{SANDBOX}{institution}"
    if len(slug) <= SLUG_CHARS_MAX:
        return slug
    mark = sha256(institution.encode()).hexdigest()[:8]
    return f"{slug[: SLUG_CHARS_MAX - 9].rstrip('-')}-{mark}"
