"""Who reads how much of the figures: the coordination, the parties of agreements, anyone else."""

import msgspec
import pytest

from contracts.events.diagnostics import AreaUpdated
from contracts.events.members import AgreementEnded, AgreementResumed, AgreementSuspended
from contracts.values import Role
from services.diagnostics.api.asking import INSIDE
from tests.integration.diagnostics.versions.conftest import OPEN

AGES = ("under_30", "from_30_to_59", "from_60")


async def counts_by_age(world, *, total: int, known: int, masked: int, **more) -> None:
    """Send an undivided count and its categories: one secret, one of `known`, one of the rest."""
    rest = total - known - masked
    await world.counted(
        {"area": "31113", "count": total, **more},
        {"area": "31113", "count": "s", "age_band": AGES[0], **more},
        {"area": "31113", "count": known, "age_band": AGES[1], **more},
        {"area": "31113", "count": rest, "age_band": AGES[2], **more},
    )


async def area(world, **options) -> dict:
    return await world.get("areas/31113", **options)


def shown(found: dict) -> dict[str, int | None]:
    """Return what is known of each category of a commune."""
    return {one["breakdown"].get("age_band", "all"): one["known"] for one in found["exposures"]}


@pytest.mark.parametrize("role", sorted(Role))
async def test_the_coordination_reads_all_and_the_others_rounded_figures(world, role):
    await world.counted({"area": "31113", "count": 123})
    await world.met(
        {"area": "31113", "count": 3}, {"area": "31113", "count": 44, "theme": "safe_use"}
    )
    found = await area(world, role=role)
    count = found["exposures"][0]["known"]
    needs = [one["count"] for one in found["needs"]]
    inside = role in INSIDE
    assert (count, needs) == ((123, [3, 44]) if inside else (125, [None, 45]))
    (point,) = [
        one for one in (await world.get("map", role=role))["points"] if one["commune"] == "31113"
    ]
    assert point["value"] == count


async def test_an_agreement_in_force_opens_exact_figures_to_its_institution_alone(world):
    await world.counted({"area": "31113", "count": 123})
    agreement = await world.agreed("cpam-31")

    async def read(institution: str) -> int:
        found = await area(world, role="institution", organization=institution)
        return found["exposures"][0]["known"]

    named = {
        "coordination": world.coordination,
        "agreement_id": agreement,
        "institution": "cpam-31",
    }
    assert (await read("cpam-31"), await read("la-poste")) == (123, 125)
    await world.told(AgreementSuspended(**named, reason="Contrôle (fictif)"))
    assert await read("cpam-31") == 125
    await world.told(AgreementResumed(**named))
    assert await read("cpam-31") == 123
    await world.told(AgreementEnded(**named, reason="Fin (fictif)"), AgreementResumed(**named))
    assert await read("cpam-31") == 125


async def test_an_agreement_opens_nothing_outside_its_dates_or_its_coordination(world):
    await world.counted({"area": "31113", "count": 123})
    await world.agreed("cpam-31", valid_until="2021-01-01")
    await world.agreed("cpam-31", valid_from="2098-01-01")
    await world.agreed("cpam-31", coordination="ailleurs")
    found = await area(world, role="institution", organization="cpam-31")
    assert found["exposures"][0]["known"] == 125


async def test_whoever_reads_more_may_ask_for_what_others_read(world):
    await world.counted({"area": "31113", "count": 123})
    await world.agreed("cpam-31")
    for tier, known in (("inside", 123), ("agreement", 123), ("public", 125)):
        found = await area(world, params={"tier": tier})
        assert found["exposures"][0]["known"] == known
    for tier in ("inside", "agreement", "public"):
        found = await area(world, role="observer", params={"tier": tier})
        assert found["exposures"][0]["known"] == 125


async def test_open_data_are_read_as_their_producer_published_them(world):
    await world.opened()
    await world.counted(
        {"area": "31113", "count": 6, "label": OPEN},
        {"area": "31113", "count": 123, "measure": "aah"},
    )
    found = await area(world, role="observer")
    assert {one["measure"]: one["known"] for one in found["exposures"]} == {
        "rsa_socle": 6,
        "aah": 125,
    }
    points = (await world.get("map", role="observer", params={"measure": "rsa_socle"}))["points"]
    assert [one["value"] for one in points if one["commune"] == "31113"] == [6]


async def test_a_category_that_a_total_would_give_away_takes_another_with_it(world):
    await counts_by_age(world, total=100, known=40, masked=7)
    await world.agreed("cpam-31")
    inside = shown(await area(world))
    assert inside == {"all": 100, AGES[0]: None, AGES[1]: 40, AGES[2]: 53}
    party = shown(await area(world, role="institution", organization="cpam-31"))
    assert party == {"all": 100, AGES[0]: None, AGES[1]: None, AGES[2]: 53}


async def test_the_sum_of_iris_does_not_stand_beside_the_count_of_its_commune(world):
    await world.counted(
        {"area": "31113", "count": 100},
        {"area": "311130101", "count": 95},
        {"area": "311130102", "count": "s"},
    )
    await world.agreed("cpam-31")
    party = {"role": "institution", "organization": "cpam-31"}
    found = {one["grid"]: one["known"] for one in (await area(world, **party))["exposures"]}
    assert found == {"commune": 100, "iris": None}
    points = (await world.get("map", **party))["points"]
    assert [one["value"] for one in points if one["commune"] == "31113"] == [100]


async def test_a_version_has_both_tiers_and_each_caller_its_own(world):
    await counts_by_age(world, total=103, known=41, masked=7)
    await world.met({"area": "31113", "count": 3}, {"area": "31446", "count": 44})
    await world.agreed("cpam-31")
    made = await world.publish()

    async def read(**options) -> tuple[str, dict]:
        version = await world.get("diagnostics/1", **options)
        ages = {
            one["about"].get("age_band", "all"): one["value"]
            for one in version["elements"]
            if one["chapter"] == "exposures" and one["area"] == "31113"
        }
        needs = [one["value"] for one in version["elements"] if one["chapter"] == "needs"]
        return version["hash"], {**ages, "needs": sorted(needs, key=str)}

    exact = {"all": 103, AGES[0]: None, AGES[1]: None, AGES[2]: 55, "needs": [44, 44, None]}
    public = {"all": 105, AGES[0]: None, AGES[1]: None, AGES[2]: 55, "needs": [45, 45, None]}
    for options in ({}, {"role": "institution", "organization": "cpam-31"}):
        assert await read(**options) == (made["hash"], exact)
    for options in (
        {"role": "observer"},
        {"role": "institution", "organization": "la-poste"},
        {"params": {"tier": "public"}},
    ):
        assert await read(**options) == (made["public_hash"], public)


async def test_the_sum_of_a_version_is_made_of_what_it_shows(world):
    await world.counted(
        {"area": "31113", "count": 13},
        {"area": "31446", "count": 14},
        {"area": "31506", "count": "s"},
    )
    await world.publish()
    for tier, known in (("agreement", 27), ("public", 30)):
        version = await world.get("diagnostics/1", params={"tier": tier})
        (whole,) = [one for one in version["elements"] if one["area"] == "_all"]
        assert (whole["value"], whole["status"]) == (known, "partial")


async def test_updates_to_partners_hide_what_a_total_would_give_away(world, connection):
    await counts_by_age(world, total=100, known=40, masked=7)
    rows = await connection.fetch(
        "SELECT data FROM ev WHERE type = $1 AND aggregate = $2 ORDER BY version",
        AreaUpdated.TYPE,
        f"{world.coordination}/c31113",
    )
    told = [msgspec.json.decode(row["data"], type=AreaUpdated) for row in rows]
    known = {one.breakdown.get("age_band", "all"): one.known for one in told[-1].exposures}
    assert known == {"all": 100, AGES[0]: None, AGES[1]: None, AGES[2]: 53}


async def test_a_change_of_one_count_is_judged_beside_those_that_stayed(world, connection):
    await counts_by_age(world, total=100, known=40, masked=7, period="2024")
    again = {"area": "31113", "period": "2024", "measure": "aah"}
    await world.counted(
        {**again, "count": 40, "age_band": AGES[1]},
        {**again, "count": "s", "age_band": AGES[0]},
    )
    await world.counted({**again, "count": 47})
    rows = await connection.fetch(
        "SELECT data FROM ev WHERE type = $1 AND aggregate = $2 ORDER BY version",
        AreaUpdated.TYPE,
        f"{world.coordination}/c31113",
    )
    last = msgspec.json.decode(rows[-1]["data"], type=AreaUpdated)
    (figure,) = last.exposures
    assert (figure.measure, figure.known) == ("aah", 47)
    party = await area(world, params={"tier": "agreement"})
    assert all(
        one["known"] is None
        for one in party["exposures"]
        if one["measure"] == "aah" and one["breakdown"]
    )


PARTY = {"role": "institution", "organization": "cpam-31"}


async def test_iris_stand_beside_their_commune_only_where_nothing_of_them_is_secret(world):
    await world.counted(
        {"area": "31113", "count": 100},
        {"area": "311130101", "count": 95},
        {"area": "311130102", "count": "s"},
        {"area": "31113", "count": 60, "measure": "aah"},
        {"area": "311130101", "count": 40, "measure": "aah"},
        {"area": "311130102", "count": 20, "measure": "aah"},
    )
    await world.agreed("cpam-31")
    expected = {("311130101", "aah"): 40, ("311130102", "aah"): 20}
    secret = {("311130101", "rsa_socle"): None, ("311130102", "rsa_socle"): None}

    def of(parts: list[dict]) -> dict:
        return {
            (part["area_code"], one["measure"]): one["known"]
            for part in parts
            for one in part["exposures"]
        }

    assert of((await area(world))["parts"])["311130101", "rsa_socle"] == 95
    assert of((await area(world, **PARTY))["parts"]) == expected | secret
    alone = (await world.get("wider-areas/311130101", **PARTY))["items"]
    assert of(alone) == {key: one for key, one in (expected | secret).items() if key[0][-1] == "1"}


async def test_iris_alone_are_told_with_their_secrets_when_nothing_adds_them_up(world):
    await world.counted({"area": "311130101", "count": 95}, {"area": "311130102", "count": "s"})
    await world.agreed("cpam-31")
    parts = (await area(world, **PARTY))["parts"]
    assert [one["exposures"][0]["known"] for one in parts] == [95, None]


@pytest.mark.parametrize(("whole", "known"), [(107, None), (125, 125), (90, 90)])
async def test_an_epci_is_told_unless_it_gives_the_secret_of_one_commune_away(world, whole, known):
    epci = {"area_kind": "epci", "area_code": "243100633"}
    await world.counted(
        {"area": "31113", "count": 60},
        {"area": "31446", "count": 40},
        {"area": "31506", "count": "s"},
        {"area": "243100633", "count": whole, **epci},
    )
    await world.agreed("cpam-31")
    for path in ("wider-areas/243100633", "wider-areas"):
        (told,) = (await world.get(path, **PARTY))["items"]
        assert told["exposures"][0]["known"] == known
        (inside,) = (await world.get(path))["items"]
        assert inside["exposures"][0]["known"] == whole


async def test_needs_of_an_iris_do_not_give_those_of_its_commune_away(world):
    iris = {"area_kind": "iris", "area_code": "311130101"}
    await world.met(
        {"area": "31113", "count": 3},
        {"area": "311130101", "count": 30, **iris},
        {"area": "311130101", "count": 40, "theme": "safe_use", **iris},
    )
    await world.agreed("cpam-31")
    (part,) = (await area(world, **PARTY))["parts"]
    counts = {one["theme"]: one["count"] for one in part["needs"]}
    assert counts == {"administrative_procedures": None, "safe_use": 40}
