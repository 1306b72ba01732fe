"""A stranger brings the real national files and finds any EPCI's figures, with where they are from.

What is read over HTTP is recomputed here from the files with csv and nothing else.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.attack import AGES, HOMES, PARTS, Partner, narrow, readings
from tests.acceptance.conftest import Stack, free_port_base
from tests.acceptance.newcomer import (
    CNAF,
    TERRITORIES,
    Newcomer,
    Published,
    as_areas,
    check_forgery,
    check_sums,
    check_version,
    enter,
    imported,
    nothing_small,
    send,
    table,
)
from tests.acceptance.signals import exposure, need
from tests.acceptance.test_joining import join, live
from tests.conftest import real_data

NATIONAL = (
    ("cog", "cog/communes_epci_2026.csv.gz", 34_969, 0),
    ("cog", "cog/mouvements-communes-2026.csv.gz", 13_734, 0),
    ("ifn", "ifn/ifn_communes.csv.gz", 22_114, 0),
    ("ifn", "ifn/ifn_epci.csv", 750, 1),
    ("indicators", "social/taux_pauvrete.csv.gz", 22_113, 0),
    ("indicators", "social/defm2019_communes.csv", 857, 0),
    ("activity", "conum/activite_cras_codes_postaux.csv", 4_812, 29),
)
"""Kind, file, rows and rows that cannot be read."""
IRIS = "social/cnaf_2021_iris.csv.gz"
URBAN, RURAL, MANY = "243100633", "200041572", 5


@pytest.fixture(scope="module")
def national(ground: Path) -> Iterator[Stack]:
    """A stack of its own, to which the national files were brought."""
    data = real_data()
    stack = Stack(ground / "figures", base=free_port_base())
    stack.start()
    try:
        for kind, name, rows, refused in NATIONAL:
            report = imported(stack.folder, kind, data / name, "--data-dir", str(stack.data))
            assert (report["read"], len(report["refused"])) == (rows, refused), name
        yield stack
    finally:
        stack.stop()


@pytest.fixture(scope="module")
def founded(national: Stack) -> Callable[[str], tuple[Newcomer, dict[str, Any]]]:
    """Return a function that founds a territory and brings the CNAF's file to it, once."""

    @cache
    def found(siren: str) -> tuple[Newcomer, dict[str, Any]]:
        here = Newcomer(national, siren)
        options = ("--coordination", here.slug, "--data-dir", str(national.data))
        file = real_data() / IRIS
        if siren == URBAN:
            tried = imported(national.folder, "cnaf-iris", file, *options, "--dry-run")
            assert tried["read"], "nothing is written, which the live run shows"
        return here, imported(national.folder, "cnaf-iris", file, *options)

    return found


@pytest.mark.real_data
def test_a_file_is_checked_without_a_stack(tmp_path):
    report = imported(tmp_path, "ifn", real_data() / "ifn/ifn_communes.csv.gz", "--dry-run")
    assert (report["read"], report["accepted"], len(report["warnings"])) == (22_114, 22_114, 1)


@pytest.mark.real_data
@pytest.mark.parametrize("siren", TERRITORIES, ids=["sicoval", "lille", "dronne-et-belle"])
def test_a_newcomer_finds_every_figure_of_its_communes_and_recomputes_them(founded, siren):
    data = real_data()
    here, report = founded(siren)
    assert len(here.communes) == TERRITORIES[siren][1]
    places = {row["code_commune"]: row for row in table(data / "cog/communes_epci_2026.csv.gz")}
    counts = [row for row in table(data / IRIS, ";") if row["iris_code"][:5] in set(here.communes)]
    assert report["accepted"] == len(counts)
    assert report["totals"].get("foyers_allocataires", 0) == sum(int(r["a"] or 0) for r in counts)

    index = {row["code"]: row for row in table(data / "ifn/ifn_communes.csv.gz")}
    poverty = {row["CODE_INSEE"]: row for row in table(data / "social/taux_pauvrete.csv.gz")}
    seekers = {row["CODGEO"]: row for row in table(data / "social/defm2019_communes.csv", ";")}
    known, secret = Counter(), Counter()
    for row in counts:
        known[row["iris_code"][:5]] += int(row["a"] or 0)
        secret[row["iris_code"][:5]] += not row["a"]
    for code in here.communes:
        area = here.get(f"areas/{code}")
        assert area["name"] == places[code]["nom"]
        assert area["population"] == int(places[code]["population"])
        told = {one["indicator"]: one for one in area["indicators"]}
        for one in (*told.values(), *area["exposures"]):
            assert one["source"], one
            assert one["status"], one
            assert one["reading"], one
        assert all(one["vintage"] and one["licence"] for one in told.values())
        if code in index:
            assert told["ifn_total"]["value"] == (index[code]["total"] or None)
        if code in poverty:
            rate = poverty[code]["TX_POVERTY"] or None
            assert told["poverty_rate"]["value"] == rate
            assert (told["poverty_rate"]["status"] == "complete") == (rate is not None)
        if code in seekers:
            assert told["job_seekers_abc"]["value"] == seekers[code]["ABC"]
        assert "job_seekers_abc" not in told or code in seekers
        for one in area["exposures"]:
            if one["measure"] == "foyers_allocataires" and not one["breakdown"]:
                assert (one["known"] or 0, one["secret_parts"]) == (known[code], secret[code])
        assert [wide["area"] for wide in area["wider"]] == [siren, TERRITORIES[siren][0]]
    wide = {row["code"]: row["total"] for row in table(data / "ifn/ifn_epci.csv")}
    values = here.get("indicators/ifn_total")
    assert [(one["area"], one["value"]) for one in values["wider"]] == [(siren, wide[siren])]
    summed = here.get("indicators/job_seekers_abc") if set(here.communes) & seekers.keys() else None
    if summed:
        assert int(summed["summary"]) == sum(
            int(seekers[code]["ABC"]) for code in here.communes if code in seekers
        )


@pytest.mark.real_data
def test_the_same_national_file_again_changes_nothing(national):
    path = real_data() / "ifn/ifn_epci.csv"
    report = imported(national.folder, "ifn", path, "--data-dir", str(national.data))
    assert (report["accepted"], report["unchanged"]) == (0, 749)


@pytest.mark.real_data
def test_rural_communes_that_a_source_does_not_cover_are_told_so(founded):
    """The file by IRIS has no row in Dronne et Belle: nothing of it reads zero there."""
    here, report = founded(RURAL)
    assert report["accepted"] == 0
    assert report["totals"] == {"rows_elsewhere": report["read"]}
    for code in here.communes:
        counts = here.get(f"areas/{code}")["exposures"]
        assert not [one for one in counts if one["source"].startswith(CNAF)]


@pytest.fixture(scope="module")
def correspondent(national: Stack) -> tuple[str, Path]:
    """An institution that joined with its own keys."""
    return join(national, national.folder)


@pytest.fixture(scope="module")
def twice(founded, correspondent) -> Callable[[str], Published]:
    """Return a function that publishes two versions of a territory, once, and gives what it saw."""
    institution, folder = correspondent

    @cache
    def publish(siren: str) -> Published:
        here = founded(siren)[0]
        agreement = enter(here, institution)
        door = live(folder, here.slug)
        partner = Partner(siren, here.communes, seed=siren)
        told = {"agreement": agreement, "measure": "rsa_socle", "unit": "household"}
        kept = exposure(**told, period="2023", area_code=here.communes[0], count=500)
        gone = exposure(**told, period="2023", area_code=here.communes[1], count=700)
        needs = [
            need(agreement=agreement, area_code=here.communes[place], count=count)
            for place, count in enumerate((3, 12, 40))
        ]
        send(door, [kept, gone, *needs, *(partner.signal(one, agreement) for one in partner.true)])
        before = here.publication(partner)
        here.freeze()
        revised = partner.grows(partner.divided[0], AGES[0], HOMES[0], PARTS[0], by=40)
        taken = {name: gone[name] for name in ("signal_id", "revision", "agreement", "purpose")}
        withdrawn = {**taken, "type": "signal_withdrawn", "withdraws": "exposure_count"}
        again = [{**kept, "revision": 2, "count": 620}, withdrawn]
        send(door, [*again, *(partner.signal(one, agreement) for one in revised)])
        after = here.publication(partner)
        here.freeze()
        return Published(here, partner, revised, (before, after))

    return publish


EVERYWHERE = pytest.mark.parametrize(
    "siren", TERRITORIES, ids=["sicoval", "lille", "dronne-et-belle"]
)


@pytest.mark.real_data
@EVERYWHERE
def test_a_frozen_diagnostic_is_recomputed_by_whoever_reads_it(founded, twice, siren, tmp_path):
    seen = twice(siren)
    here = seen.here
    for number in (1, 2):
        frozen = here.get(f"diagnostics/{number}")
        check_version(frozen, tmp_path / "version.json")
        if number == 1:
            check_forgery(frozen, tmp_path / "forged.json")
        of_cnaf = {
            one["area"]: one["value"]
            for one in frozen["elements"]
            if one["source"].startswith(CNAF)
            and one["about"].get("measure") == "foyers_allocataires"
            and one["key"].endswith("|iris|")
        }
        total = founded(siren)[1]["totals"].get("foyers_allocataires", 0)
        assert (of_cnaf.get("_all") or 0) == total
        public = here.get(f"diagnostics/{number}/public.json", anyone=True)
        check_version(public, tmp_path / "public.json")
        check_sums(public)
        nothing_small(
            (one["source"], one["value"])
            for one in public["elements"]
            if one["chapter"] in ("exposures", "needs")
        )
        live_one = seen.times[number - 1]["public"]
        beside = readings(seen.partner, as_areas(public), rounded=True)
        for cell, one in live_one.items():
            assert cell.area not in here.communes or beside[cell] == one, cell


@pytest.mark.real_data
@EVERYWHERE
def test_a_revision_and_a_withdrawal_are_seen_by_whoever_reads(twice, siren, correspondent):
    here = twice(siren).here
    of_2023 = [
        [
            (one["known"], one["status"])
            for one in here.get(f"areas/{code}")["exposures"]
            if one["period"] == "2023"
        ]
        for code in here.communes[:2]
    ]
    assert of_2023 == [[(620, "complete")], [(None, "not_covered")]]
    found = here.changes(2, since=1)
    rest = f"{correspondent[0]}|rsa_socle|household|2023|commune|"
    one = found[f"exposures|{here.communes[0]}|{rest}"]
    assert (one["kind"], one["before"], one["after"]) == ("revised", 500, 620)
    one = found[f"exposures|{here.communes[1]}|{rest}"]
    assert (one["kind"], one["before"], one["after"]) == ("status", 700, None)
    assert one["status_after"] == "not_covered"


@pytest.mark.real_data
@EVERYWHERE
def test_no_reader_of_both_versions_works_a_hidden_count_out(twice, siren):
    seen = twice(siren)
    partner = seen.partner
    same = [one for one in partner.true if one not in seen.revised]
    for tier in ("agreement", "public"):
        times = [one[tier] for one in seen.times]
        for told in times:
            assert not narrow(partner, [told]), tier
        assert not narrow(partner, times, same), tier
    assert len(narrow(partner, [seen.times[0]["inside"]])) > MANY, (
        "the control: secrets alone give others away"
    )


@pytest.mark.real_data
def test_the_reader_works_counts_out_where_nothing_is_carried_over(national, twice, correspondent):
    """The control: the same counts, revised before anything was published, hide by themselves."""
    seen = twice(RURAL)
    here = Newcomer(national, RURAL)
    agreement = enter(here, correspondent[0])
    partner = seen.partner.elsewhere()
    door = live(correspondent[1], here.slug)
    send(door, [partner.signal(one, agreement) for one in partner.true])
    after = here.publication(partner)["agreement"]
    same = [one for one in partner.true if one not in seen.revised]
    before = seen.times[0]["agreement"]
    assert not narrow(partner, [after])
    assert narrow(partner, [before, after], same)
