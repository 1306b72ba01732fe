"""Sharing agreements whole: what they say, who signed, suspension, summary, alerts, register."""

import csv
import hashlib
import io
from datetime import timedelta
from uuid import uuid4

import pytest

from services.chassis import ids
from services.members.model.days import day_of
from tests.integration.members.people import refusal

WHOLE = {
    "party_roles": [
        {"party": "sicoval", "role": "JOINT_CONTROLLER"},
        {"party": "cpam-31", "role": "CONTROLLER"},
    ],
    "legal_text": "Code de la sécurité sociale, article L. 000-0 (fictif)",
    "persons_categories": ["Assurés sociaux"],
    "data_categories": ["Effectifs par commune"],
    "fields": ["count", "breakdown.age_band"],
    "tier": "AGREEMENT",
    "recipients": ["Membres du comité stratégique"],
    "dpia_reference": "AIPD-2026-01 (fictif)",
    "register_reference": "REG-12 (fictif)",
    "dpo_contacts": [{"party": "cpam-31", "contact": "dpo@cpam.exemple.test"}],
}
HASH = "0" * 64


@pytest.fixture
def ask(people):
    return people.ask


@pytest.fixture
async def whole(ask, people, draft):
    asked = {**draft, **WHOLE}
    answer = await ask("POST", f"{people.base}/agreements", asked)
    assert answer.status_code == 201, answer.text
    return asked


def at(agreement, step=""):
    return f"/v1/agreements/{agreement['id']}{step}"


async def test_an_agreement_holds_all_its_parties_agreed(ask, whole):
    told = (await ask("GET", at(whole))).json()

    assert {name: told[name] for name in whole} == whole
    assert (told["state"], told["signatories"], told["summary_sha256"]) == ("DRAFT", [], None)


async def test_what_is_agreed_about_persons_never_leaves_in_a_fact(ask, whole, pool, facts_about):
    await ask("POST", at(whole, "/sign"))
    await ask("POST", at(whole, "/suspend"), {"reason": "Contrôle (fictif)"})
    await ask("POST", at(whole, "/resume"))

    assert len(await facts_about(whole["id"])) == 3
    rows = await pool.fetch("SELECT data, subject FROM ev WHERE aggregate = $1", whole["id"])
    assert not any(b"dpo" in row["data"] or "dpo" in row["subject"] for row in rows)


@pytest.mark.parametrize(
    ("changed", "code", "field", "sentence"),
    [
        (
            {"party_roles": WHOLE["party_roles"][:1]},
            "E_FIELD",
            "party_roles",
            "« cpam-31 » n'a pas de rôle au sens du RGPD ; donnez-lui le sien.",
        ),
        (
            {"party_roles": [{"party": "caf-31", "role": "PROCESSOR"}]},
            "E_FIELD",
            "party_roles",
            "« caf-31 » n'est pas parmi les parties ; ajoutez-la ou retirez-la.",
        ),
        (
            {"party_roles": WHOLE["party_roles"][:1] * 2},
            "E_FIELD",
            "party_roles",
            "« sicoval » est donné deux fois ; gardez-le une fois.",
        ),
        (
            {"dpo_contacts": [{"party": "caf-31", "contact": "dpo@caf.exemple.test"}]},
            "E_FIELD",
            "dpo_contacts",
            "« caf-31 » n'est pas parmi les parties ; ajoutez-la ou retirez-la.",
        ),
        (
            {"dpo_contacts": [{"party": "cpam-31", "contact": "NIR 1 85 05 78 006 084 91"}]},
            "E_PII",
            "dpo_contacts",
            "Une donnée personnelle (NIR) a été reconnue dans « dpo_contacts » ; retirez-la.",
        ),
        (
            {"recipients": ["anne@exemple.test"]},
            "E_PII",
            "recipients",
            "Une donnée personnelle (EMAIL) a été reconnue dans « recipients » ; retirez-la.",
        ),
        (
            {"legal_text": "voir anne@exemple.test"},
            "E_PII",
            "legal_text",
            "Une donnée personnelle (EMAIL) a été reconnue dans « legal_text » ; retirez-la.",
        ),
        (
            {"data_categories": ["Effectifs", "Effectifs"]},
            "E_FIELD",
            "data_categories",
            "« Effectifs » est donné deux fois ; gardez-le une fois.",
        ),
    ],
)
async def test_what_does_not_fit_the_parties_is_refused(
    ask, people, draft, whole, changed, code, field, sentence
):
    written = await ask(
        "POST", f"{people.base}/agreements", {**draft, **changed, "id": str(uuid4())}
    )
    rewritten = await ask("PUT", at(whole), {**whole, **changed})

    assert refusal(written) == refusal(rewritten) == (422, code, field, sentence)


async def test_a_draft_is_written_anew_until_somebody_signs(ask, whole):
    changed = {**whole, "reference": "FICTIF-2026-02", "recipients": []}
    del changed["id"]

    rewritten = [await ask("PUT", at(whole), changed) for _ in range(2)]
    other = await ask("PUT", at(whole), {**changed, "id": str(uuid4())})
    await ask("POST", at(whole, "/sign"), {"party": "sicoval"})
    late = await ask("PUT", at(whole), changed)

    assert [answer.status_code for answer in rewritten] == [200, 200]
    assert rewritten[0].json()["reference"] == "FICTIF-2026-02"
    assert rewritten[0].json() == rewritten[1].json()
    assert refusal(other)[:3] == (409, "E_DIFFERS", "id")
    sentence = f"La convention {whole['id']} porte déjà une signature ; rédigez-en une autre."
    assert refusal(late) == (409, "E_STATE", "state", sentence)


async def test_an_agreement_is_in_force_once_each_party_signed(ask, whole, facts_about):
    first = await ask(
        "POST",
        at(whole, "/sign"),
        {"party": "cpam-31", "signed_on": "2026-01-12", "file_sha256": HASH},
    )
    assert await facts_about(whole["id"]) == []
    again = await ask("POST", at(whole, "/sign"), {"party": "cpam-31"})
    last = {"party": "sicoval", "signed_on": "2026-01-10"}
    both = [await ask("POST", at(whole, "/sign"), last) for _ in range(2)]

    assert first.json()["state"] == again.json()["state"] == "DRAFT"
    assert first.json()["signatories"] == [{"party": "cpam-31", "signed_on": "2026-01-12"}]
    told = both[0].json()
    assert (told["state"], told["signed_on"], told["file_sha256"]) == (
        "SIGNED",
        "2026-01-12",
        HASH,
    )
    assert [one["party"] for one in told["signatories"]] == ["cpam-31", "sicoval"]
    assert both[1].json() == told
    assert [fact["type"] for fact in await facts_about(whole["id"])] == ["agreement_signed"]


async def test_a_party_signs_on_one_day_and_only_if_it_is_one(ask, whole):
    await ask("POST", at(whole, "/sign"), {"party": "sicoval", "signed_on": "2026-01-10"})

    other_day = await ask(
        "POST", at(whole, "/sign"), {"party": "sicoval", "signed_on": "2026-01-11"}
    )
    nobody = await ask("POST", at(whole, "/sign"), {"party": "caf-31"})

    assert refusal(other_day)[:3] == (409, "E_DIFFERS", "signed_on")
    sentence = "« caf-31 » n'est pas parmi les parties ; ajoutez-la ou retirez-la."
    assert refusal(nobody) == (422, "E_FIELD", "party", sentence)


@pytest.mark.parametrize("how", [{}, {"party": "sicoval"}])
async def test_health_data_are_not_shared_before_their_impact_was_assessed(
    ask, people, draft, how, facts_about
):
    asked = {**draft, "health_data": True}
    await ask("POST", f"{people.base}/agreements", asked)

    refused = await ask("POST", at(asked, "/sign"), how)
    await ask("PUT", at(asked), {**asked, "dpia_reference": "AIPD-1 (fictif)"})
    signed = await ask("POST", at(asked, "/sign"))

    sentence = (
        f"La convention {asked['id']} porte sur des données de santé ; "
        "donnez la référence de son analyse d'impact avant la signature."
    )
    assert refusal(refused) == (422, "E_DPIA", "dpia_reference", sentence)
    assert signed.json()["state"] == "SIGNED"
    assert len(await facts_about(asked["id"])) == 1


async def test_a_suspended_agreement_is_resumed_or_ends(ask, whole, facts_about):
    why = {"reason": "Contrôle (fictif)"}
    early = await ask("POST", at(whole, "/suspend"), why)
    await ask("POST", at(whole, "/sign"))
    suspended = [await ask("POST", at(whole, "/suspend"), why) for _ in range(2)]
    otherwise = await ask("POST", at(whole, "/suspend"), {"reason": "Autre"})
    signed = await ask("POST", at(whole, "/sign"))
    resumed = [await ask("POST", at(whole, "/resume")) for _ in range(2)]
    await ask("POST", at(whole, "/suspend"), why)
    ended = await ask("POST", at(whole, "/end"), {"reason": "Fin (fictif)"})
    late = await ask("POST", at(whole, "/resume"))

    assert refusal(early) == (
        409,
        "E_STATE",
        "state",
        f"La convention {whole['id']} est DRAFT : elle ne peut devenir SUSPENDED.",
    )
    assert [one.json()["state"] for one in suspended] == ["SUSPENDED", "SUSPENDED"]
    assert suspended[0].json()["suspend_reason"] == why["reason"]
    assert refusal(otherwise)[:3] == (409, "E_DIFFERS", "reason")
    assert refusal(signed)[:3] == (409, "E_STATE", "state")
    assert [one.json()["state"] for one in resumed] == ["SIGNED", "SIGNED"]
    assert resumed[0].json()["suspend_reason"] is None
    assert ended.json()["state"] == "ENDED"
    assert refusal(late)[:3] == (409, "E_STATE", "state")
    assert [fact["type"] for fact in await facts_about(whole["id"])] == [
        "agreement_signed",
        "agreement_suspended",
        "agreement_resumed",
        "agreement_suspended",
        "agreement_ended",
    ]


async def test_a_draft_is_not_resumed(ask, whole):
    assert refusal(await ask("POST", at(whole, "/resume")))[:3] == (409, "E_STATE", "state")


SUMMARY = """# Convention de partage FICTIF-2025-PARTAGE-01

- coordination : CTIN d'essai ({c})
- institution : cpam-31 (cpam-31)

## Parties

- sicoval (sicoval) : responsable conjoint du traitement
- cpam-31 (cpam-31) : responsable de traitement

## Finalités

- diagnostic partagé du territoire

## Base légale

- Mission d'intérêt public : RGPD, article 6, 1, e (fictif)
- Code de la sécurité sociale, article L. 000-0 (fictif)

## Données partagées

- envoyé : nombres de personnes exposées
- reçu : mises à jour du diagnostic d'une commune
- champs : count, breakdown.age_band
- catégories de données : Effectifs par commune
- personnes concernées : Assurés sociaux
- données de santé : non
- territoire : toute la coordination
- précision : valeurs exactes, réservées aux parties et aux destinataires
- plus petit nombre transmis, zéro excepté : 11

## Destinataires

- Membres du comité stratégique

## Durées

- du 01/01/2026 au 31/12/2028 inclus
- données conservées 36 mois

## Délégués à la protection des données

- cpam-31 : dpo@cpam.exemple.test

## Références

- analyse d'impact : AIPD-2026-01 (fictif)
- registre des traitements : REG-12 (fictif)
"""


async def test_the_summary_that_is_read_is_the_one_that_is_signed(ask, people, whole, pool):
    read = await ask("GET", at(whole, "/summary"))
    signed = await ask("POST", at(whole, "/sign"))
    await people.member("cpam-31")  # Its name is known from now on; what was signed stays.
    after = await ask("GET", at(whole, "/summary"))

    assert read.text == SUMMARY.format(c=people.coordination)
    assert read.headers["content-type"] == "text/markdown; charset=utf-8"
    digest = hashlib.sha256(read.content).hexdigest()
    assert read.headers["etag"] == f'"{digest}"'
    assert read.headers["content-digest"].startswith("sha-256=:")
    assert signed.json()["summary_sha256"] == digest
    assert (after.content, after.headers["etag"]) == (read.content, f'"{digest}"')


async def test_what_an_unfinished_agreement_does_not_say_its_summary_says_so(ask, people, draft):
    await ask("POST", f"{people.base}/agreements", draft)

    read = await ask("GET", at(draft, "/summary"))

    assert "- sicoval (sicoval) : rôle au sens du RGPD non précisé" in read.text
    assert "- analyse d'impact : non précisé" in read.text
    assert "## Destinataires\n\n- non précisé" in read.text


async def test_agreements_that_end_soon_are_told(ask, people, draft):
    today = day_of(ids.now())
    ends = {-1: "OVER", 0: "DAYS_30", 30: "DAYS_30", 31: "DAYS_90", 90: "DAYS_90", 91: None}
    for days in ends:
        asked = {
            **draft,
            "id": str(uuid4()),
            "reference": f"C{days}",
            "valid_from": "2020-01-01",
            "valid_until": (today + timedelta(days=days)).isoformat(),
        }
        await ask("POST", f"{people.base}/agreements", asked)
        await ask("POST", at(asked, "/sign"))
    unsigned = {**draft, "id": str(uuid4()), "valid_until": today.isoformat()}
    await ask("POST", f"{people.base}/agreements", {**unsigned, "valid_from": "2020-01-01"})

    async def page(**asked):
        address = f"{people.base}/agreement-alerts"
        return (await people.http.get(address, params=asked, headers=people.headers)).json()

    first = await page(limit=3)
    rest = await page(cursor=first["cursor"])

    told = [*first["items"], *rest["items"]]
    assert [(one["days_left"], one["level"]) for one in told] == [
        (days, level) for days, level in ends.items() if level
    ]
    assert rest["cursor"] is None
    assert [one["detail"] for one in told[:3]] == [
        "La convention C-1 n'ouvre plus rien depuis 1 jour(s) ; "
        "mettez-y fin ou signez la suivante.",
        "La convention C0 prend fin aujourd'hui ; préparez la suivante.",
        "La convention C30 prend fin dans 30 jour(s) ; préparez la suivante.",
    ]


async def test_the_register_of_processing_is_what_the_agreements_say(ask, people, whole, draft):
    await ask("POST", at(whole, "/sign"))
    await ask("POST", f"{people.base}/agreements", {**draft, "id": str(uuid4())})
    address = f"{people.base}/processing-register"

    (line,) = (await ask("GET", address)).json()["items"]
    file = await ask("GET", f"{address}?format=csv")

    assert line["agreement"] == whole["id"]
    assert (line["state"], line["retention"]) == ("en vigueur", "36 mois")
    assert line["purposes"] == ["diagnostic partagé du territoire"]
    assert line["party_roles"] == WHOLE["party_roles"]
    assert line["dpo_contacts"] == WHOLE["dpo_contacts"]
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    (row,) = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
    assert row["Parties"] == (
        "sicoval (responsable conjoint du traitement) ; cpam-31 (responsable de traitement)"
    )
    assert row["Délégués à la protection des données"] == "cpam-31 : dpo@cpam.exemple.test"
    assert row["Analyse d'impact"] == "AIPD-2026-01 (fictif)"
    assert row["Données de santé"] == "non"


async def test_no_cell_of_the_register_is_a_formula(ask, people, draft):
    await ask("POST", f"{people.base}/agreements", {**draft, "reference": "=1+1"})
    await ask("POST", at(draft, "/sign"))

    file = await ask("GET", f"{people.base}/processing-register?format=csv")

    (row,) = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
    assert row["Convention"] == "'=1+1"


async def test_a_coordination_that_was_never_founded_has_no_register(http, bearer):
    answer = await http.get("/v1/coordinations/nowhere/processing-register", headers=bearer())

    assert refusal(answer)[:2] == (404, "E_UNKNOWN")
