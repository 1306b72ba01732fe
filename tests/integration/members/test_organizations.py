"""Organisations: what they are and were, which are one, through whom they are reached."""

from uuid import uuid4

import pytest


@pytest.fixture
def sit(http, bearer, coordination):
    """Return a function that gives a new organisation a seat and returns its slug."""

    async def ask(home=None, **over):
        body = {
            "organization": f"o-{uuid4().hex[:12]}",
            "name": f"Organisme {uuid4().hex[:8]}",
            "kind": "ASSOCIATION",
            "college": "DIGITAL_MEDIATION",
            "effective_on": "2026-01-01",
            **over,
        }
        path = f"/v1/coordinations/{home or coordination}/members"
        answer = await http.post(path, json=body, headers=bearer())
        assert answer.status_code == 201, answer.text
        return body["organization"]

    return ask


@pytest.fixture
async def elsewhere(http, bearer):
    """Another coordination."""
    slug = f"c-{uuid4().hex[:12]}"
    asked = {"slug": slug, "name": "Ailleurs", "level": "COMMUNE", "communes": ["31446"]}
    assert (await http.post("/v1/coordinations", json=asked, headers=bearer())).is_success
    return slug


@pytest.fixture
def merge(http, bearer):
    """Return a function that merges one organisation into another."""

    async def ask(gone, kept, headers=None):
        body = {"into": kept, "reason": "Saisi deux fois"}
        path = f"/v1/organizations/{gone}/merge"
        return await http.post(path, json=body, headers=headers or bearer())

    return ask


@pytest.fixture
def person(pool, coordination):
    """Return a function that records a person by SQL and returns its id."""

    async def add(home=None, organization=None):
        found = uuid4()
        await pool.execute(
            "INSERT INTO persons (coordination, person_id, organization, name, recorded_at)"
            " VALUES ($1, $2, $3, 'Une personne', now())",
            home or coordination,
            found,
            organization,
        )
        return str(found)

    return add


async def members_of(http, bearer, coordination):
    path = f"/v1/coordinations/{coordination}/members"
    return (await http.get(path, headers=bearer())).json()["items"]


async def test_a_renamed_body_keeps_its_name_before_and_its_history(http, bearer, sit):
    slug = await sit(name="Pôle emploi Occitanie", kind="FRANCE_TRAVAIL", college="INSTITUTIONAL")
    asked = {"name": "France Travail Occitanie", "kind": "FRANCE_TRAVAIL", "reason": "Loi de 2023"}

    first = await http.put(f"/v1/organizations/{slug}", json=asked, headers=bearer())
    again = await http.put(f"/v1/organizations/{slug}", json=asked, headers=bearer())
    history = await http.get(f"/v1/organizations/{slug}/history", headers=bearer())

    assert first.json()["formerly"] == "Pôle emploi Occitanie"
    assert again.json() == first.json()
    (change,) = history.json()["items"]
    assert (change["change"], change["name"]) == (1, "Pôle emploi Occitanie")
    assert (change["subject"], change["reason"]) == ("operator@*", "Loi de 2023")


async def test_each_coordination_is_told_of_another_name_and_of_nothing_else(
    http, bearer, sit, coordination, elsewhere, facts_about
):
    slug = await sit(name="Pôle emploi Occitanie", kind="FRANCE_TRAVAIL", college="INSTITUTIONAL")
    await sit(
        elsewhere,
        organization=slug,
        name="Pôle emploi Occitanie",
        kind="FRANCE_TRAVAIL",
        college="INSTITUTIONAL",
    )
    asked = {"name": "France Travail Occitanie", "kind": "FRANCE_TRAVAIL", "reason": "Loi de 2023"}

    for change in ({}, {}, {"rna": "W313000001"}):
        body = {**asked, **change}
        answer = await http.put(f"/v1/organizations/{slug}", json=body, headers=bearer())
        assert answer.status_code == 200, answer.text

    for home in (coordination, elsewhere):
        (fact,) = await facts_about(f"{home}/{slug}")
        assert (fact["type"], fact["coordination"]) == ("organization_renamed", home)
        assert (fact["formerly"], fact["name"]) == (
            "Pôle emploi Occitanie",
            "France Travail Occitanie",
        )


async def test_a_history_pages_in_order(http, bearer, sit):
    slug = await sit(name="Nom 0")
    for number in range(1, 4):
        asked = {"name": f"Nom {number}", "kind": "ASSOCIATION"}
        await http.put(f"/v1/organizations/{slug}", json=asked, headers=bearer())
    names, cursor = [], "0"
    while cursor is not None:
        page = (
            await http.get(
                f"/v1/organizations/{slug}/history",
                params={"limit": 1, "cursor": cursor},
                headers=bearer(),
            )
        ).json()
        names += [one["name"] for one in page["items"]]
        cursor = page["cursor"]

    assert names == ["Nom 0", "Nom 1", "Nom 2"]


async def test_a_doubtful_siret_is_kept_with_its_warning_and_the_post_offices_are_right(
    http, bearer, sit
):
    slug = await sit()
    for siret, codes in (
        ("73282932000079", ["W_SIRET"]),
        ("35600000009075", []),
        ("73282932000074", []),
    ):
        asked = {"name": "La même", "kind": "LA_POSTE", "siret": siret}
        shown = (await http.put(f"/v1/organizations/{slug}", json=asked, headers=bearer())).json()
        assert shown["siret"] == siret
        assert [one["code"] for one in shown["warnings"]] == codes


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"siret": "123"}, "siret"),
        ({"rna": "W12345678"}, "rna"),
        ({"rna": "X123456789"}, "rna"),
        ({"commune": "9999"}, "commune"),
        ({"kind": "caf"}, "kind"),
        ({"name": "x" * 201}, "name"),
        ({"name": ""}, "name"),
    ],
)
async def test_a_description_that_is_not_of_the_contract_is_refused(http, bearer, sit, over, field):
    slug = await sit()
    asked = {"name": "Un nom", "kind": "ASSOCIATION", **over}

    answer = await http.put(f"/v1/organizations/{slug}", json=asked, headers=bearer())

    assert (answer.status_code, answer.json()["code"]) == (400, "E_FIELD")
    assert answer.json()["errors"][0]["field"] == field


async def test_an_unknown_organisation_is_said_so(http, bearer, merge, sit):
    slug = await sit()
    described = await http.put(
        "/v1/organizations/o-jamais", json={"name": "X", "kind": "CAF"}, headers=bearer()
    )
    for answer in (
        described,
        await http.get("/v1/organizations/o-jamais", headers=bearer()),
        await http.get("/v1/organizations/o-jamais/history", headers=bearer()),
        await merge("o-jamais", slug),
        await merge(slug, "o-jamais"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "E_UNKNOWN")
        assert "o-jamais" in answer.json()["detail"]


async def test_a_coordinator_changes_only_what_sits_with_it_alone(
    http, bearer, sit, coordination, elsewhere, merge
):
    own = bearer("coordinator", coordination)
    shared = await sit()
    await http.post(
        f"/v1/coordinations/{elsewhere}/members",
        json={
            "organization": shared,
            "name": (await http.get(f"/v1/organizations/{shared}", headers=own)).json()["name"],
            "kind": "ASSOCIATION",
            "college": "DIGITAL_MEDIATION",
            "effective_on": "2026-01-01",
        },
        headers=bearer(),
    )
    alone, foreign = await sit(), await sit(elsewhere)
    asked = {"name": "Autre nom", "kind": "ASSOCIATION"}

    async def change(slug):
        return await http.put(f"/v1/organizations/{slug}", json=asked, headers=own)

    assert (await change(alone)).status_code == 200
    for slug in (shared, foreign):
        answer = await change(slug)
        assert (answer.status_code, answer.json()["code"]) == (403, "E_ROLE")
        assert answer.json()["errors"][0]["field"] == "organization"
        assert (await merge(slug, alone, own)).status_code == 403


async def test_two_that_are_one_keep_their_seats_and_both_names_resolve(
    http, bearer, sit, coordination, elsewhere, merge, facts_about, person
):
    gone, kept = await sit(), await sit(elsewhere)
    (before,) = await members_of(http, bearer, coordination)
    contact = await person(organization=gone)
    base = f"/v1/coordinations/{coordination}/organizations"
    await http.put(f"{base}/{gone}/contacts", json={"persons": [contact]}, headers=bearer())

    first, again = await merge(gone, kept), await merge(gone, kept)

    assert first.status_code == 200, first.text
    assert again.json() == first.json()
    assert first.json()["merged"] == [gone]
    (after,) = await members_of(http, bearer, coordination)
    assert after["id"] == before["id"]
    assert after["organization"] == kept
    resolved = await http.get(f"/v1/organizations/{gone}", headers=bearer())
    assert resolved.json()["organization"] == kept
    history = await http.get(f"/v1/organizations/{gone}/history", headers=bearer())
    assert history.json()["items"][0]["reason"] == "Saisi deux fois"
    reached = await http.get(f"{base}/{gone}/contacts", headers=bearer())
    assert reached.json() == {
        "coordination": coordination,
        "organization": kept,
        "persons": [contact],
    }
    (fact,) = await facts_about(f"{coordination}/{gone}")
    assert (fact["type"], fact["merged"]) == ("organization_merged", gone)
    assert fact["organization"] == kept


async def test_a_chain_of_merges_is_flat(http, bearer, sit, merge, elsewhere, pool):
    homes = [elsewhere]
    for number in range(2):
        slug = f"c-{uuid4().hex[:12]}"
        asked = {"slug": slug, "name": f"N {number}", "level": "COMMUNE", "communes": ["31446"]}
        await http.post("/v1/coordinations", json=asked, headers=bearer())
        homes.append(slug)
    one, two, three = [await sit(home) for home in homes]
    await merge(one, two)
    await merge(two, three)

    shown = (await http.get(f"/v1/organizations/{one}", headers=bearer())).json()
    assert shown["organization"] == three
    assert shown["merged"] == sorted([one, two])


async def test_a_seat_asked_for_what_gave_way_is_given_to_what_is_kept(
    http, bearer, sit, merge, elsewhere, coordination
):
    gone, kept = await sit(elsewhere), await sit()
    await merge(gone, kept)
    body = {
        "organization": gone,
        "name": "Le nom d'avant",
        "kind": "ASSOCIATION",
        "college": "PRIVATE",
        "effective_on": "2026-01-01",
    }

    here = await http.post(f"/v1/coordinations/{coordination}/members", json=body, headers=bearer())

    assert (here.status_code, here.json()["code"]) == (409, "E_DIFFERS")
    assert kept in here.json()["detail"]


@pytest.mark.parametrize("into", ["itself", "sitting", "merged"])
async def test_a_merge_that_makes_no_sense_is_refused(http, bearer, sit, merge, elsewhere, into):
    one, side = await sit(), await sit()
    far, last = await sit(elsewhere), await sit()
    await merge(far, last)
    target, status, code, field, said = {
        "itself": (one, 422, "E_FIELD", "into", "lui-même"),
        "sitting": (side, 409, "E_SEATS", "into", "siègent"),
        "merged": (far, 409, "E_MERGED", "organization", "fusionné"),
    }[into]

    answer = await merge(one, target)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.json()["errors"][0]["field"] == field
    assert said in answer.json()["detail"]


async def test_one_that_gave_way_is_changed_no_more(http, bearer, sit, merge, elsewhere):
    gone, kept = await sit(elsewhere), await sit()
    await merge(gone, kept)

    answer = await http.put(
        f"/v1/organizations/{gone}", json={"name": "X", "kind": "CAF"}, headers=bearer()
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "E_MERGED")
    assert kept in answer.json()["detail"]


async def test_duplicates_are_proposed_with_their_reason_and_never_merged_alone(http, bearer, sit):
    async def last(**told):  # After those of other tests, whose pairs are not read here.
        return await sit(organization=f"zzz-{uuid4().hex[:12]}", **told)

    number = str(uuid4().int)[:9]
    by_siret = [await last(siret=f"{number}00011"), await last(siret=f"{number}00011")]
    by_siren = await last(siret=f"{number}00029")
    word = uuid4().hex[:10]
    by_name = [
        await last(name=f"Médiathèque d'Œuvre {word}", commune="31446"),
        await last(name=f"MEDIATHEQUE  D’OEUVRE, {word}", commune="31446"),
    ]
    await last(name=f"Médiathèque d'Œuvre {word}", commune="33063")
    pairs, cursor = {}, "zzz~zzz"
    while cursor is not None:
        page = (
            await http.get(
                "/v1/organizations/duplicates",
                params={"limit": 2, "cursor": cursor},
                headers=bearer(),
            )
        ).json()
        for one in page["items"]:
            assert one["organization"] < one["other"]
            assert (one["organization"], one["other"]) not in pairs, "each pair once"
            pairs[one["organization"], one["other"]] = one["reason"]
        cursor = page["cursor"]

    assert pairs[tuple(sorted(by_siret))] == "SIRET"
    assert pairs[tuple(sorted((by_siret[0], by_siren)))] == "SIREN"
    assert pairs[tuple(sorted(by_name))] == "NAME"
    assert sum(set(by_name) & set(pair) != set() for pair in pairs) == 1


async def test_an_organisation_is_reached_through_one_or_two_persons(
    http, bearer, sit, coordination, person, elsewhere
):
    slug, other = await sit(), await sit()
    first, second = await person(), await person(organization=slug)
    path = f"/v1/coordinations/{coordination}/organizations/{slug}/contacts"

    async def name(*persons):
        return await http.put(path, json={"persons": list(persons)}, headers=bearer())

    assert (await name(second, first)).json()["persons"] == [second, first]
    assert (await name(first)).json()["persons"] == [first]
    for persons, code, said in (
        ([first, second, await person()], "E_FIELD", "un ou deux points de contact"),
        ([first, first], "E_FIELD", "deux fois"),
        ([str(uuid4())], "E_UNKNOWN", "enregistrez-la"),
        ([await person(elsewhere)], "E_UNKNOWN", "cette coordination"),
        ([await person(organization=other)], "E_UNKNOWN", "de cet organisme"),
    ):
        answer = await name(*persons)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert answer.json()["errors"][0]["field"] == "persons"
        assert said in answer.json()["detail"]
    assert (await http.get(path, headers=bearer())).json()["persons"] == [first]
    assert (await name()).json()["persons"] == []


@pytest.mark.parametrize("role", ["member", "observer", "institution"])
async def test_only_those_who_write_governance_change_organisations(
    http, bearer, sit, coordination, role, merge
):
    slug, own = await sit(), bearer(role, coordination)
    asked = {"name": "X", "kind": "CAF"}

    for answer in (
        await http.put(f"/v1/organizations/{slug}", json=asked, headers=own),
        await merge(slug, "o-autre", own),
        await http.get(f"/v1/organizations/{slug}/history", headers=own),
        await http.get("/v1/organizations/duplicates", headers=own),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "E_ROLE")


async def test_kinds_carry_the_codes_of_the_national_typologies(http, bearer):
    answer = await http.get("/v1/organization-kinds", headers=bearer("observer", "x"))

    kinds = {one["kind"]: one for one in answer.json()["items"]}
    assert kinds["CCAS"]["mednum"] == ["CCAS", "CIAS"]
    assert kinds["CCAS"]["data_inclusion"] == "ccas-cias"
    assert kinds["CARSAT"] == {
        "kind": "CARSAT",
        "label": "CARSAT",
        "college": "INSTITUTIONAL",
        "mednum": [],
        "data_inclusion": None,
    }


async def test_who_left_gives_way_to_who_sits_and_its_seat_stays_as_it_was(
    http, bearer, sit, merge, coordination, pool
):
    gone, kept = await sit(), await sit()
    await pool.execute("UPDATE members SET state = 'WITHDRAWN' WHERE organization = $1", gone)

    answer = await merge(gone, kept)

    assert answer.status_code == 200, answer.text
    found = await members_of(http, bearer, coordination)
    states = {one["organization"]: one["state"] for one in found}
    assert states == {gone: "WITHDRAWN", kept: "CONFIRMED"}
