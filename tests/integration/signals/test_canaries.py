"""A thousand made-up identifiers through every way in: afterwards they are found nowhere."""

import asyncio
import csv
import io
import json
import random
import subprocess
from urllib.parse import quote

import pytest
from stdnum.fr import nir
from structlog.testing import capture_logs

from services.chassis.log import logger
from tests.conftest import NATS_NODES
from tests.integration.conftest import until
from tests.integration.signals.conftest import CAF

COUNT = 1_000
ALLOWED = "temoin-autorise-qzx"
"""What nothing refuses: it must be found where the canaries are not."""
MONTHS = [*range(1, 13), *range(20, 43), *range(50, 100)]


def identifiers() -> list[str]:
    """Return made-up personal data of every kind, Corsican numbers included, no two alike."""
    chance = random.Random(20261122)
    found: dict[str, None] = {}
    while len(found) < COUNT:
        number = len(found)
        kind = number % 6
        if kind == 0:
            department = chance.choice(["2A", "2B", "31", "59", "97"])
            body = (
                f"{chance.choice('12')}{chance.randrange(100):02}{chance.choice(MONTHS):02}"
                f"{department}{chance.randrange(1, 1000):03}{chance.randrange(1, 1000):03}"
            )
            text = body + nir.calc_check_digits(body)
            if number % 12:
                text = f"{text[0]} {text[1:3]} {text[3:5]} {text[5:7]} {text[7:10]} {text[10:]}"
        elif kind == 1:
            text = f"canari.{number}.{chance.randrange(10**6)}@exemple.test"
        elif kind == 2:
            digits = f"{chance.randrange(10**8):08}"
            text = f"0{chance.choice('1234567')} " + " ".join(
                digits[at : at + 2] for at in range(0, 8, 2)
            )
        elif kind == 3:
            bban = f"{chance.randrange(10**23):023}"
            key = 98 - int(bban + "152700") % 97
            text = f"FR{key:02}{bban}"
        elif kind == 4:
            text = (
                f"née le {chance.randrange(1, 29):02}/{chance.randrange(1, 13):02}/"
                f"{chance.randrange(1930, 2015)}, n {chance.randrange(1000)}"
            )
        else:
            text = f"allocataire n° {chance.randrange(10**6, 10**7)}"
        found[text] = None
    return list(found)


def as_messages(territory, text):
    """Yield each way to hide a text in a message on NATS: body, header and envelope."""
    told = territory.signal(area_code="31446", period="2011")
    body = {name: value for name, value in told.items() if name != "type"}
    raw = json.dumps(body)
    yield {"body": json.dumps({**body, "comment": text}, ensure_ascii=False).encode()}
    yield {"body": json.dumps({**body, "measure": text}, ensure_ascii=True).encode()}
    doubled = json.dumps({"measure": text}, ensure_ascii=False)[:-1] + ", " + raw[1:]
    yield {"body": doubled.encode()}
    yield {"body": raw.encode(), "headers": {"ce-id": quote(text)}}
    yield {"body": raw.encode(), "headers": {"ce-subject": quote(text)}}
    yield {"body": raw.encode(), "headers": {"x-note": quote(text)}}
    yield {"body": raw.encode(), "headers": {"ce-source": quote(text)}}
    yield {
        "body": raw.encode(),
        "headers": {"ce-datacontenttype": f"application/json; n={quote(text)}"},
    }
    yield {"body": raw.encode(), "headers": {"ce-type": quote(text)}}
    yield {"body": text.encode()}


def as_events(territory, text):
    """Yield each way to hide a text in an event over HTTP."""
    told = territory.signal(area_code="31446", period="2011")
    yield territory.event({**told, "comment": text})
    yield territory.event({**told, "age_band": text})
    yield territory.event(told, id=text)
    yield territory.event(told, subject=text)
    yield territory.event(told, source=text)
    yield territory.event(told, type=text)
    yield {**territory.event(told), text[:30]: "x"}


FORMS = {
    "communes": lambda text: {
        "source": text,
        "vintage": "2026",
        "communes": [
            {"code": "31446", "name": "X", "population": 1, "longitude": 1.0, "latitude": 43.0}
        ],
    },
    "indicators": lambda text: {
        "indicator": "canary",
        "label": text,
        "unit": "point",
        "source": "essai",
        "licence": "aucune",
        "vintage": "2026",
        "observations": [{"commune": "31446", "value": "1"}],
    },
    "elements": lambda text: {
        "title": text,
        "problem": "housing",
        "public": "young",
        "communes": ["31446"],
        "figure": {
            "kind": "NEED",
            "figure": "needs",
            "reading": "3",
            "source": "essai",
            "vintage": "2026",
        },
        "observed_on": "2026-01-02",
        "organization": "ccas-labege",
    },
    "evidence": lambda text: {
        "target": {"kind": "ACTION", "id": "a1"},
        "kind": "STUDY",
        "title": text,
        "source": "essai",
        "dated": "2026-01-02",
        "url": "https://exemple.test/etude",
    },
    "surveys": lambda text: {
        "title": text,
        "operator": "ccas-labege",
        "communes": ["31446"],
        "begins_on": "2026-01-02",
        "ends_on": "2026-01-30",
        "questions": [],
    },
}
"""A body of each route that takes free words, right but for its words."""


async def through_routes(territory, texts):
    """Send each text to one route, and return how many were taken."""
    taken = 0
    for number, text in enumerate(texts):
        name = list(FORMS)[number % len(FORMS)]
        answer = await territory.post(f"/{name}", FORMS[name](text))
        assert answer.status_code < 500, answer.text
        taken += answer.status_code < 300
    return taken


async def through_files(territory, texts):
    """Bring a table with a text a row, and return how many rows were taken."""
    file = io.StringIO()
    table = csv.writer(file, delimiter=";")
    table.writerow(["area", "indicator", "label", "unit", "source", "licence", "vintage", "value"])
    for number, text in enumerate(texts):
        where = ["canary", "Essai", "point", "essai", "aucune", "2026"]
        if number % 2:
            where[max(1, number % 6)] = text
        else:
            where[1] = text
        table.writerow(["31446", *where, "3"])
    answer = await territory.rig.diagnostics.post(
        f"{territory.base}/imports/indicators",
        content=file.getvalue().encode(),
        headers={**territory.rig.bearer("coordinator", territory.slug), "Content-Type": "text/csv"},
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["accepted"] + answer.json()["unchanged"]


async def through_nats(territory, texts):
    """Publish each text in one message, hidden in one of the ways."""
    limit = asyncio.Semaphore(50)

    async def one(number, text):
        ways = list(as_messages(territory, text))
        async with limit:
            await territory.publish(territory.signal(), **ways[number % len(ways)])

    await asyncio.gather(*(one(number, text) for number, text in enumerate(texts)))


def found_in(folders, needles, tmp_path):
    """Return the files that hold one of some texts, as they are or as headers write them."""
    lines = {form for text in needles for form in (text, quote(text), json.dumps(text)[1:-1])}
    listed = tmp_path / "needles"
    listed.write_text("\n".join(sorted(lines)) + "\n", encoding="utf-8")
    done = subprocess.run(
        ["grep", "-rlaF", "-f", str(listed), *map(str, folders)],
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout.splitlines()


async def rows_of(rig):
    """Return every row of every table of both services as text, facts decoded."""
    found = []
    for service in rig.services.values():
        async with service.read() as connection:
            tables = await connection.fetch(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            )
            for (table,) in tables:
                found += [
                    str(row["row"])
                    for row in await connection.fetch(f"SELECT t::text AS row FROM {table} AS t")
                ]
            found += [
                row["data"].decode()
                for row in await connection.fetch("SELECT data FROM ev WHERE data IS NOT NULL")
            ]
    return "\n".join(found)


@pytest.fixture
async def places(rig, ground):
    """The folders of the databases of both services, of the write-ahead log and of NATS."""
    own = (ground / "postgres").rglob("PG_VERSION")  # Whole stacks stand beside it.
    (data,) = {path.parent for path in own if (path.parent / "base").is_dir()}
    folders = [data / "pg_wal", rig.bus.server.folder]
    for service in rig.services.values():
        async with service.read() as connection:
            oid = await connection.fetchval(
                "SELECT oid FROM pg_database WHERE datname = current_database()"
            )
            folders.append(data / "base" / str(oid))
    folders += list(ground.rglob("*.log"))
    return folders


async def test_no_identifier_is_found_after_it_was_sent_through_every_way_in(
    rig, territory, places, tmp_path
):
    texts = identifiers()
    control = territory.event(territory.signal(), id=ALLOWED)
    with capture_logs() as logs:
        logger().info("control", note=ALLOWED)
        (kept,) = await territory.send(control)
        assert kept["status"] == "kept"
        assert await through_routes(territory, [ALLOWED] * len(FORMS)) == len(FORMS)
        assert await through_files(territory, [ALLOWED]) == 1

        await through_nats(territory, texts)
        events = [
            event
            for number, text in enumerate(texts)
            for event in [list(as_events(territory, text))[number % 7]]
        ]
        items = await territory.send(*events)
        assert {item["status"] for item in items} == {"refused"}
        assert await through_routes(territory, texts[:120]) == 0
        assert await through_files(territory, texts) == 0
        headers = {
            **rig.bearer("coordinator", territory.slug),
            "Idempotency-Key": "canari.1@exemple.test",
        }
        await rig.diagnostics.post(f"{territory.base}/needs", json={}, headers=headers)

        async def all_erased():
            async with rig.services["exchange"].read() as connection:
                refused = await connection.fetchval(
                    "SELECT count(*) FROM receipts WHERE coordination = $1 AND in_seq > 0",
                    territory.slug,
                )
                left = await connection.fetchval("SELECT count(*) FROM erasures")
            return refused >= COUNT and not left

        await until(all_erased, 120)

    rows = await rows_of(rig)
    assert ALLOWED in rows
    assert [text for text in texts if text in rows] == []
    assert ALLOWED in str(logs)
    said = "\n".join(map(str, logs))
    assert [text for text in texts if text in said] == []
    plain = 2 if NATS_NODES == 1 else 1  # The nodes of a cluster encrypt what they write.
    assert len(found_in(places, [ALLOWED], tmp_path)) >= plain, "the control is on disk"
    assert found_in(places, texts, tmp_path) == []
    await _nothing_is_exported(territory, texts)


async def _nothing_is_exported(territory, texts):
    told = []
    for path in (
        "/areas/31446",
        "/needs",
        "/map",
        "/elements",
        "/evidence",
        "/surveys",
        "/indicators",
    ):
        answer = await territory.get(path)
        assert answer.status_code == 200, f"{path}: {answer.text}"
        told.append(answer.text)
    signals = await territory.rig.exchange.get(
        f"{territory.base}/signals?limit=200",
        headers=territory.rig.bearer("coordinator", territory.slug),
    )
    told.append(signals.text)
    assert ALLOWED in "\n".join(told)
    assert [text for text in texts if any(text in one for one in told)] == []
    answers = json.dumps(await territory.told(f"out.{CAF}.{territory.slug}.>"), ensure_ascii=False)
    assert [text for text in texts if text in answers] == []
