"""What the members suspend, the exchange stops, and opens again when it is resumed."""

from datetime import UTC, date, datetime
from uuid import uuid4

import asyncpg
import msgspec
import pytest

from contracts.envelope import Event
from contracts.events.members import (
    AgreementEnded,
    AgreementResumed,
    AgreementSigned,
    AgreementSuspended,
    OrganizationRenamed,
)
from services.chassis.consumer import Delivery
from services.chassis.streams import Received
from services.exchange import commands, reads, store
from services.exchange.consumers import MEMBERS
from services.exchange.jobs import durables

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
UPDATED = "fr.ctin.diagnostics.area_updated.v1"
NAMED = {"coordination": "gers-numerique", "agreement_id": uuid4(), "institution": "caf-31"}
SIGNED = AgreementSigned(
    **NAMED,
    reference="Convention (fictif)",
    purposes=["shared_diagnostic"],
    publishes=["fr.ctin.signals.exposure_count.v1"],
    receives=[UPDATED],
    areas=["_all"],
    valid_from=date(2026, 1, 1),
    valid_until=date(2026, 12, 31),
)
SUSPENDED = AgreementSuspended(**NAMED, reason="Contrôle (fictif)")
RESUMED = AgreementResumed(**NAMED)
ENDED = AgreementEnded(**NAMED, reason="Fin (fictif)")


@pytest.fixture
async def connection(make_database):
    opened = await asyncpg.connect(await make_database("exchange"))
    yield opened
    await opened.close()


async def told(connection, *facts):
    """Hand facts of the members to the handlers that the exchange registered for them."""
    for fact in facts:
        event = Event(
            id=str(uuid4()),
            source="urn:ctin:service:members",
            type=fact.TYPE,
            time=datetime(2026, 6, 1, tzinfo=UTC),
            data=msgspec.json.encode(fact),
        )
        message = Received("evt.members", event.data, {}, 1, 0, "", 0)
        async with connection.transaction():
            await MEMBERS.handlers[fact.TYPE](connection, [Delivery(event, message)])


async def opened(connection):
    """Return what may be published, and whether updates are delivered."""
    known = await commands.rights(connection)
    wanted = durables(["caf-31"], await reads.agreements(connection), today=date(2026, 6, 1))
    return sorted(known.agreements), "caf-31-updates" in wanted


@pytest.mark.parametrize(
    ("facts", "is_open"),
    [
        ([SIGNED], True),
        ([SIGNED, SUSPENDED], False),
        ([SIGNED, SUSPENDED, SUSPENDED], False),
        ([SIGNED, SUSPENDED, RESUMED], True),
        ([SIGNED, SUSPENDED, RESUMED, SUSPENDED], False),
        ([SIGNED, SUSPENDED, ENDED], False),
        ([SIGNED, SUSPENDED, ENDED, RESUMED], False),
        ([SIGNED, ENDED, RESUMED], False),
        ([SIGNED, SUSPENDED, SIGNED], False),
    ],
    ids=lambda value: (
        "-".join(type(one).__name__ for one in value) if isinstance(value, list) else None
    ),
)
async def test_what_an_agreement_opens_follows_its_life(connection, facts, is_open):
    await told(connection, *facts)

    wanted = ([SIGNED.agreement_id], True) if is_open else ([], False)
    assert await opened(connection) == wanted


def test_the_exchange_follows_suspensions_and_resumptions():
    assert any("agreement_suspended" in one for one in MEMBERS.subjects)
    assert any("agreement_resumed" in one for one in MEMBERS.subjects)


async def test_an_institution_is_called_as_its_organisation_is(connection):
    for institution in ("caf-31", "cpam-31"):
        await store.put_partner(connection, institution, "Avant", answers_grouped=True, now=NOON)
    renamed = OrganizationRenamed(
        coordination="gers-numerique",
        organization="caf-31",
        name="CAF de la Haute-Garonne (fictif)",
        formerly="Avant",
        renamed_on=date(2026, 6, 1),
    )

    await told(connection, renamed, renamed, msgspec.structs.replace(renamed, organization="autre"))

    named = {one.institution: one.name for one in await store.partners(connection)}
    assert (named["caf-31"], named["cpam-31"]) == ("CAF de la Haute-Garonne (fictif)", "Avant")
    assert "autre" not in named
