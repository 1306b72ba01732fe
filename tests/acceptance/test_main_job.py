"""The main job, from outside: signals in, diagnostic changed, partner told, budget moved."""

import csv
import gzip
import json
import subprocess
from uuid import uuid4

import pytest

from contracts.partner import adapters
from tests.acceptance.conftest import CTIN, Stack, publish, run_ctin, until
from tests.acceptance.signals import exposure, need
from tests.conftest import ROOT, real_data
from tests.integration.diagnostics.provenance import figures_of, figures_that_say_nothing

DEMO = ROOT / "infra" / "demo"
THIN = "\u202f"


def readings(area, measure):
    return [one["reading"] for one in area["exposures"] if one["measure"] == measure]


def test_a_partly_secret_sum_says_how_many_parts_are_masked(stack: Stack):
    castanet = stack.area("31113")
    assert readings(castanet, "foyers_allocataires") == [f"≥ 3{THIN}567, 1 IRIS masqué"]


def test_a_whole_sum_is_the_sum_of_its_iris(stack: Stack):
    with (DEMO / "cnaf_2021_iris_sicoval.csv").open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file, delimiter=";") if r["iris_code"][:5] == "31446"]
    expected = sum(int(row["a"]) for row in rows)
    figure = next(
        one for one in stack.area("31446")["exposures"] if one["measure"] == "foyers_allocataires"
    )
    assert (figure["known"], figure["known_parts"]) == (expected, len(rows))
    assert figure["source"] == "donnée publique CNAF"
    assert figure["period"] == "2021"


def test_a_commune_without_iris_reads_not_published_and_never_zero(stack: Stack):
    answer = stack.ask("diagnostics", "/v1/coordinations/sicoval/map?measure=foyers_allocataires")
    points = answer.json()["points"]
    assert len(points) == 36
    bare = [one for one in points if one["status"] == "not_covered"]
    assert len(bare) == 33
    assert {one["reading"] for one in bare} == {"non diffusé à cette maille"}
    assert {one["value"] for one in bare} == {None}


def test_each_figure_says_where_it_comes_from(stack: Stack):
    area = stack.area("31446")
    # Tests of partners who join add institutions of their own to this stack.
    assert {one["institution"] for one in area["exposures"]} >= {"caf-31", "cpam-31"}
    for figure in [*area["exposures"], *area["indicators"], *area["needs"]]:
        assert figure["source"]
        assert figure.get("period") or figure.get("vintage")
    generated = {one["source"] for one in area["exposures"] if one["institution"] == "cpam-31"}
    assert all("généré pour la démonstration" in source for source in generated)


def test_publishing_the_same_file_again_changes_nothing(stack: Stack):
    before = stack.area("31113")["exposures"]
    adapter = run_ctin("partner", "cnaf-iris", str(DEMO / "cnaf_2021_iris_sicoval.csv"))
    signals = [json.loads(line) for line in adapter.stdout.splitlines()]
    answers = publish(stack, "caf-31", signals)
    assert len(answers) == 13 * 7
    assert {one["status"] for one in answers} == {"accepted"}
    assert {one["detail"] for one in answers} == {"Déjà reçu à l'identique : rien ne change."}
    assert stack.area("31113")["exposures"] == before


def test_a_row_that_breaks_a_rule_comes_back_with_code_field_and_sentence(stack: Stack):
    good, small = exposure(period="2011"), exposure(period="2012", count=4)
    answers = publish(stack, "cpam-31", [good, small])
    assert [one["status"] for one in answers] == ["accepted", "refused"]
    assert (answers[1]["code"], answers[1]["field"]) == ("E_SMALL", "count")
    assert answers[1]["signal_id"] == small["signal_id"]
    assert "sous 11" in answers[1]["detail"]


def test_a_revision_replaces_its_cell_and_a_stale_one_is_refused(stack: Stack):
    first = exposure(period="2013", area_code="31035")
    second = {**first, "revision": 2, "count": 200}
    late = {**first, "revision": 1, "count": 150}
    answers = publish(stack, "cpam-31", [first, second, late])
    assert [one["code"] for one in answers] == [None, None, "E_REVISION"]
    figure = next(one for one in stack.area("31035")["exposures"] if one["period"] == "2013")
    assert (figure["known"], figure["known_parts"]) == (200, 1)


def test_a_small_need_stays_in_its_coordination(stack: Stack):
    answers = publish(stack, "ccas-ramonville", [need(period="2026-04", count=3)])
    assert answers[0]["status"] == "accepted"

    def shown(role):
        found = stack.area("31113", role=role)["needs"]
        return next(one for one in found if one["period"] == "2026-04")

    assert shown("coordinator")["count"] == 3
    assert shown("observer")["count"] is None
    assert shown("observer")["reading"] == "moins de 11"


def test_needs_and_exposures_are_never_summed(stack: Stack):
    publish(stack, "ccas-ramonville", [need(period="2026-05", count=50, area_code="31575")])
    area = stack.area("31575")
    assert [one["count"] for one in area["needs"] if one["period"] == "2026-05"] == [50]
    assert all(one["period"] != "2026-05" for one in area["exposures"])


def test_a_partner_that_was_away_catches_up_with_each_update_once(stack: Stack):
    folder = str(stack.institution("la-poste"))
    run_ctin("partner", "follow", "--credentials", folder, "--once", check=True)
    told = [exposure(period=f"2015-{month:02d}", area_code="31411") for month in range(1, 7)]
    for one in told:
        publish(stack, "cpam-31", [one])  # Nobody follows meanwhile.

    lines: list[str] = []

    def complete():
        done = run_ctin("partner", "follow", "--credentials", folder, "--once", check=True)
        lines.extend(done.stdout.splitlines())
        events = [json.loads(line) for line in lines]
        seen = {
            figure["period"]
            for event in events
            for figure in event["data"]["exposures"]
            if event["data"]["commune"] == "31411" and figure["period"].startswith("2015-")
        }
        return seen == {one["period"] for one in told} and events

    events = until(complete)
    sequences = [int(event["streamsequence"]) for event in events]
    assert sequences == sorted(set(sequences))
    again = run_ctin("partner", "follow", "--credentials", folder, "--once", check=True)
    assert again.stdout == ""


def test_an_update_says_how_far_it_reaches(stack: Stack):
    answers = publish(stack, "cpam-31", [exposure(period="2016", area_code="31578")])
    area = stack.area("31578")
    assert area["as_of_seq"] == answers[0]["in_seq"]


def test_the_pool_shows_each_funder_and_what_is_left(stack: Stack):
    pool = stack.ask("funding", "/v1/coordinations/sicoval/pool").json()
    assert pool["reached"]["promised"] == 15_250_000
    assert pool["reached"]["available"] == 12_550_000
    assert pool["received"] == 1_950_000
    assert pool["reached"]["awarded"] == 8_483_333
    assert pool["left"] == 4_066_667
    assert pool["funding_gap"] == 3_450_000
    assert len({fund["funder"] for fund in pool["funds"]}) == 4


def test_an_overspend_is_refused_and_moves_nothing(stack: Stack):
    before = stack.ask("funding", "/v1/coordinations/sicoval/pool").json()
    asked = {
        "id": str(uuid4()),
        "kind": "earmark",
        "fund": "fund-prives-itinerance",
        "purpose": "itinerance",
        "amount_cents": 50_000_001,
        "effective_on": "2026-06-01",
    }
    path = "/v1/coordinations/sicoval/transfers"
    answer = stack.ask("funding", path, verb="POST", json=[asked]).json()
    assert (answer[0]["status"], answer[0]["code"]) == ("refused", "E_FUNDS")
    assert "500" in answer[0]["detail"].replace(THIN, "").replace("\u00a0", "")
    assert stack.ask("funding", "/v1/coordinations/sicoval/pool").json() == before


def test_the_journal_is_verified_by_who_shares_nothing_with_the_service(stack: Stack, tmp_path):
    journal = tmp_path / "journal.ndjson"
    answer = stack.ask("funding", "/v1/coordinations/sicoval/journal")
    journal.write_bytes(answer.content)
    assert run_ctin("verify", "ledger", str(journal)).returncode == 0
    forged = tmp_path / "forged.ndjson"
    forged.write_bytes(
        answer.content.replace(b'"amount_cents":4250000', b'"amount_cents":4250001', 1)
    )
    assert forged.read_bytes() != journal.read_bytes()
    done = run_ctin("verify", "ledger", str(forged))
    assert done.returncode == 1
    assert done.stderr.strip()


def test_the_budget_command_shows_the_same_figures(stack: Stack):
    done = run_ctin("budget", "--data-dir", str(stack.data))
    plain = done.stdout.replace(THIN, " ")
    assert "40 666,67 €" in plain
    assert "34 500,00 €" in plain
    assert done.returncode == 0


def test_health_names_every_process(stack: Stack):
    processes = stack.processes()
    services = {"portal", "members", "funding", "diagnostics", "roadmap", "exchange"}
    assert set(processes) == services | {"postgres", "nats"}
    assert all(one["pid"] for one in processes.values())
    assert {processes[name]["health"]["status"] for name in services} == {"ready"}


@pytest.mark.real_data
def test_the_facts_shipped_are_those_of_the_national_file(stack: Stack):
    with gzip.open(
        real_data() / "social" / "cnaf_2021_iris.csv.gz", "rt", encoding="utf-8"
    ) as file:
        header, *lines = file.read().splitlines()
    shipped = (DEMO / "cnaf_2021_iris_sicoval.csv").read_text(encoding="utf-8").splitlines()
    codes = adapters.communes_of(DEMO / "sicoval_communes.csv")
    assert shipped == [header, *(line for line in lines if line[:5] in codes)]


@pytest.mark.real_data
def test_rows_of_other_territories_come_back_one_by_one(stack: Stack):
    with gzip.open(
        real_data() / "social" / "cnaf_2021_iris.csv.gz", "rt", encoding="utf-8"
    ) as file:
        head = "".join(line for line, _ in zip(file, range(101), strict=False))
    part = stack.folder / "part.csv"
    part.write_text(head, encoding="utf-8")
    adapter = subprocess.run(
        [CTIN, "partner", "cnaf-iris", str(part)], capture_output=True, text=True, check=True
    )
    answers = publish(stack, "caf-31", [json.loads(one) for one in adapter.stdout.splitlines()])
    assert len(answers) == 700
    assert {one["code"] for one in answers} == {"E_AREA"}


def test_every_figure_of_every_sheet_of_the_demonstration_says_where_it_is_from(stack: Stack):
    points = stack.ask("diagnostics", "/v1/coordinations/sicoval/map").json()["points"]
    told = 0
    for commune in (one["commune"] for one in points):
        path = f"/v1/coordinations/sicoval/areas/{commune}/sheet"
        answer = stack.ask("diagnostics", path)
        assert answer.status_code == 200, answer.text
        assert figures_that_say_nothing(answer.json()) == [], commune
        told += figures_of(answer.json())
    assert len(points) == 36
    assert told > 500
