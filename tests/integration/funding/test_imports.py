"""Files of grants and adviser posts over HTTP: real ones, broken ones, the same one again."""

import csv
import gzip
import json
from decimal import Decimal

import pytest

from services.funding.model import estimates
from tests.conftest import real_data

HEADER = (
    "nomAttribuant,idAttribuant,dateConvention,nomBeneficiaire,idBeneficiaire,objet,montant,"
    "nature,conditionsVersement,datesPeriodeVersement,notificationUE,pourcentageSubvention"
)
ROW = (
    "Département de la Vendée,22850001300658,2018-03-22,Une association (fictive),{siret},"
    "fonctionnement,{amount},aide en numéraire,unique,2018-04-01/2018-12-31,non,1"
)


def grant(amount="100.00", siret="35600000000048"):
    return ROW.format(amount=amount, siret=siret)


@pytest.fixture
def take(world):
    async def send(kind, body, **params):
        return await world.running.client.post(
            world.address(f"imports/{kind}"),
            content=body.encode() if isinstance(body, str) else body,
            params=params,
            headers={**world.headers, "Content-Type": "text/csv"},
        )

    return send


async def test_good_rows_are_kept_and_bad_ones_told_by_line_column_and_reason(world, take):
    body = "\n".join([HEADER, grant(), grant("cent"), grant("12,5"), grant(siret="7,17E+13")])

    answer = await take("grants", body)

    assert answer.status_code == 200
    report = answer.json()
    assert (report["read"], report["accepted"], report["unchanged"]) == (4, 1, 0)
    told = [(one["line"], one["column"], one["code"]) for one in report["refused"]]
    assert told == [(3, "montant", "E_AMOUNT"), (4, None, "E_ROW"), (5, None, "E_ROW")]
    assert report["totals"] == {"grants": 1, "cents": 10_000}
    (kept,) = (await world.get("grants"))["items"]
    assert (kept["amount_cents"], kept["agreed_on"]) == (10_000, "2018-03-22")


async def test_the_same_file_again_is_unchanged_and_equal_lines_are_each_a_grant(world, take):
    body = "\n".join([HEADER, grant(), grant(), grant("7")])

    first, again = await take("grants", body), await take("grants", body)
    more = await take("grants", f"{body}\n{grant()}")

    assert (first.json()["accepted"], first.json()["unchanged"]) == (3, 0)
    assert (again.json()["accepted"], again.json()["unchanged"]) == (0, 3)
    assert again.json()["totals"] == first.json()["totals"]
    assert (more.json()["accepted"], more.json()["unchanged"]) == (1, 3)
    assert len((await world.get("grants"))["items"]) == 4


async def test_a_dry_run_tells_the_same_and_keeps_nothing(world, take):
    body = "\n".join([HEADER, grant(), grant("rien")])

    tried = await take("grants", body, dry_run="true")

    assert (await world.get("grants"))["items"] == []
    assert (await take("grants", body)).json() == tried.json()


async def test_published_grants_are_no_money_of_the_ledger(world, take):
    before = await world.get("pool")

    await take("grants", "\n".join([HEADER, grant("1000000")]))

    assert await world.get("pool") == before


async def test_grants_are_read_page_by_page(world, take):
    await take("grants", "\n".join([HEADER, *(grant(str(n)) for n in range(1, 6)), grant("5")]))

    found, cursor = [], None
    while True:
        asked = {"limit": 4} | ({"cursor": cursor} if cursor else {})
        page = await world.get("grants", **asked)
        found += page["items"]
        cursor = page["cursor"]
        if cursor is None:
            break

    assert sorted(one["amount_cents"] for one in found) == [100, 200, 300, 400, 500, 500]
    assert len({one["id"] for one in found}) == 6


async def test_another_coordination_sees_none_of_it(world, take, make_world):
    await take("grants", f"{HEADER}\n{grant()}")

    assert (await (await make_world()).get("grants"))["items"] == []


@pytest.mark.parametrize(
    ("kind", "body", "status", "code", "field"),
    [
        ("grants", "rien;de;connu\n1;2;3", 422, "E_FILE", "file"),
        ("grants", "", 422, "E_FILE", "file"),
        ("adviser-posts", HEADER, 422, "E_FILE", "file"),
        ("grants", b"\x1f\x8bnot gzip", 422, "E_FILE", "file"),
        ("grants", "[1, 2]", 422, "E_FILE", "file"),
        ("posts", HEADER, 404, "E_UNKNOWN", "kind"),
        ("Grants", HEADER, 400, "E_FIELD", "kind"),
    ],
)
async def test_a_file_that_cannot_be_taken_is_refused_whole(take, kind, body, status, code, field):
    answer = await take(kind, body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["errors"][0]["field"] == field
    assert answer.json()["detail"].endswith((".", "»"))


async def test_a_mapping_names_a_producer_s_own_columns(take):
    body = "\n".join([HEADER.replace("montant", "somme"), grant()])

    refused = await take("grants", body)
    taken = await take("grants", body, mapping='{"somme": "montant"}')

    assert (refused.status_code, refused.json()["code"]) == (422, "E_FILE")
    assert taken.json()["accepted"] == 1


async def test_who_may_read_may_not_import(world, bearer):
    answer = await world.running.client.post(
        world.address("imports/grants"),
        content=HEADER,
        headers=bearer("observer", world.coordination),
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "E_ROLE")


REAL = [
    ("subventions_toulouse_metropole_2022.csv", 396, 0, 0),
    ("conventions_maine_et_loire_49.csv", 75, 66, 724_741_888),
    ("conventions_vendee_85_2017.csv", 23, 21, 163_165_120),
    ("conventions_vendee_85_2018.csv", 114, 66, 911_482_052),
    ("scdl/exemple_valide.csv", 29, 29, 282_139_350),
    ("scdl/exemple_invalide_erreurs_cellules.csv", 29, 23, 28_295_030),
    ("scdl/api-subventions-asso/SCDL.csv", 4, 2, 1_500_000),
]


@pytest.mark.real_data
@pytest.mark.parametrize(("name", "read", "accepted", "cents"), REAL)
async def test_a_real_file_s_good_rows_are_kept_and_its_bad_ones_told(
    take, name, read, accepted, cents
):
    body = (real_data() / "finances" / name).read_bytes()

    report = (await take("grants", body)).json()
    again = (await take("grants", body)).json()

    assert (report["read"], report["accepted"]) == (read, accepted)
    assert report["totals"].get("cents", 0) == cents
    assert report["read"] == report["accepted"] + report["unchanged"] + len(report["refused"])
    assert (again["accepted"], again["unchanged"]) == (0, accepted)
    assert again["refused"] == report["refused"]
    for one in report["refused"]:
        assert one["column"] or one["code"] == "E_ROW"
        assert one["line"] > 1
        assert one["detail"].endswith(".")


@pytest.mark.real_data
async def test_the_published_valid_example_is_kept_whole_to_the_cent(take):
    path = real_data() / "finances/scdl/exemple_valide.csv"
    with path.open(encoding="utf-8", newline="") as file:
        cents = sum(int(Decimal(row["montant"]) * 100) for row in csv.DictReader(file))

    report = (await take("grants", path.read_bytes())).json()

    assert (report["refused"], report["totals"]["cents"]) == ([], cents)


@pytest.mark.real_data
async def test_a_real_file_without_the_amount_s_column_is_refused_whole(take):
    name = "finances/scdl/api-subventions-asso/SCDL_MANY_MISSING_MANDATORY.csv"

    answer = await take("grants", (real_data() / name).read_bytes())

    assert (answer.status_code, answer.json()["code"]) == (422, "E_FILE")
    assert "montant" in answer.json()["detail"]


@pytest.mark.real_data
async def test_no_amount_of_a_comma_file_is_cut_at_its_comma(world, take):
    """Every amount kept is in the file as it is written, with its cents."""
    path = real_data() / "finances/conventions_vendee_85_2017.csv"
    text = path.read_text(encoding="cp1252")

    await take("grants", path.read_bytes())

    for one in (await world.get("grants"))["items"]:
        whole, cents = divmod(one["amount_cents"], 100)
        assert f"{whole:,}".replace(",", "\u00a0") + f",{cents:02}" in text


@pytest.mark.real_data
async def test_the_state_s_list_reconciles_to_the_euro_and_is_no_host_s_money(world, take):
    path = real_data() / "conum/postes_cnfs_2023-04-05.csv"
    before = await world.get("pool")

    report = (await take("adviser-posts", path.read_bytes())).json()
    again = (await take("adviser-posts", path.read_bytes())).json()

    assert (report["read"], report["accepted"]) == (1_855, 1_855)
    assert (report["totals"]["posts"], report["totals"]["euros"]) == (2_464, 119_238_430)
    assert (again["accepted"], again["unchanged"], again["totals"]) == (
        0,
        1_855,
        report["totals"],
    )
    (edition,) = (await world.get("adviser-estimates"))["editions"]
    assert (edition["posts"], edition["estimated_cents"]) == (2_464, 11_923_843_000)
    assert edition["grant_cents"] + edition["never_received_cents"] == edition["estimated_cents"]
    assert await world.get("pool") == before
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    public = sum(int(row[estimates.POSTS]) for row in rows if row["Type"] == "publique")
    told = {one["host_kind"]: one["posts"] for one in edition["hosts"]}
    assert told == {"PUBLIC": public, "PRIVATE": 2_464 - public}


@pytest.mark.real_data
async def test_two_editions_of_the_list_are_never_added_up(world, take):
    folder = real_data() / "conum"
    older = (folder / "postes_cnfs_2022-06.json.gz").read_bytes()

    await take("adviser-posts", (folder / "postes_cnfs_2023-04-05.csv").read_bytes())
    report = (await take("adviser-posts", older)).json()

    told = json.loads(gzip.decompress(older))
    assert (report["read"], report["accepted"]) == (970, 970)
    assert report["totals"]["posts"] == sum(one["nb_cnfs"] for one in told)
    assert report["totals"]["euros"] == 68_611_420
    editions = (await world.get("adviser-estimates"))["editions"]
    assert [one["edition"] for one in editions] == ["2022-06", "2023-04"]
    assert [one["posts"] for one in editions] == [1_344, 2_464]


@pytest.mark.real_data
async def test_collectivities_employ_about_sixty_percent_of_the_advisers(world, take):
    await take("adviser-posts", (real_data() / "conum/postes_cnfs_2023-04-05.csv").read_bytes())

    (edition,) = (await world.get("adviser-estimates"))["editions"]
    of_31 = (await world.get("adviser-estimates", department="31"))["editions"][0]

    (public,) = [one for one in edition["hosts"] if one["host_kind"] == "PUBLIC"]
    assert public["share"] == "1447/2464"  # 58.7 %
    assert 0 < of_31["posts"] < edition["posts"]
