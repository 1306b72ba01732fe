"""What leaves as files: open data valid against its schema, reports, deadlines, a workbook."""

import csv
import io
import re
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from icalendar import Calendar

from services.funding.reads import exports
from tests.conftest import real_data
from tests.integration.funding.conftest import DAY, FUND
from tests.integration.funding.table_schema import faults, missing

SIRETS = {"region": "20005379100014", "transporteur": "35600000000048"}


@pytest.fixture
async def told(make_world):
    """A coordination whose funder and payee have SIRETs, so that what it gives is published."""
    world = await make_world()
    funder = {"name": "Région (fictive)", "level": "REGION", "legal_nature": "PUBLIC_PERSON"}
    await world.put("funders/publiee", {**funder, "siret": SIRETS["region"]})
    await world.put("funds/publie", {**FUND, "funder": "publiee"})
    await world.put("payees/publie", {"name": '=HYPERLINK("x")', "siret": SIRETS["transporteur"]})
    return world


async def export(world, name, **params):
    answer = await world.running.client.get(
        world.address(f"exports/{name}"), params=params, headers=world.headers
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="{world.coordination}-{name}"'
    )
    return answer


def rows_of(answer, delimiter=";"):
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


async def signed(world, cents=100, payee="transporteur"):
    hold = await world.must("commit", cents, payee=payee)
    await world.must("post", None, pending_id=hold)


async def identified(world):
    """Give the world's own funder and payee a SIRET, which they were written without."""
    async with world.running.service.write() as connection:
        await connection.execute(
            "UPDATE funders SET siret = $2 WHERE coordination = $1",
            world.coordination,
            SIRETS["region"],
        )


@pytest.mark.real_data
async def test_grants_are_published_valid_against_the_schema_of_the_law(told):
    await identified(told)
    await told.reach("awarded", 300_050)
    await signed(told, 100_050, payee="publie")
    await told.must("liquidate", 100_050, payee="publie")
    await signed(told, 200_000)

    answer = await export(told, "subventions-scdl.csv")

    schema = real_data() / "finances/scdl/schema.json"
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert not answer.content.startswith(b"\xef\xbb\xbf")
    assert (missing(answer.text, schema), faults(answer.text, schema)) == ([], [])
    (row,) = rows_of(answer, ",")  # The other has no number to be published under.
    assert (row["montant"], row["idAttribuant"], row["idBeneficiaire"]) == (
        "1000.50",
        SIRETS["region"],
        SIRETS["transporteur"],
    )
    assert (row["conditionsVersement"], row["referenceDecision"]) == ("unique", "2026-01")
    (left,) = rows_of(await export(told, "subventions-a-completer.csv"))
    assert left["manque"] == "le SIRET ou le numéro RNA du bénéficiaire"


@pytest.mark.real_data
def test_the_check_of_the_schema_takes_the_valid_example_and_refuses_the_invalid_one():
    folder = real_data() / "finances/scdl"
    schema = folder / "schema.json"

    assert faults((folder / "exemple_valide.csv").read_text(), schema) == []
    wrong = faults((folder / "exemple_invalide_erreurs_cellules.csv").read_text(), schema)
    assert {field for _, field in wrong} >= {
        "idAttribuant",
        "rnaBeneficiaire",
        "dateConvention",
        "montant",
        "nature",
        "conditionsVersement",
        "datesPeriodeVersement",
        "pourcentageSubvention",
    }


async def test_what_was_taken_back_whole_is_not_published(told):
    await identified(told)
    await told.reach("awarded", 500)
    await signed(told, 300, payee="publie")
    (posted,) = await told.acts_of_kind("post")
    await told.must("lapse", 300, reverses=posted)

    assert rows_of(await export(told, "subventions-scdl.csv"), ",") == []
    (left,) = rows_of(await export(told, "subventions-a-completer.csv"))
    assert "entièrement repris" in left["manque"]


async def test_no_cell_of_a_file_is_computed_by_a_spreadsheet(told):
    await identified(told)
    await told.reach("awarded", 500)
    await signed(told, 300, payee="publie")

    (row,) = rows_of(await export(told, "restes-a-realiser.csv"))
    book = openpyxl.load_workbook(io.BytesIO((await export(told, "fonds-commun.xlsx")).content))

    assert row["nom du bénéficiaire"] == '\'=HYPERLINK("x")'
    assert row["reste à réaliser"] == "3,00"
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert "f" not in {cell.data_type for cell in cells}
    assert '\'=HYPERLINK("x")' in [cell.value for cell in cells]


async def test_a_workbook_says_what_the_pool_says(world):
    await world.reach("awarded", 12_345)

    answer = await export(world, "fonds-commun.xlsx")

    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    book = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True)
    assert book.sheetnames == [
        "Fonds",
        "Plans de financement",
        "Restes à réaliser",
        "Soldes à demander",
    ]
    titles, *lines = book["Fonds"].iter_rows(values_only=True)
    (line,) = [dict(zip(titles, one, strict=True)) for one in lines]
    assert (line["fonds"], line["attribué"], line["promis"]) == ("region", 123.45, 0)
    titles, *lines = book["Plans de financement"].iter_rows(values_only=True)
    plan = dict(zip(titles, lines[0], strict=True))
    assert (plan["action"], plan["attribué"], plan["budget"]) == ("bus", 123.45, 100_000)


async def test_what_is_left_to_do_is_what_was_committed_and_not_done_by_the_day(world):
    await world.reach("awarded", 1_000)
    await signed(world, 700)
    await world.must("liquidate", 250, effective_on="2026-12-31")
    await world.must("liquidate", 50, effective_on="2027-01-01")

    def left(answer):
        return [one["reste à réaliser"] for one in rows_of(answer)]

    assert left(await export(world, "restes-a-realiser.csv", as_of="2026-05-17")) == []
    assert left(await export(world, "restes-a-realiser.csv", as_of=DAY)) == ["7,00"]
    assert left(await export(world, "restes-a-realiser.csv", as_of="2026-12-31")) == ["4,50"]
    assert left(await export(world, "restes-a-realiser.csv", as_of="2027-01-01")) == ["4,00"]


@pytest.mark.parametrize(
    ("changed", "balance"),
    [
        ({}, "70,00"),  # Agreed 100, received 30.
        ({"mode": "reimbursement", "prefinancing_limit_cents": 10_000}, "10,00"),  # Done 40.
        ({"custody": "DIRECT"}, "100,00"),  # Nothing is paid yet.
    ],
)
async def test_the_balance_to_claim_is_what_is_due_less_what_was_handed_over(
    make_world, changed, balance
):
    world = await make_world(**changed)
    await world.reach("awarded", 10_000)
    await signed(world, 5_000)
    await world.must("liquidate", 4_000)
    if "custody" not in changed:
        await world.must("receive", 3_000)

    (row,) = rows_of(await export(world, "soldes-a-demander.csv"))

    assert row["solde à demander"] == balance


async def test_a_financial_report_has_the_headings_of_the_order_and_adds_up(world):
    body = {"fund": "region", "amount_cents": 900, "signed_on": "2026-03-06", "action": "bus"}
    await world.put("funding-agreements/pour-bus", {**body, "reference": "CP-2026-12"})
    for kind in ("pledge", "notify"):
        await world.must(kind, 900)
    await world.must("agree", 900, agreement="pour-bus")
    await world.must("award", 900)
    await signed(world, 600)
    await world.must("liquidate", 450)

    table = rows_of(await export(world, "compte-rendu-financier.csv", agreement="pour-bus"))
    text = (await export(world, "compte-rendu-financier.md", agreement="pour-bus")).text

    charge, *_ = [one for one in table if one["ligne"].startswith("Achats de biens et services")]
    assert (charge["prévision"], charge["réalisation"], charge["écart"]) == (
        "6,00",
        "4,50",
        "-1,50",
    )
    assert charge["réalisation en % de la prévision"] == "75,0"
    (source,) = [one for one in table if one["ligne"].startswith("Subvention")]
    assert (source["prévision"], source["réalisation"]) == ("9,00", "4,50")
    headings = {one["rubrique"] for one in table}
    for heading in ("I – Charges directes", "II – Charges indirectes", "I – Ressources directes"):
        assert any(one.startswith(heading) for one in headings)
    (to_come,) = [one for one in table if one["ligne"].startswith("Engagements à réaliser sur")]
    assert to_come["réalisation"] == "1,50"  # 6.00 committed, 4.50 done.
    for heading in (
        "# Compte rendu financier de subvention",
        "## 1. Bilan qualitatif de l'action",
        "## 2. Tableau de données chiffrées",
        "## 3. Annexe explicative du tableau",
    ):
        assert heading in text.splitlines()
    assert "CP-2026-12" in text
    assert "**4,50\u00a0€**" in text  # 9.00 agreed, 4.50 done.


async def test_deadlines_are_read_by_a_calendar_and_keep_their_identity(world):
    first = await export(world, "echeances.ics")
    again = await export(world, "echeances.ics")

    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    events = list(Calendar.from_ical(first.content).walk("VEVENT"))
    assert {str(one["summary"]): one["dtstart"].dt for one in events} == {
        "Fin du fonds « Fonds d'essai »": date(2028, 12, 31),
        "Compte rendu financier dû : « Fonds d'essai »": date(2029, 6, 30),
    }
    for one in events:
        told = [alarm["trigger"].dt.days for alarm in one.walk("VALARM")]
        assert told == [-180, -90, -30]
    repeated = Calendar.from_ical(again.content).walk("VEVENT")
    assert [one["uid"] for one in repeated] == [one["uid"] for one in events]
    # RFC 5545, 3.1: lines end with CRLF and are at most 75 octets.
    lines = first.content.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)


STATE = {"name": "État", "level": "STATE", "legal_nature": "PUBLIC_PERSON"}
V2 = {"sector": "PUBLIC", "months": 36, "instalments_cents": [1_750_000, 1_250_000, 1_250_000]}
V1 = {"sector": "PUBLIC", "months": 24, "instalments_cents": [5_000_000]}


async def with_post(world, rate, **changed):
    body = {"name": "Programme", "funder": "etat", "rates": [rate]}
    post = {
        "programme": "p",
        **dict.fromkeys(("employer", "host", "deployer"), "transporteur"),
        "employer_kind": "LOCAL_AUTHORITY",
        "starts_on": "2024-01-15",
        **changed,
    }
    for path, told in (("funders/etat", STATE), ("programmes/p", body), ("posts/un", post)):
        answer = await world.put(path, told)
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("rate", "cost", "brought", "rest"),
    [
        (V2, 3_800_000, ["17500,00", "12500,00", "12500,00"], ["20500,00", "25500,00", "25500,00"]),
        (V1, 3_800_000, ["25000,00", "25000,00", "0,00"], ["13000,00", "13000,00", "38000,00"]),
        (V2, None, ["17500,00", "12500,00", "12500,00"], ["", "", ""]),
    ],
    ids=["each year its instalment", "the cliff after two years", "a cost nobody wrote"],
)
async def test_a_post_s_rest_is_its_cost_less_what_the_programme_brings(
    world, rate, cost, brought, rest
):
    await with_post(world, rate, **({"yearly_cost_cents": cost} if cost else {}))

    lines = rows_of(await export(world, "postes.csv"))
    book = openpyxl.load_workbook(io.BytesIO((await export(world, "postes.xlsx")).content))

    assert [one["part de l'État"] for one in lines] == brought
    assert [one["reste à charge"] for one in lines] == rest
    assert [one["du"] for one in lines] == ["2024-01-15", "2025-01-15", "2026-01-15"]
    in_book = [line[10].value for line in list(book["Postes"].iter_rows())[1:]]
    assert in_book == [float(one.replace(",", ".")) for one in brought]


async def test_the_end_of_a_post_is_a_deadline(world):
    await with_post(world, V2)

    answer = await export(world, "echeances.ics")

    ends = {
        str(one["summary"]): one["dtstart"].dt
        for one in Calendar.from_ical(answer.content).walk("VEVENT")
    }
    assert ends["Fin du financement du poste « un »"] == date(2027, 1, 14)


REFUSED = [
    ("rien.csv", {}, 404, "E_UNKNOWN", "name"),
    ("../secret.csv", {}, 404, "E_UNKNOWN", None),
    ("RIEN.csv", {}, 400, "E_FIELD", "name"),
    ("fonds-commun.exe", {}, 400, "E_FIELD", "name"),
    ("compte-rendu-financier.md", {}, 422, "E_AGREEMENT", "agreement"),
    ("compte-rendu-financier.csv", {"agreement": "aucune"}, 404, "E_UNKNOWN", "agreement"),
    ("compte-rendu-financier.csv", {"agreement": "A A"}, 400, "E_FIELD", "agreement"),
    ("restes-a-realiser.csv", {"as_of": "2026-02-30"}, 400, "E_FIELD", "as_of"),
]


@pytest.mark.parametrize(("name", "params", "status", "code", "field"), REFUSED)
async def test_a_file_that_cannot_be_made_is_refused_before_a_byte(
    world, name, params, status, code, field
):
    answer = await world.running.client.get(
        world.address(f"exports/{name}"), params=params, headers=world.headers
    )

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    if field:
        assert answer.json()["errors"][0]["field"] == field
    assert re.search(r"[.»)]$", answer.json()["detail"])


async def test_every_export_of_an_empty_coordination_is_a_whole_file(running, bearer, make_world):
    world = await make_world()
    world.coordination = "personne-encore"

    for name in exports.EXPORTS:
        if "compte-rendu" not in name:
            assert (await export(world, name)).content


async def test_a_long_export_holds_one_page_at_a_time(world):
    """Its pages are counted, with the connections that are open meanwhile."""
    count = 4 * exports.EXPORT_PAGE + 7
    rows = [
        "nomAttribuant,idAttribuant,dateConvention,nomBeneficiaire,idBeneficiaire,objet,montant,nature"
    ]
    rows += [
        f"Ville,22850001300658,2018-03-22,Association {n},35600000000048,aide,{n}.5,aide en nature"
        for n in range(1, count + 1)
    ]
    taken = await world.running.client.post(
        world.address("imports/grants"), content="\n".join(rows), headers=world.headers
    )
    assert taken.json()["accepted"] == count
    held, most_held, asked = 0, 0, 0

    @asynccontextmanager
    async def read():
        nonlocal held, most_held, asked
        asked, held = asked + 1, held + 1
        most_held = max(held, most_held)
        async with world.running.service.read() as connection:
            yield connection
        held -= 1

    now = datetime(2026, 5, 18, tzinfo=UTC)
    _, stream = await exports.opened(
        "subventions-publiees.csv",
        exports.Asked(read, world.coordination, now, now.date()),
    )
    lengths, text = [], b""
    async for chunk in stream:
        assert held == 0
        lengths.append(chunk.count(b"\r\n"))
        text += chunk

    assert lengths == [1, *[exports.EXPORT_PAGE] * 4, 7]
    assert (asked, most_held) == (6, 1)
    found = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline=""), delimiter=";"))
    told = [Decimal(one["montant"].replace(",", ".")) for one in found]
    assert sum(told) == sum(Decimal(n) + Decimal("0.5") for n in range(1, count + 1))
