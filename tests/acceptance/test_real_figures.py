"""A stranger brings the real national files and finds any EPCI's figures, with where they are from.

What is read over HTTP is recomputed here from the files with csv and nothing else.
"""

import csv
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.acceptance.attack import AGES, HOMES, PARTS, Partner, Reading, narrow, readings
from tests.acceptance.conftest import Stack, free_port_base, run_ctin, until
from tests.acceptance.signals import exposure, need
from tests.acceptance.test_joining import COUNT, join, live, sign
from tests.conftest import real_data

TERRITORIES = {
    "243100633": ("31", 36),  # Sicoval
    "200093201": ("59", 95),  # Lille
    "200041572": ("24", 16),  # Dronne et Belle
}
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


def table(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    """The rows of a file, read by csv alone."""
    held = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(StringIO(held.decode("utf-8-sig")), delimiter=delimiter))


def imported(folder: Path, kind: str, path: Path, *options: str) -> dict[str, Any]:
    """Run `ctin import` and return its report."""
    told = folder / f"{uuid4().hex}.json"
    done = run_ctin("import", kind, str(path), "--report", str(told), *options)
    assert done.returncode == 0, done.stderr
    report = json.loads(told.read_text())
    whole = report["accepted"] + report["unchanged"] + len(report["refused"])
    assert report["read"] == whole, report["refused"][:3]
    return report


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


class Newcomer:
    """Founds a coordination from the SIREN of an EPCI and reads its diagnostic."""

    def __init__(self, stack: Stack, siren: str) -> None:
        self.stack, self.siren = stack, siren
        self.slug = f"chiffres-{uuid4().hex[:8]}"
        answer = stack.ask(
            "members", "/v1/coordinations", verb="POST", json={"slug": self.slug, "siren": siren}
        )
        assert answer.status_code == 201, answer.text
        self.communes: list[str] = answer.json()["communes"]
        given = stack.ask("members", "/v1/me/token", verb="POST", json={"coordination": self.slug})
        self._headers = {"Authorization": f"Bearer {given.json()['access_token']}"}
        until(lambda: len(self.get("map")["points"]) == len(self.communes))

    def get(self, path: str, *, anyone: bool = False) -> Any:
        return self._ask("GET", path, {} if anyone else self._headers)

    def _ask(self, verb: str, path: str, headers: dict[str, str], **options: Any) -> Any:
        url = f"{self.stack.ready['services']['diagnostics']}/v1/coordinations/{self.slug}/{path}"
        answer = httpx.request(verb, url, headers=headers, timeout=15, trust_env=False, **options)
        assert answer.is_success, answer.text
        return answer.json()

    def counted(self, commune: str) -> bool:
        """Tell whether the CNAF's households of a commune are there."""
        return any(one["source"] == CNAF for one in self.get(f"areas/{commune}")["exposures"])

    def freeze(self) -> dict[str, Any]:
        """Publish a version."""
        return self._ask("POST", "diagnostics", self._headers, json={"title": "Diagnostic"})

    def changes(self, number: int, since: int) -> dict[str, dict[str, Any]]:
        """What a version changed of another, by key, page after page, as anyone reads it."""
        found: dict[str, dict[str, Any]] = {}
        cursor = ""
        while True:
            path = f"diagnostics/{number}/changes?since={since}&tier=public&limit=200{cursor}"
            page = self.get(path)
            found |= {one["key"]: one for one in page["items"]}
            if page["cursor"] is None:
                return found
            cursor = f"&cursor={page['cursor']}"

    def publication(self, tier: str, partner: Partner) -> dict[Any, Reading]:
        """What a tier reads now of the counts of a partner, area by area."""
        areas = [self.get(f"areas/{code}?tier={tier}") for code in self.communes]
        areas += self.get(f"wider-areas/{self.siren}?tier={tier}")["items"]
        if tier == "public":
            nothing_small(one for area in areas for one in counts_of(area))
        return readings(partner, areas, rounded=tier == "public")


@pytest.mark.real_data
def test_a_file_is_checked_without_a_stack(tmp_path):
    report = imported(tmp_path, "ifn", real_data() / "ifn/ifn_communes.csv.gz", "--dry-run")
    assert (report["read"], report["accepted"], len(report["warnings"])) == (22_114, 22_114, 1)


@pytest.mark.real_data
@pytest.mark.parametrize("siren", TERRITORIES, ids=["sicoval", "lille", "dronne-et-belle"])
def test_a_newcomer_finds_every_figure_of_its_communes_and_recomputes_them(national, siren):
    data = real_data()
    here = Newcomer(national, siren)
    assert len(here.communes) == TERRITORIES[siren][1]
    places = {row["code_commune"]: row for row in table(data / "cog/communes_epci_2026.csv.gz")}
    report = imported(
        national.folder,
        "cnaf-iris",
        data / IRIS,
        *("--coordination", here.slug, "--data-dir", str(national.data)),
    )
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
def test_rural_communes_that_a_source_does_not_cover_are_told_so(national):
    """The file by IRIS has no row in Dronne et Belle: nothing reads zero there."""
    data = real_data()
    here = Newcomer(national, "200041572")
    report = imported(
        national.folder,
        "cnaf-iris",
        data / IRIS,
        *("--coordination", here.slug, "--data-dir", str(national.data)),
    )
    assert report["accepted"] == 0
    assert report["totals"] == {"rows_elsewhere": report["read"]}
    for code in here.communes:
        assert not [one for one in here.get(f"areas/{code}")["exposures"] if one["known"] == 0]


CNAF, CNAF_LEAST, LEAST = "donnée publique CNAF", 5, 11
NEED = "fr.ctin.signals.reported_need.v1"


def counts_of(area: dict[str, Any]) -> Iterator[tuple[str, int | None]]:
    """Every count of people of an area and of its parts, with its source."""
    for place in (area, *area.get("parts", ())):
        yield from ((one["source"], one["known"]) for one in place["exposures"])
        yield from ((one["source"], one["denominator"]) for one in place["exposures"])
        yield from ((one["source"], one["count"]) for one in place["needs"])


def nothing_small(counts: Iterable[tuple[str, int | None]]) -> None:
    """Check that no count is from one to under the threshold; CNAF's open data have its own."""
    for source, count in counts:
        assert not count or count >= (CNAF_LEAST if source == CNAF else LEAST), (source, count)


def check_version(version: dict[str, Any], file: Path) -> None:
    """Recompute the hash as the page on the diagnostic says, and see each figure's origin."""
    file.write_text(json.dumps(version))
    done = run_ctin("verify", "diagnostic", str(file))
    assert done.returncode == 0, done.stderr
    said = version["hash"]
    plain = {name: value for name, value in version.items() if name != "hash"}
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert said == hashlib.sha256(text.encode()).hexdigest()
    for one in version["elements"]:
        assert all(one[name] for name in ("source", "period", "status", "reading")), one
    counted = next(one for one in version["elements"] if isinstance(one["value"], int))
    counted["value"] += 1
    file.write_text(json.dumps(version))
    counted["value"] -= 1
    assert run_ctin("verify", "diagnostic", str(file)).returncode == 1


def check_sums(version: dict[str, Any]) -> None:
    """See that what is said of the whole is the sum of what is shown, and gives nothing more."""
    chapters = ("exposures", "needs")
    shown, whole = Counter(), Counter()
    for one in version["elements"]:
        if one["chapter"] in chapters:
            chapter, area, rest = one["key"].split("|", 2)
            (whole if area == "_all" else shown)[chapter, rest] += one["value"] or 0
    assert shown
    assert shown == whole


def send(folder: Path, signals: list[dict[str, Any]]) -> None:
    """Publish until the new agreement opened the subject, and see all of them accepted."""
    lines = "\n".join(json.dumps(one) for one in signals)
    told = ("partner", "publish", "-", "--credentials", str(folder), "--wait")

    def accepted():
        """Sent again, what was accepted changes nothing."""
        done = run_ctin(*told, text=lines)
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        codes = Counter(one.get("code") for one in answers if one["status"] != "kept")
        assert set(codes) <= {None, "E_AGREEMENT"}, codes
        return codes == {None: len(signals)}

    until(accepted)


@pytest.fixture(scope="module")
def correspondent(national: Stack) -> tuple[str, Path]:
    """An institution that joined with its own keys."""
    return join(national, national.folder)


@pytest.mark.real_data
@pytest.mark.parametrize("siren", TERRITORIES, ids=["sicoval", "lille", "dronne-et-belle"])
def test_a_frozen_diagnostic_tells_what_changed_and_gives_no_secret_away(
    national, correspondent, siren, tmp_path
):
    institution, folder = correspondent
    here = Newcomer(national, siren)
    agreement = str(uuid4())
    sign(
        *(national, institution, agreement, here.slug),
        publishes=[COUNT, NEED],
        purposes=["shared_diagnostic", "need_follow_up"],
    )
    door = live(folder, here.slug)
    imported(
        *(national.folder, "cnaf-iris", real_data() / IRIS, "--coordination", here.slug),
        *("--data-dir", str(national.data)),
    )
    partner = Partner(siren, here.communes, seed=siren)
    told = {"agreement": agreement, "measure": "rsa_socle", "unit": "household", "period": "2023"}
    kept = exposure(**told, area_code=here.communes[0], count=500)
    gone = exposure(**told, area_code=here.communes[1], count=700)
    needs = [
        need(agreement=agreement, area_code=here.communes[place], count=count)
        for place, count in enumerate((3, 12, 40))
    ]
    send(door, [kept, gone, *needs, *(partner.signal(one, agreement) for one in partner.true)])

    rows = [row for row in table(real_data() / IRIS, ";") if row["iris_code"][:5] in here.communes]
    until(lambda: not rows or here.counted(rows[0]["iris_code"][:5]))
    assert here.freeze()["number"] == 1
    first = here.get("diagnostics/1")
    check_version(first, tmp_path / "version.json")
    of_cnaf = {
        one["area"]: one["value"]
        for one in first["elements"]
        if one["source"] == CNAF and one["about"].get("measure") == "foyers_allocataires"
    }
    assert of_cnaf.get("_all", 0) == sum(int(row["a"] or 0) for row in rows)
    tiers = ("inside", "agreement", "public")
    before = {tier: here.publication(tier, partner) for tier in tiers}

    commune = partner.divided[0]
    revised = partner.grows(commune, AGES[0], HOMES[0], PARTS[0], by=40)
    taken = {name: gone[name] for name in ("signal_id", "revision", "agreement", "purpose")}
    send(
        door,
        [
            {**kept, "revision": 2, "count": 620},
            {**taken, "type": "signal_withdrawn", "withdraws": "exposure_count"},
            *(partner.signal(one, agreement) for one in revised),
        ],
    )
    of_2023 = [
        [
            (one["known"], one["status"])
            for one in here.get(f"areas/{code}")["exposures"]
            if one["period"] == "2023"
        ]
        for code in here.communes[:2]
    ]
    assert of_2023 == [[(620, "complete")], [(None, "not_covered")]]
    assert here.freeze()["number"] == 2
    found = here.changes(2, since=1)
    rest = f"{institution}|rsa_socle|household|2023|commune|"
    one = found[f"exposures|{here.communes[0]}|{rest}"]
    assert (one["kind"], one["before"], one["after"]) == ("revised", 500, 620)
    one = found[f"exposures|{here.communes[1]}|{rest}"]
    assert (one["kind"], one["before"], one["after"]) == ("status", 700, None)
    assert one["status_after"] == "not_covered"
    after = {tier: here.publication(tier, partner) for tier in tiers}

    frozen = [here.get(f"diagnostics/{number}/public.json", anyone=True) for number in (1, 2)]
    for version, seen in zip(frozen, (before, after), strict=True):
        check_version(version, tmp_path / "public.json")
        check_sums(version)
        nothing_small(
            (one["source"], one["value"])
            for one in version["elements"]
            if one["chapter"] in ("exposures", "needs")
        )
        of_version = as_areas(version)
        beside = readings(partner, of_version, rounded=True)
        assert {c: r for c, r in seen["public"].items() if c.area in here.communes} == {
            c: r for c, r in beside.items() if c.area in here.communes
        }
    for seen in (before, after):
        assert narrow(partner, [seen["inside"]]), "the negative control: inside gives some away"
        assert not narrow(partner, [seen["agreement"]])
        assert not narrow(partner, [seen["public"]])
    public = [before["public"], after["public"]]
    same = [one for one in partner.true if one not in revised]
    as_told = [one for one in same if public[0].get(one) == public[1].get(one)]
    print("OMNI", siren, narrow(partner, public, same))
    assert not narrow(partner, public, as_told)


def as_areas(version: dict[str, Any]) -> list[dict[str, Any]]:
    """The counts of a version as the areas tell them."""
    dimensions = ("age_band", "household_type")
    return [
        {
            "commune": one["area"],
            "exposures": [
                {
                    **one["about"],
                    "period": one["period"],
                    "known": one["value"],
                    "secret_parts": int(one["about"].get("secret_parts", 0)),
                    "breakdown": {n: one["about"][n] for n in dimensions if n in one["about"]},
                }
            ],
        }
        for one in version["elements"]
        if one["chapter"] == "exposures" and one["area"] != "_all"
    ]
