"""Adviser posts over HTTP: their programmes as data, their history, and the public example."""

import asyncio
import json
import tomllib

import pytest

from tests.conftest import ROOT

STATE = {"name": "État", "level": "STATE", "legal_nature": "PUBLIC_PERSON"}
HOLDERS = ("haute-garonne", "sicoval", "lyon", "lille", "strasbourg", "rhone", "la-rochelle")
EXAMPLE = [
    ("haute-garonne-sicoval", ["haute-garonne", "sicoval"], 60, 300_000_000),
    ("lyon", ["lyon"], 50, 250_000_000),
    ("lille", ["lille"], 32, 160_000_000),
    ("strasbourg", ["strasbourg"], 20, 100_000_000),
    ("rhone", ["rhone"], 15, 75_000_000),
    ("la-rochelle", ["la-rochelle"], 8, 40_000_000),
]
"""The public example: who holds, how many posts, how many cents."""


def programmes():
    """Return the programmes of the demonstration, by slug."""
    text = (ROOT / "infra/demo/adviser_programmes.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)["programmes"]
    return {one.pop("slug"): {**one, "funder": "etat"} for one in found}


@pytest.fixture
async def posts(world):
    """A world with the programmes of the demonstration and the bodies of the public example."""
    for path, body in (
        ("funders/etat", STATE),
        *((f"payees/{one}", {"name": one.title()}) for one in (*HOLDERS, "hub")),
        *((f"programmes/{slug}", body) for slug, body in programmes().items()),
    ):
        answer = await world.put(path, body)
        assert answer.status_code == 200, answer.text
    return world


def opening(**changed):
    """Return a post as it is opened, for the Sicoval unless told otherwise."""
    return {
        "programme": "conum-v2",
        "employer": "sicoval",
        "host": "haute-garonne",
        "deployer": "hub",
        "employer_kind": "LOCAL_AUTHORITY",
        "starts_on": "2024-01-15",
        **changed,
    }


async def must(world, path, **body):
    answer = await world.put(path, body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def opened(world, post="p1", **changed):
    return await must(world, f"posts/{post}", **opening(**changed))


def refused(answer):
    """Return status, code and field of a refusal whose sentence is one."""
    body = answer.json()
    assert body["detail"].endswith(".")
    return answer.status_code, body["code"], body["errors"][0]["field"]


async def test_the_public_example_reconciles_to_the_post_and_to_the_cent(posts):
    for slug, holders, count, cents in EXAMPLE:
        await must(
            posts,
            f"allocations/{slug}",
            programme="conum-v1",
            holders=[{"holder": one} for one in holders],
            posts=count,
            amount_cents=cents,
        )

    found = await posts.get("allocations")

    assert (found["posts_total"], found["amount_cents_total"]) == (185, 925_000_000)
    assert {one["per_post_cents"] for one in found["items"]} == {5_000_000}
    shared = next(one for one in found["items"] if one["id"] == "haute-garonne-sicoval")
    assert [(one["holder"], one["amount_cents"]) for one in shared["holders"]] == [
        ("haute-garonne", 150_000_000),
        ("sicoval", 150_000_000),
    ]


async def test_four_parties_of_a_post_are_told_apart(posts):
    found = await opened(posts)

    names = ("funder", "employer", "host", "deployer")
    assert [found[name] for name in names] == ["etat", "sicoval", "haute-garonne", "hub"]
    assert (found["state"], found["since"], found["ends_on"]) == (
        "VACANT",
        "2024-01-15",
        "2027-01-14",
    )
    assert (found["granted_cents"], found["return_by"]) == (4_250_000, "2024-07-15")


async def tell(world, kind, on, post="p1", event=None, **more):
    path = f"posts/{post}/events/{event or f'{kind}-{on}'}"
    return await world.put(path, {"kind": kind, "effective_on": on, **more})


async def done(world, kind, on, **more):
    answer = await tell(world, kind, on, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def facts_of(pool, world):
    rows = await pool.fetch(
        "SELECT type, data FROM ev WHERE aggregate LIKE $1 ORDER BY aggregate, version",
        f"{world.coordination}/post/%",
    )
    return [(row["type"].split(".")[3], json.loads(row["data"])) for row in rows]


async def test_the_whole_life_of_a_post_is_kept_and_told(posts, pool):
    await opened(posts)
    await done(posts, "filled", "2024-02-01", contract="CDI")
    await done(posts, "bonus", "2024-02-02")
    await done(posts, "payment", "2024-03-01", rank=1, amount_cents=2_000_000)
    await done(posts, "vacated", "2024-08-01")
    await done(posts, "transferred", "2024-09-01", employer="lyon", host="rhone")
    await done(posts, "filled", "2024-10-01", contract="CDD")
    await done(posts, "returned", "2024-11-01", reason="Fin du portage")

    found = await posts.get("posts/p1", as_of="2024-12-31")

    post = found["post"]
    assert (post["state"], post["since"], post["must_return"]) == ("RETURNED", "2024-11-01", False)
    assert (post["employer"], post["host"], post["deployer"]) == ("lyon", "rhone", "hub")
    assert (post["months_consumed"], post["months_left"]) == (7, 29)
    assert (post["granted_cents"], post["paid_cents"]) == (5_000_000, 2_000_000)
    assert (post["due_cents"], post["to_return_cents"]) == (972_222, 1_027_778)
    assert [one["amount_cents"] for one in found["steps"]] == [2_000_000, 1_750_000, 1_250_000]
    assert found["steps"][0]["paid_cents"] == 2_000_000
    assert [one["kind"] for one in found["events"]] == [
        "filled",
        "bonus",
        "payment",
        "vacated",
        "transferred",
        "filled",
        "returned",
    ]
    told = await facts_of(pool, posts)
    assert [kind for kind, _ in told] == [
        "post_filled",
        "post_vacated",
        "post_transferred",
        "post_filled",
        "post_returned",
    ]
    assert told[0][1] == {
        "coordination": posts.coordination,
        "post": "p1",
        "programme": "conum-v2",
        "funder": "etat",
        "employer": "sicoval",
        "host": "haute-garonne",
        "deployer": "hub",
        "filled_on": "2024-02-01",
        "ends_on": "2027-01-14",
    }
    assert told[1][1]["return_by"] == "2025-02-01"
    assert (told[2][1]["months_consumed"], told[2][1]["host"]) == (6, "rhone")
    assert told[4][1]["to_return_cents"] == 1_027_778


async def test_a_post_is_read_as_it_stood_on_a_day(posts):
    await opened(posts)
    await done(posts, "filled", "2024-02-01", contract="CDI")
    await done(posts, "vacated", "2024-08-01")

    on = {
        day: (await posts.get("posts/p1", as_of=day))["post"]
        for day in ("2024-01-31", "2024-02-01", "2025-02-01", "2025-02-02")
    }

    assert [one["state"] for one in on.values()] == ["VACANT", "FILLED", "VACANT", "VACANT"]
    assert [one["must_return"] for one in on.values()] == [False, False, False, True]


async def test_an_event_told_again_is_kept_once_and_another_under_its_id_is_refused(posts, pool):
    await opened(posts)
    same = {"event": "e1", "contract": "CDI"}

    answers = await asyncio.gather(*(tell(posts, "filled", "2024-02-01", **same) for _ in range(8)))
    other = await tell(posts, "filled", "2024-02-02", **same)

    assert {one.status_code for one in answers} == {200}
    assert (other.status_code, other.json()["code"]) == (409, "E_DIFFERS")
    assert [kind for kind, _ in await facts_of(pool, posts)] == ["post_filled"]


async def test_two_bonuses_at_once_grant_one(posts):
    await opened(posts)

    answers = await asyncio.gather(
        *(tell(posts, "bonus", "2024-02-01", event=f"b{n}") for n in range(6))
    )

    assert sorted(one.status_code for one in answers) == [200] + [409] * 5
    assert {one.json()["code"] for one in answers if one.status_code == 409} == {"E_CAP"}


@pytest.mark.parametrize(
    ("before", "kind", "on", "more", "expected"),
    [
        ([], "vacated", "2024-02-01", {}, (409, "E_STATE", "kind")),
        ([], "filled", "2024-02-01", {}, (400, "E_FIELD", "contract")),
        ([], "filled", "2024-07-16", {"contract": "CDI"}, (409, "E_PERIOD", "effective_on")),
        (
            [],
            "payment",
            "2024-02-01",
            {"rank": 1, "amount_cents": 1_750_001},
            (409, "E_CAP", "amount_cents"),
        ),
        ([], "transferred", "2024-02-01", {"host": "inconnu"}, (404, "E_UNKNOWN", "host")),
        ([], "transferred", "2024-02-01", {}, (400, "E_FIELD", "host")),
        ([("bonus", "2024-02-01", {})], "bonus", "2024-02-02", {}, (409, "E_CAP", "kind")),
    ],
)
async def test_what_a_post_does_not_admit_is_refused_with_its_code(
    posts, before, kind, on, more, expected
):
    await opened(posts)
    for earlier, day, told in before:
        await done(posts, earlier, day, **told)

    assert refused(await tell(posts, kind, on, **more)) == expected


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("posts/p2", opening(programme="inconnu"), (404, "E_UNKNOWN", "programme")),
        ("posts/p2", opening(host="inconnu"), (404, "E_UNKNOWN", "host")),
        ("posts/p2", opening(fund="inconnu"), (404, "E_UNKNOWN", "fund")),
        ("posts/p2", opening(funder="inconnu"), (404, "E_UNKNOWN", "funder")),
        ("posts/p2", opening(allocation="inconnue"), (404, "E_UNKNOWN", "allocation")),
        ("posts/p2", opening(ends_on="2023-01-01"), (400, "E_FIELD", "valid_until")),
        (
            "posts/p2",
            opening(programme="conum-v1", employer_kind="ASSOCIATION"),
            (404, "E_UNKNOWN", "employer_kind"),
        ),
        ("posts/p1", opening(host="lyon"), (409, "E_DIFFERS", "id")),
        (
            "posts/inconnu/events/e1",
            {"kind": "vacated", "effective_on": "2024-02-01"},
            (404, "E_UNKNOWN", "post"),
        ),
        (
            "programmes/p",
            {
                "name": "P",
                "funder": "etat",
                "rates": [{"sector": "PUBLIC", "months": 35, "instalments_cents": [1, 1]}],
            },
            (400, "E_FIELD", "rates"),
        ),
        (
            "programmes/p",
            {
                "name": "P",
                "funder": "inconnu",
                "rates": [{"sector": "PUBLIC", "months": 36, "instalments_cents": [1]}],
            },
            (404, "E_UNKNOWN", "funder"),
        ),
        (
            "allocations/a",
            {
                "programme": "inconnu",
                "holders": [{"holder": "lyon"}],
                "posts": 1,
                "amount_cents": 1,
            },
            (404, "E_UNKNOWN", "programme"),
        ),
        (
            "allocations/a",
            {
                "programme": "conum-v1",
                "holders": [{"holder": "inconnu"}],
                "posts": 1,
                "amount_cents": 1,
            },
            (404, "E_UNKNOWN", "holders"),
        ),
    ],
)
async def test_what_is_not_known_or_not_as_the_programme_says_is_refused(
    posts, path, body, expected
):
    await opened(posts)

    assert refused(await posts.put(path, body)) == expected


def whole(posts, cents, **more):
    holders = [{"holder": "lyon"}]
    return {
        "programme": "conum-v1",
        "holders": holders,
        "posts": posts,
        "amount_cents": cents,
        **more,
    }


async def test_the_allocations_of_a_programme_stay_within_its_envelope_and_its_posts(posts):
    await must(posts, "allocations/une", **whole(3_999, 24_999_999_999))

    over = await posts.put("allocations/autre", whole(1, 2))
    assert refused(over) == (409, "E_CEILING", "amount_cents")
    assert "« conum-v1 »" in over.json()["detail"]
    assert refused(await posts.put("allocations/autre", whole(2, 1))) == (
        409,
        "E_CEILING",
        "amount_cents",
    )
    await must(posts, "allocations/autre", **whole(1, 1))
    await must(posts, "allocations/autre", **whole(1, 1))


async def test_an_allocation_opens_no_more_posts_than_it_holds_even_at_once(posts):
    await must(posts, "allocations/deux", **whole(2, 10_000_000))
    body = opening(programme="conum-v1", allocation="deux")

    answers = await asyncio.gather(*(posts.put(f"posts/p{n}", body) for n in range(6)))

    assert sorted(one.status_code for one in answers) == [200, 200, 409, 409, 409, 409]
    assert {refused(one) for one in answers if one.status_code == 409} == {
        (409, "E_CEILING", "allocation")
    }


async def test_a_shared_allocation_is_split_by_weight_to_the_cent(posts):
    holders = [{"holder": "sicoval", "weight": 1}, {"holder": "haute-garonne", "weight": 2}]

    found = await must(posts, "allocations/partagee", **whole(1, 100, holders=holders))

    assert [(one["holder"], one["amount_cents"]) for one in found["holders"]] == [
        ("haute-garonne", 67),
        ("sicoval", 33),
    ]


async def test_employers_are_counted_by_kind_and_a_transfer_is_followed(posts):
    kinds = ["LOCAL_AUTHORITY"] * 3 + ["ASSOCIATION", "OTHER_PUBLIC"]
    for n, kind in enumerate(kinds):
        await opened(posts, f"p{n}", employer_kind=kind)
    await done(posts, "transferred", "2024-03-01", post="p4", employer_kind="LOCAL_AUTHORITY")
    await done(posts, "returned", "2024-04-01", post="p3")

    before = await posts.get("posts", as_of="2024-02-01", limit=2)
    after = await posts.get("posts", as_of="2024-12-31", cursor=before["cursor"])

    def counted(found):
        return {one["employer_kind"]: one["posts"] for one in found["by_employer"]}

    assert counted(before) == {"ASSOCIATION": 1, "LOCAL_AUTHORITY": 3, "OTHER_PUBLIC": 1}
    assert counted(after) == {"LOCAL_AUTHORITY": 4}
    assert [one["id"] for one in before["items"] + after["items"]] == ["p0", "p1", "p2", "p3", "p4"]


async def test_a_plan_shows_the_cliff_of_each_scenario(posts):
    await opened(posts, yearly_cost_cents=4_000_000)
    await done(posts, "filled", "2024-02-01", contract="CDI")

    async def years(**asked):
        found = await posts.get("plan", first_year=2026, years=3, **asked)
        return [
            (one["funded_cents"], one["left_cents"], one["cliff_cents"]) for one in found["years"]
        ]

    assert await years(scenario="not_renewed") == [
        (1_250_000, 2_750_000, 18_995),
        (47_945, 3_952_055, 1_202_055),
        (0, 4_000_000, 47_945),
    ]
    assert [cliff for _, _, cliff in await years(scenario="renewed")] == [18_995, 0, 0]
    assert await years(scenario="partial", share="1/2") == [
        (1_250_000, 2_750_000, 18_995),
        (648_972, 3_351_028, 601_028),
        (625_066, 3_374_934, 23_906),
    ]
