"""A stranger who founds a coordination anywhere in France, and checks all that it reads there."""

import csv
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import httpx

from tests.acceptance.attack import MEASURE, Cell, Partner, Told, readings, with_map
from tests.acceptance.conftest import Stack, run_ctin, until
from tests.acceptance.test_joining import COUNT, sign

TERRITORIES = {
    "243100633": ("31", 36),  # Sicoval
    "200093201": ("59", 95),  # Lille
    "200041572": ("24", 16),  # Dronne et Belle
}


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

    def publication(self, partner: Partner) -> dict[str, Told]:
        """What each tier reads now of the counts of a partner: areas, those around, and a map.

        Of communes that the partner does not divide, the map tells all there is.
        """
        found = {}
        for tier in ("inside", "agreement", "public"):
            areas = [self.get(f"areas/{code}?tier={tier}") for code in partner.divided]
            areas += self.get(f"wider-areas/{self.siren}?tier={tier}")["items"]
            points = self.get(f"map?measure={MEASURE}&tier={tier}")["points"]
            if tier == "public":
                nothing_small(one for area in areas for one in counts_of(area))
            rounded = tier == "public"
            found[tier] = with_map(
                readings(partner, areas, rounded=rounded), points, rounded=rounded
            )
        return found


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
        assert not count or count >= (CNAF_LEAST if source.startswith(CNAF) else LEAST), (
            source,
            count,
        )


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


def check_forgery(version: dict[str, Any], file: Path) -> None:
    """See that one count more is found out."""
    forged = json.loads(json.dumps(version))
    next(one for one in forged["elements"] if isinstance(one["value"], int))["value"] += 1
    file.write_text(json.dumps(forged))
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


class Published(NamedTuple):
    """Two versions of a territory: what was revised between, and what each tier read at each."""

    here: Newcomer
    partner: Partner
    revised: list[Cell]
    times: tuple[dict[str, Told], dict[str, Told]]


def enter(here: Newcomer, institution: str) -> str:
    """Sign an agreement by which an institution sends its counts and needs; return its id."""
    agreement = str(uuid4())
    sign(
        *(here.stack, institution, agreement, here.slug),
        publishes=[COUNT, NEED],
        purposes=["shared_diagnostic", "need_follow_up"],
    )
    return agreement


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
