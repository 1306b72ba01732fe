"""Proxies: whatever is asked, in whatever order or at once, the rules hold."""

import asyncio
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.http.members.attendance import GiveProxy
from contracts.http.members.sessions import AskItem, ConveneSession
from services.chassis import ids
from services.chassis.errors import Refusal
from services.members.commands.attendance import give_proxy, revoke_proxy
from services.members.commands.sessions import convene_session
from services.members.errors.sessions import ProxyIsNotOpen
from services.members.model.presence import (
    DEFAULT_RULES,
    GivenProxy,
    Presence,
    RollEntry,
    measure,
    must_be_given,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = date(2026, 5, 1)
MEMBERS = [UUID(int=one) for one in range(9)]
ROLL = {
    one: RollEntry(one, f"o{one.int}", f"O {one.int}", ["PRIVATE", "INSTITUTIONAL"][one.int % 2], 1)
    for one in MEMBERS[:8]  # The ninth is not on the roll.
}
pair = st.tuples(st.sampled_from(MEMBERS), st.sampled_from(MEMBERS))


def hold(standing: dict[UUID, UUID], most: int = 2) -> None:
    """Assert what must hold of the proxies that stand, of giver to holder."""
    holders = list(standing.values())
    assert all(holders.count(one) <= most for one in holders), "a holder is above the limit"
    assert not standing.keys() & set(holders), "a proxy is passed on"


@given(st.lists(pair, max_size=40), st.integers(0, 3))
def test_no_holder_is_above_the_limit_and_no_proxy_is_passed_on(asked, most):
    standing: dict[UUID, UUID] = {}
    for giver, holder in asked:
        known = [GivenProxy(one, to, DAY, None) for one, to in standing.items()]
        try:
            must_be_given(giver, holder, ROLL, known, most=most)
        except ProxyIsNotOpen:
            continue
        standing[giver] = holder
        hold(standing, most)
        assert ROLL[giver].college == ROLL[holder].college


@given(st.lists(pair, max_size=20), st.sets(st.sampled_from(MEMBERS)), st.randoms())
def test_a_quorum_counts_each_member_once_in_any_order(asked, here, random):
    presences = [Presence(one, NOW, one, None, None, None, None) for one in here]
    proxies = [GivenProxy(one, to, DAY, None) for one, to in dict(asked).items()]
    roll = list(ROLL.values())

    found = measure(roll, presences, proxies, DEFAULT_RULES, at=NOW)
    for values in (roll, presences, proxies):
        random.shuffle(values)

    assert measure(roll, presences, proxies, DEFAULT_RULES, at=NOW) == found
    total = sum(one.present + one.represented for one in found.shares.values())
    given_to = dict(asked)
    assert total == sum(one in here or given_to.get(one) in here for one in ROLL)


@pytest.fixture(scope="session")
async def hall(make_database):
    """A pool on a coordination with eight members of two colleges, and a session to be."""
    async with asyncpg.create_pool(await make_database("members"), min_size=0, max_size=6) as pool:
        await pool.execute(
            "INSERT INTO coordinations (coordination, name, level, communes, founded_at)"
            " VALUES ('salle', 'Salle', 'EPCI', '{31446}', now())"
        )
        for one in ROLL.values():
            await pool.execute(
                "INSERT INTO organizations (organization, name, kind, siret_is_doubtful)"
                " VALUES ($1, $2, 'ASSOCIATION', false)",
                one.organization,
                one.name,
            )
            await pool.execute(
                "INSERT INTO members (coordination, member_id, organization, college, roles,"
                " effective_on, state, confirmed_at)"
                " VALUES ('salle', $1, $2, $3, '{}', '2026-01-01', 'CONFIRMED', now())",
                one.member_id,
                one.organization,
                one.college,
            )
        yield pool


@settings(max_examples=25)
@given(st.lists(st.tuples(pair, st.booleans()), min_size=1, max_size=12))
async def test_proxies_given_and_revoked_at_once_keep_the_rules(hall, acts):
    session_id = uuid4()
    asked = ConveneSession(
        title="Séance",
        starts_at=NOW,
        urgent=True,
        urgent_reason="Essai",
        agenda=[AskItem(title="Point")],
    )
    async with hall.acquire() as connection:
        await convene_session(
            connection, "salle", asked, session_id=session_id, now=NOW, new_id=ids.new_id
        )

    async def act(givers: tuple[UUID, UUID], gives: bool) -> None:
        giver, holder = givers
        async with hall.acquire() as connection:
            try:
                if gives:
                    body = GiveProxy(giver=giver, holder=holder, given_on=DAY)
                    await give_proxy(connection, session_id, body, now=NOW, new_id=ids.new_id)
                else:
                    await revoke_proxy(connection, session_id, giver, now=NOW, new_id=ids.new_id)
            except Refusal:
                pass

    await asyncio.gather(*(act(one, gives) for one, gives in acts))

    rows = await hall.fetch(
        "SELECT giver, holder FROM proxies WHERE session_id = $1 AND revoked_at IS NULL",
        session_id,
    )
    hold({row["giver"]: row["holder"] for row in rows})
