"""What is wrong is refused to its sender, with code, field and sentence; the rest goes on."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Self
from uuid import uuid4

import nats
import nats.errors
import nats.js.errors
import pytest

from tests.acceptance.conftest import Stack, publish, run_ctin
from tests.acceptance.signals import CCAS_AGREEMENT, exposure, need

NIR = "1 85 05 78 006 084 91"  # The documented example of a made-up number with a right key.


class Bare:
    """A partner with a bare client, who may write what it likes."""

    def __init__(self, stack: Stack, institution: str = "cpam-31") -> None:
        self.me = json.loads((stack.institution(institution) / "partner.json").read_text())
        self.seed = Path(self.me["nkey_seed_file"]).read_text(encoding="utf-8").strip()

    async def __aenter__(self) -> Self:
        self.errors: list[str] = []

        async def failed(fault: Exception) -> None:
            self.errors.append(str(fault))

        self.client = await nats.connect(
            self.me["nats_url"],
            nkeys_seed_str=self.seed,
            inbox_prefix=self.me["inbox_prefix"],
            error_cb=failed,
        )
        self.stream = self.client.jetstream(timeout=3)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.close()

    def headers(self, **changes: str | None) -> dict[str, str]:
        told = {
            "ce-specversion": "1.0",
            "ce-id": str(uuid4()),
            "ce-source": f"urn:ctin:institution:{self.me['institution']}",
            "ce-type": "fr.ctin.signals.exposure_count.v1",
            "ce-time": datetime.now(UTC).isoformat(),
            "ce-datacontenttype": "application/json",
        }
        told |= {f"ce-{name}": value for name, value in changes.items()}
        return {name: value for name, value in told.items() if value is not None}

    async def send(self, body: bytes, headers: dict[str, str] | None, fact: str = "exposure_count"):
        """Publish and return the sequence where it is kept."""
        subject = f"in.{self.me['institution']}.{self.me['coordination']}.{fact}.v1"
        return (await self.stream.publish(subject, body, headers=headers)).seq

    async def answer(self, in_seq: int) -> dict:
        """Return the answer to one message, leaving none of the others unread."""
        durable = self.me["durables"]["answers"]
        subscription = await self.stream.pull_subscribe_bind(durable, stream=self.me["stream"])
        async with asyncio.timeout(20):
            while True:
                try:
                    messages = await subscription.fetch(100, timeout=1)
                except (nats.errors.TimeoutError, TimeoutError):
                    continue
                found = None
                for message in messages:
                    told = json.loads(message.data)
                    await message.ack()
                    if told["in_seq"] == in_seq:
                        found = {**told, "cause": (message.headers or {}).get("ce-causationid")}
                if found:
                    return found


def body(**changes) -> bytes:
    told = exposure(**changes)
    del told["type"]
    return json.dumps(told).encode()


BODIES = [
    (b"{", "E_FIELD", "", "JSON mal formé"),
    (b"[]", "E_FIELD", "", "une liste n'est pas un signal"),
    (b"", "E_FIELD", "", "corps vide"),
    (b'{"measure": "\xff\xfe"}', "E_ENCODING", "", "UTF-8 faux"),
    (body(count=None), "E_FIELD", "count", "champ absent"),
    (body(unknown="x"), "E_FIELD", "unknown", "champ inconnu"),
    (body(count="beaucoup"), "E_FIELD", "count", "type faux"),
    (body(count=-1), "E_FIELD", "count", "compte négatif"),
    (body(period="hier"), "E_FIELD", "period", "période fausse"),
    (body(comment="une dame est venue"), "E_TEXT", "comment", "texte libre"),
    (body(nir="x"), "E_PERSON", "nir", "donnée sur une personne"),
    (body(signal_id="pas-un-uuid"), "E_FIELD", "signal_id", "identifiant faux"),
    (body(agreement=None), "E_AGREEMENT", "agreement", "ni convention ni licence"),
    (body(agreement=str(uuid4())), "E_AGREEMENT", "agreement", "convention inconnue"),
    (body(agreement=CCAS_AGREEMENT), "E_AGREEMENT", "agreement", "convention d'un autre"),
    (
        body(agreement=None, licence="cnaf-open-data"),
        "E_AGREEMENT",
        "licence",
        "licence d'un autre",
    ),
    (body(purpose="need_follow_up"), "E_PURPOSE", "purpose", "finalité hors convention"),
    (body(area_code="99999"), "E_AREA", "area_code", "commune inconnue"),
    (body(area_code="75056"), "E_AREA", "area_code", "commune d'ailleurs"),
    (body(measure="nothing"), "E_VOCABULARY", "measure", "mesure inconnue"),
    (body(unit="visit"), "E_VOCABULARY", "unit", "unité d'une autre mesure"),
    (body(count=10), "E_SMALL", "count", "sous le seuil"),
    (
        body(age_band="a", household_type="b", equipment="c"),
        "E_FIELD",
        "breakdown",
        "trois ventilations",
    ),
    (body(denominator=100), "E_FIELD", "denominator", "dénominateur sans taux"),
]


@pytest.mark.parametrize(
    ("sent", "code", "field"), [one[:3] for one in BODIES], ids=[one[3] for one in BODIES]
)
async def test_a_bad_body_is_refused_with_its_reason(stack: Stack, sent, code, field):
    async with Bare(stack) as partner:
        headers = partner.headers()
        answer = await partner.answer(await partner.send(sent, headers))
    assert (answer["code"], answer["field"]) == (code, field), answer
    assert answer["detail"]
    assert answer["cause"] == headers["ce-id"]


HEADERS = [
    (None, "E_ENVELOPE", "ce-specversion"),
    ({"specversion": "0.3"}, "E_ENVELOPE", "ce-specversion"),
    ({"id": None}, "E_ENVELOPE", "ce-id"),
    ({"time": "hier"}, "E_ENVELOPE", "ce-time"),
    ({"datacontenttype": "text/csv"}, "E_ENVELOPE", "ce-datacontenttype"),
    ({"type": "fr.ctin.signals.nothing.v1"}, "E_TYPE", "ce-type"),
    ({"type": "fr.ctin.signals.exposure_count.v2"}, "E_TYPE", "ce-type"),
    ({"type": "fr.ctin.signals.reported_need.v1"}, "E_TYPE", "ce-type"),
    ({"source": "urn:ctin:institution:caf-31"}, "E_SOURCE", "ce-source"),
]


@pytest.mark.parametrize(("changes", "code", "field"), HEADERS, ids=str)
async def test_a_bad_envelope_is_refused_with_its_header(stack: Stack, changes, code, field):
    async with Bare(stack) as partner:
        headers = None if changes is None else partner.headers(**changes)
        answer = await partner.answer(await partner.send(body(), headers))
    assert (answer["code"], answer["field"]) == (code, field), answer


@pytest.mark.parametrize(
    ("sent", "headers", "kind"),
    [
        (body(comment=f"son numéro est {NIR}"), {}, "NIR"),
        (body(measure="n" + NIR.replace(" ", "")), {}, "NIR"),
        (body(), {"id": "jeanne@example.org"}, "EMAIL"),
        (body(comment="appelez le 06 12 34 56 78"), {}, "PHONE"),
    ],
    ids=["texte", "mot", "en-tête", "téléphone"],
)
async def test_personal_data_is_refused_not_repeated_and_erased(stack: Stack, sent, headers, kind):
    async with Bare(stack) as partner:
        in_seq = await partner.send(sent, partner.headers(**headers))
        answer = await partner.answer(in_seq)
    assert answer["code"] == f"E_PII_{kind}"
    assert answer["signal_id"] is None
    told = json.dumps(answer)
    assert not any(part in told for part in (NIR, NIR.replace(" ", ""), "jeanne", "06 12"))
    recent = stack.ask("exchange", "/v1/coordinations/sicoval/signals?limit=200").text
    assert not any(part in recent for part in (NIR, NIR.replace(" ", ""), "jeanne", "06 12"))


async def test_nothing_personal_is_left_on_disk(stack: Stack):
    """A canary sent through the intake is found in no file of the stack once it is erased."""
    canary = "zoe.canari.7731@example.org"
    async with Bare(stack) as partner:
        answer = await partner.answer(
            await partner.send(body(comment=f"écrire à {canary}"), partner.headers())
        )
    assert answer["code"] == "E_PII_EMAIL"

    def holders():
        folders = [stack.data, stack.folder.parent / "system"]
        files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
        return [str(path) for path in files if canary.encode() in path.read_bytes()]

    async with asyncio.timeout(20):
        while found := holders():
            assert all("/nats/" in one for one in found), found
            await asyncio.sleep(0.1)


async def test_the_server_refuses_a_foreign_subject_and_an_oversized_message(stack: Stack):
    async with Bare(stack) as partner:
        with pytest.raises((nats.errors.TimeoutError, nats.js.errors.NoStreamResponseError)):
            await partner.stream.publish(
                "in.caf-31.sicoval.exposure_count.v1", body(), headers=partner.headers(), timeout=1
            )
        assert any("permissions violation" in one for one in partner.errors)
        with pytest.raises(nats.js.errors.APIError):
            await partner.send(b"x" * 70_000, partner.headers())


def test_the_command_explains_what_the_server_refuses(stack: Stack, tmp_path):
    own = json.loads((stack.institution("cpam-31") / "partner.json").read_text())
    (tmp_path / "partner.json").write_text(json.dumps({**own, "coordination": "ailleurs"}))
    line = json.dumps(exposure())
    done = run_ctin("partner", "publish", "-", "--credentials", str(tmp_path), text=line)
    assert done.returncode == 1
    assert "refuse ce sujet à votre clé" in done.stderr
    big = json.dumps({**exposure(), "comment": "x" * 70_000})
    folder = str(stack.institution("cpam-31"))
    done = run_ctin("partner", "publish", "-", "--credentials", folder, text=big)
    assert done.returncode == 1
    assert "dépasse 65536 octets" in done.stderr
    (tmp_path / "partner.json").write_text(json.dumps({**own, "nats_url": "nats://127.0.0.1:9"}))
    done = run_ctin("partner", "publish", "-", "--credentials", str(tmp_path), text=line)
    assert done.returncode == 3
    assert "ne répond pas" in done.stderr


def test_good_rows_survive_bad_ones(stack: Stack):
    rows = [
        exposure(period="2020", area_code=code, count=count)
        for code, count in (("31004", 40), ("31025", 3), ("31035", 60), ("00000", 70))
    ]
    answers = publish(stack, "cpam-31", rows)
    assert [one["code"] for one in answers] == [None, "E_SMALL", None, "E_AREA"]


def structured(told: dict, institution: str, **changes) -> dict:
    kind = told.pop("type")
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": f"urn:ctin:institution:{institution}",
        "type": f"fr.ctin.signals.{kind}.v1",
        "time": "2026-03-01T12:00:00Z",
        "data": told,
        **changes,
    }


def test_http_gives_the_same_checks_one_answer_per_event(stack: Stack):
    token = stack.ready["tokens"]["data_officer"]  # Of caf-31: under the open licence.
    told = {"agreement": None, "licence": "cnaf-open-data", "measure": "aah", "unit": "household"}
    good = exposure(period="2019", **told)
    events = [
        structured(dict(good), "caf-31"),
        structured(exposure(period="2019", **told, count=True), "caf-31"),
        structured(exposure(period="2019", **told), "cpam-31"),
        structured(exposure(period="2019", **told, comment=f"voir {NIR}"), "caf-31"),
        structured(exposure(period="2018", **told), "caf-31", specversion="0.1"),
    ]
    answer = stack.ask(
        "exchange",
        "/v1/signals",
        verb="POST",
        role="data_officer",
        content=json.dumps(events),
        headers={"Content-Type": "application/cloudevents-batch+json"},
    )
    assert token
    assert answer.status_code == 202, answer.text
    items = answer.json()["items"]
    assert [one["index"] for one in items] == [0, 1, 2, 3, 4]
    assert [one["status"] for one in items] == ["kept"] + ["refused"] * 4
    codes = [one["code"] for one in items]
    assert codes == [None, "E_FIELD", "E_SOURCE", "E_PII_NIR", "E_ENVELOPE"]
    assert NIR not in answer.text

    path = f"/v1/coordinations/sicoval/signals/{good['signal_id']}"
    state = stack.ask("exchange", path, role="data_officer").json()
    assert state["status"] in {"kept", "accepted"}


def test_http_takes_one_event_or_lines_and_refuses_other_forms(stack: Stack):
    def post(content: str, form: str, role: str = "data_officer"):
        return stack.ask(
            "exchange",
            "/v1/signals",
            verb="POST",
            role=role,
            content=content,
            headers={"Content-Type": form},
        )

    told = {"agreement": None, "licence": "cnaf-open-data", "measure": "apl", "unit": "household"}
    one = json.dumps(structured(exposure(period="2017", **told), "caf-31"))
    assert post(one, "application/cloudevents+json").json()["items"][0]["status"] == "kept"
    lines = post(f"{one}\n{{\n", "application/x-ndjson").json()["items"]
    assert [item["status"] for item in lines] == ["kept", "refused"]
    wrong = post(one, "text/csv")
    assert (wrong.status_code, wrong.json()["code"]) == (415, "E_ENVELOPE")
    assert wrong.headers["content-type"].startswith("application/problem+json")
    assert post(one, "application/cloudevents+json", role="coordinator").status_code == 403


def test_a_small_need_by_the_wrong_institution_is_refused(stack: Stack):
    answers = publish(stack, "cpam-31", [need()])
    assert answers[0]["code"] == "E_AGREEMENT"


@pytest.mark.parametrize(
    ("values", "status", "field", "told"),
    [
        ([("31506", "1"), ("31506", "2")], 422, "commune", "31506 est donnée deux fois"),
        ([("31506", "1\u0000")], 400, "observations.0.value", ""),
    ],
    ids=["a commune twice", "a value that is no number"],
)
def test_a_load_that_contradicts_itself_is_refused_and_changes_nothing(
    stack, values, status, field, told
):
    body = {
        "indicator": "made-up",
        "label": "Inventé",
        "unit": "point",
        "source": "le test",
        "licence": "aucune",
        "vintage": "2026",
        "observations": [{"commune": code, "value": value} for code, value in values],
    }
    answer = stack.ask(
        "diagnostics", "/v1/coordinations/sicoval/indicators", verb="POST", json=body
    )

    assert (answer.status_code, answer.json()["code"]) == (status, "E_FIELD"), answer.text
    assert answer.json()["errors"][0]["field"].startswith(field.split(".")[0])
    assert told in answer.json()["detail"]
    assert "made-up" not in stack.ask("diagnostics", "/v1/coordinations/sicoval/areas/31506").text


def test_a_text_that_holds_a_nul_is_refused(stack):
    body = {
        "indicator": "made-up",
        "label": "In\u0000venté",
        "unit": "point",
        "source": "le test",
        "licence": "aucune",
        "vintage": "2026",
        "observations": [{"commune": "31506", "value": "1"}],
    }
    answer = stack.ask(
        "diagnostics", "/v1/coordinations/sicoval/indicators", verb="POST", json=body
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "E_FIELD"), answer.text
    assert "nul" in answer.json()["detail"]
