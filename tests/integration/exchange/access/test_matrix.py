"""Every pair of partner and subject, durable or route, tried for real: nothing unwanted is allowed.

Who may do what is written here again, from the design and not from the code that grants it.
"""

import asyncio
from contextlib import suppress
from itertools import product
from uuid import uuid4

import pytest

from contracts.events import FACTS, SIGNALS
from contracts.streams import SERVICES, parts, sandbox_of, stream_of
from services.exchange.model.access import PARTNERS_FILE
from tests.integration.conftest import new_seed, until
from tests.integration.exchange.access.conftest import UPDATED, new_institution, signed

PARTNERS = 8
PAIRS_MIN = 20_000
COORDINATIONS = ("gers-numerique", "tarn-numerique", "lot-numerique")
STREAMS = ("IN", "PUB", "ADV", *map(stream_of, SERVICES))
OF_CONSUMERS = ("INFO", "DELETE", "MSG.NEXT", "DURABLE.CREATE", "CREATE", "PAUSE", "UNPIN")
OF_STREAMS = (
    *("INFO", "CREATE", "UPDATE", "DELETE", "PURGE", "MSG.GET", "MSG.DELETE", "SNAPSHOT"),
    *("RESTORE", "LEADER.STEPDOWN", "PEER.REMOVE"),
)
ELSEWHERE = (
    *("$JS.API.INFO", "$JS.API.STREAM.NAMES", "$JS.API.STREAM.LIST", "$JS.API.ACCOUNT.PURGE.CTIN"),
    *("$SYS.REQ.SERVER.PING", "$SYS.REQ.USER.INFO", "$SYS.REQ.ACCOUNT.CTIN.CONNZ"),
    *("$KV.bucket.key", "$O.bucket.M.x", "_INBOX.x", "_R_.x", "in", "out", "evt", "pub", "x"),
)
USES = ("answers", "updates", "sandbox")


def version_of(fact):
    _, name, version = parts(fact.TYPE)
    return f"{name}.{version}"


def subjects(partners, pulled):
    """Return every subject that anybody here writes, and many that nobody should.

    `pulled` are the durables of subscriptions, by institution.
    """
    everywhere = [*COORDINATIONS, *map(sandbox_of, partners)]
    sent = [*map(version_of, SIGNALS), "unknown.v1"]
    told = sorted({version_of(one) for facts in FACTS.values() for one in facts})
    durables = [*(f"{one}-{use}" for one in partners for use in USES), *pulled.values()]
    return [
        *(f"in.{one}.{c}.{fact}" for one, c, fact in product(partners, everywhere, sent)),
        *(f"out.{one}.{c}.signal_refused.v1" for one, c in product(partners, everywhere)),
        *(
            f"{tier}.{service}.{c}._all.{fact}"
            for tier, service, c, fact in product(("evt", "pub"), SERVICES, COORDINATIONS[:2], told)
        ),
        *(
            f"$JS.API.CONSUMER.{verb}.{stream}.{durable}"
            for verb, stream, durable in product(OF_CONSUMERS, STREAMS, durables)
        ),
        *(f"$JS.ACK.{s}.{d}.1.1.1.1.0" for s, d in product(STREAMS, durables)),
        *(f"$JS.API.STREAM.{verb}.{stream}" for verb, stream in product(OF_STREAMS, STREAMS)),
        *(f"$JS.API.CONSUMER.{verb}.{stream}" for verb in ("NAMES", "LIST") for stream in STREAMS),
        *(f"_INBOX_{one}.x" for one in (*partners, *SERVICES)),
        *ELSEWHERE,
    ]


def wanted(institution, opened, subject, pulled):
    """Tell whether an institution should be allowed a subject, by the design's words."""
    words = subject.split(".")
    if words[0] == "in" and len(words) > 2:
        return words[1] == institution and words[2] in {*opened, sandbox_of(institution)}
    own = {*(f"{institution}-{use}" for use in USES), pulled.get(institution)}
    for verb in ("INFO", "MSG.NEXT"):
        if subject.startswith(f"$JS.API.CONSUMER.{verb}.PUB."):
            return words[-1] in own
    return subject.startswith("$JS.ACK.PUB.") and words[3] in own


@pytest.fixture(scope="module")
async def partners(edge):
    """Institutions with agreements for different coordinations, each by its seed."""
    found = {}
    for number in range(PARTNERS):
        institution, seed = new_institution(), new_seed()
        await edge.register(institution, seed)
        opened = [one for n, one in enumerate(COORDINATIONS) if number >> n & 1]
        for coordination in opened:
            await edge.told(signed(institution, coordination))
        found[institution] = (seed, opened)
    for institution in found:
        await edge.applied(institution)
    return found


async def subscribed(edge, partners, channel):
    """Subscribe each institution by a channel, in its sandbox; return what it was given."""
    found = {}
    for institution in partners:
        body = {"channel": channel, "coordinations": [sandbox_of(institution)], "types": [UPDATED]}
        own = edge.bearer("institution", "*", institution)
        answer = await edge.http.post("/v1/subscriptions", json=body, headers=own)
        assert answer.status_code == 201, answer.text
        found[institution] = answer.json()
    for institution in partners:
        await edge.applied(institution)
    return found


@pytest.fixture(scope="module")
async def pulled(edge, partners):
    """The durable of a subscription of each institution."""
    made = await subscribed(edge, partners, "nats")
    return {institution: one["durable"] for institution, one in made.items()}


async def differences(edge, partners, pulled):
    """Return unwanted allows and unwanted denials, and how many pairs were tried."""
    tried = subjects(list(partners), pulled)
    too_many, too_few = [], []
    for institution, (seed, opened) in partners.items():
        partner = await edge.connect(institution, seed)
        seen = await edge.observer.allowed(partner.client, tried, last=partner.last)
        should = {one for one in tried if wanted(institution, opened, one, pulled)}
        too_many += [(institution, one) for one in seen - should]
        too_few += [(institution, one) for one in should - seen]
        await partner.client.close()
    return too_many, too_few, len(tried) * len(partners)


async def test_nobody_may_publish_more_or_less_than_its_agreements_say(edge, partners, pulled):
    too_many, too_few, pairs = await differences(edge, partners, pulled)

    assert pairs >= PAIRS_MIN
    assert (too_many, too_few) == ([], [])


@pytest.mark.parametrize(
    "extra",
    [
        "in.{other}.gers-numerique.>",
        "$JS.API.CONSUMER.MSG.NEXT.PUB.{other}-updates",
        "$JS.API.STREAM.PURGE.IN",
        "$JS.ACK.PUB.{other}-answers.>",
        "evt.members.*.*.agreement_signed.v1",
        "$JS.API.CONSUMER.MSG.NEXT.PUB.{pulled}",
        "$JS.API.CONSUMER.DELETE.PUB.{pulled}",
    ],
)
async def test_one_right_too_many_is_found(own_edge, extra):
    edge = own_edge
    partners = {new_institution(): (new_seed(), []) for _ in range(2)}
    for institution, (seed, _) in partners.items():
        await edge.register(institution, seed)
    first, other = partners
    pulled = {
        one: made["durable"] for one, made in (await subscribed(edge, partners, "nats")).items()
    }
    await edge.service.stop()  # Nobody corrects what is written here.
    part = edge.server.folder / "access" / PARTNERS_FILE
    given = extra.format(other=other, pulled=pulled[other])
    line = f'publish: {{ allow: ["in.{first}.'
    assert line in part.read_text()
    part.write_text(part.read_text().replace(line, f'publish: {{ allow: ["{given}", "in.{first}.'))
    edge.server.reload(edge.nats_configuration())

    too_many, too_few, _ = await differences(edge, partners, pulled)

    assert {institution for institution, _ in too_many} == {first}
    assert too_few == []


async def test_nobody_hears_what_is_another_s(edge, partners):
    """Whatever is asked for, under a queue or not, an institution hears its own inbox alone."""
    asked = [
        *(
            ">",
            "*",
            "*.>",
            "in.>",
            "out.>",
            "pub.>",
            "evt.>",
            "$JS.>",
            "$SYS.>",
            "_INBOX.>",
            "_R_.>",
        ),
        *(f"_INBOX_{one}.>" for one in (*partners, *SERVICES)),
        *(f"out.{one}.>" for one in partners),
        *(f"$JS.API.CONSUMER.MSG.NEXT.PUB.{one}-{use}" for one in partners for use in USES),
    ]
    said = [
        *(f"_INBOX_{one}.x" for one in (*partners, *SERVICES)),
        *(f"out.{one}.gers-numerique.signal_refused.v1" for one in partners),
        *(f"in.{one}.gers-numerique.exposure_count.v1" for one in partners),
        "pub.diagnostics.gers-numerique.c32013.area_updated.v1",
        "evt.members.gers-numerique._all.member_confirmed.v1",
    ]
    for institution, (seed, _) in partners.items():
        partner = await edge.connect(institution, seed)
        own, heard = f"_INBOX_{institution}.x", {}

        async def hear(message, heard=heard):
            mark, _, what = message.data.decode().partition(" ")
            heard.setdefault(mark, set()).add(what or message.subject)

        for one in asked:
            await partner.client.subscribe(one, cb=hear)
            await partner.client.subscribe(one, queue="q", cb=hear)
        await partner.client.flush()

        async def whole(own=own, heard=heard):
            """Say everything, again if a connection was cut meanwhile; return what was heard."""
            mark = uuid4().hex
            for one in said:
                await edge.observer.client.publish(one, mark.encode())
            await edge.observer.client.publish(own, f"{mark} end".encode())
            await edge.observer.client.flush()
            with suppress(AssertionError):
                return await until(lambda: {own, "end"} <= heard.get(mark, set()) and mark, 2)

        mark = await until(whole, 60)
        heard = heard[mark] - {"end"}
        assert heard == {f"_INBOX_{institution}.x"}
        await partner.client.close()


def filled(path, institution, coordination):
    """Return the address of a route for one institution, and the address for no one in particular."""
    found = []
    for part in path.split("/"):
        name, _, kind = part.strip("{}").partition(":")
        if not part.startswith("{"):
            found.append(part)
        elif name == "institution":
            found.append(institution)
        elif name == "coordination":
            found.append(coordination)
        else:
            found.append(str(uuid4()) if kind == "uuid" else "A" * 43)
    return "/".join(found)


async def test_no_route_answers_one_institution_about_another(edge, partners):
    """Each route of the description, with each partner's token, for each other partner."""
    described = (await edge.http.get("/schema/openapi.json")).json()["paths"]
    routes = [
        (verb.upper(), path)
        for path, verbs in described.items()
        for verb in verbs
        if "{institution}" in path or "{coordination}" in path
    ]
    assert len(routes) >= 8
    bodies = {"nkey": "U" + "A" * 55, "steps": []}
    tried = 0
    for who, (_, opened) in partners.items():
        home = opened[0] if opened else sandbox_of(who)
        own = edge.bearer("institution", home, who)
        for (verb, path), other in product(routes, partners):
            where = "elsewhere-numerique" if "{coordination}" in path else home
            if other == who and "{coordination}" not in path:
                continue
            answer = await edge.http.request(
                verb, filled(path, other, where), headers=own, json=bodies
            )
            tried += 1
            assert answer.status_code in {400, 403, 404, 422}, f"{verb} {path}: {answer.text}"
            if verb == "GET":
                assert answer.status_code in {403, 404}, f"{verb} {path}: {answer.text}"
    assert tried >= 100


FEED_BODIES = {
    "ack": [{"through": 0}],
    "secret": [None],
    "PATCH": [
        {"paused": True},
        {"paused": False},
        {"start": {"at": "beginning"}},
        {"expires_at": "2099-01-01T00:00:00Z"},
    ],
}
RANGES = ({}, {"after": 0}, {"after": 0, "until": 9, "limit": 1})


def feed_tries(described):
    """Return each verb, path, body and question of the routes of one subscription."""
    for path, verbs in described.items():
        if "{subscription}" not in path:
            continue
        for verb in map(str.upper, verbs):
            last = path.rpartition("/")[2]
            bodies = FEED_BODIES.get(last) or FEED_BODIES.get(verb) or [None]
            asked = RANGES if last in {"events", "stream"} else ({},)
            for body, params in product(bodies, asked):
                yield verb, path, body, params


async def test_no_feed_answers_another_institution(edge, partners):
    """Reading, confirming, ranges, replays, pauses, secrets, ends: of its own feeds alone."""
    few = list(partners)[:3]  # Each with each; the routes know no more of an institution.
    made = {one: await subscribed(edge, few, one) for one in ("http", "nats")}
    described = (await edge.http.get("/schema/openapi.json")).json()["paths"]
    tries = list(feed_tries(described))
    assert {verb for verb, *_ in tries} == {"GET", "POST", "PATCH", "DELETE"}
    assert len(tries) >= 14
    tried = 0
    for who, other in product(few, few):
        homes = ("*", sandbox_of(who)) if who == other else ("*", sandbox_of(other))
        for feed, (verb, path, body, params) in product(
            (made["http"][other], made["nats"][other]), tries
        ):
            if who == other and (verb == "DELETE" or path.endswith(("stream", "secret"))):
                continue  # Its own would be ended, read for ever, or has none.
            address = path.replace("{subscription}", feed["id"])
            own = edge.bearer("institution", homes[tried % 2], who)
            async with asyncio.timeout(20):
                answer = await edge.http.request(
                    verb, address, headers=own, json=body, params=params
                )
            tried += 1
            allowed = {200, 409, 422} if who == other else {404}
            assert answer.status_code in allowed, f"{verb} {path} {who}: {answer.text}"
    assert tried >= len(few) ** 2 * len(tries)
    for institution, one in made["http"].items():
        own = edge.bearer("institution", "*", institution)
        found = await edge.http.get(f"/v1/subscriptions/{one['id']}", headers=own)
        assert found.json()["status"] == "active"  # Nobody ended it, and it was resumed last.
        listed = (await edge.http.get("/v1/subscriptions", headers=own)).json()["items"]
        assert {one["institution"] for one in listed} == {institution}


async def test_lists_show_an_institution_its_own_alone(edge, partners):
    here = COORDINATIONS[0]
    inside = [one for one, (_, opened) in partners.items() if here in opened]
    for who in inside:
        headers = edge.bearer("institution", here, who)

        async def listed(headers=headers):
            answer = await edge.http.get(f"/v1/coordinations/{here}/partners", headers=headers)
            return [one["institution"] for one in answer.json()["items"]]

        assert await until(listed) == [who]
    assert len(inside) > 1
