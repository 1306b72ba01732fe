"""Every page, when every other service is away: with what was last known, and with nothing."""

import hashlib

import pytest

from contracts.http.funding import Stages
from tests.integration.portal import known
from tests.integration.portal.reading import Page

PAGES = [
    "/",
    "/c/sicoval",
    "/c/sicoval/argent",
    "/c/sicoval/diagnostic",
    "/c/sicoval/communes/31446",
    "/c/sicoval/gouvernance",
    "/c/sicoval/feuille-de-route",
    "/c/sicoval/echanges",
    "/c/sicoval/annuaire",
]
BLOCS = [
    "money",
    "funds",
    "map",
    "map-diagnostic",
    "signals",
    "all-signals",
    "partners",
    "partners-detail",
]
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}


@pytest.fixture(params=["portal", "informed"])
def either(request):
    """A portal that was never answered, then one that was: their pages are whole alike."""
    return request.getfixturevalue(request.param)


async def page(portal, path, *, status=200) -> Page:
    answer = await portal.client.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Page(answer.text)


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_whole_when_every_service_is_away(either, path):
    """Well formed, in French, one title, and it says that it is a demonstration."""
    found = await page(either, path)

    assert len(found.all("h1")) == 1
    assert found.all("html")[0]["lang"] == "fr"
    assert "Démonstration : aucun compte n'est demandé" in found.text()
    assert found.all("main")[0]["id"] == "contenu"
    assert any(link.get("href") == "#contenu" for link in found.all("a"))


async def test_titles_are_unique(informed):
    """A reader with ten tabs tells them apart."""

    titles = [(await page(informed, path)).text("title") for path in PAGES]

    assert len(set(titles)) == len(titles), titles


@pytest.mark.parametrize("path", PAGES)
async def test_nothing_is_styled_or_scripted_inline(informed, path):
    """The policy would block it: no style, no script in the page, no handler on an element."""

    found = await page(informed, path)

    assert not found.all("style")
    assert all(script["src"].startswith("/static/portal.js?v=") for script in found.all("script"))
    for tag, attributes in found.tags:
        assert "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith("on")], tag


async def test_a_changed_file_has_another_address(informed):
    """A browser keeps what it has for a day: the address is the content's."""
    found = await page(informed, "/c/sicoval")
    addresses = [found.all("script")[0]["src"], *(link["href"] for link in found.all("link"))]

    for address in addresses:
        answer = await informed.client.get(address)
        assert answer.status_code == 200
        assert address.endswith("?v=" + hashlib.sha256(answer.content).hexdigest()[:12])


@pytest.mark.parametrize("path", PAGES)
async def test_names_in_a_page_are_used_once_and_lead_somewhere(informed, path):
    """Ids are unique, and what is labelled by one finds it."""

    found = await page(informed, path)

    ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
    assert len(set(ids)) == len(ids)
    for _, attributes in found.tags:
        for name in ("aria-labelledby", "for"):
            assert attributes.get(name) is None or attributes[name] in ids
        target = attributes.get("href") or ""
        assert not target.startswith("#") or target[1:] in ids


@pytest.mark.parametrize(
    "path", [*PAGES, "/c/inconnue/rien", "/static/portal.css", "/health/live", "/nulle-part"]
)
async def test_every_answer_carries_the_security_headers(informed, path):
    """Pages, files, errors and what machines read alike."""
    headers = (await informed.client.get(path)).headers

    assert set(headers["content-security-policy"].split("; ")) == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


async def test_the_first_screen_shows_the_pool_to_the_cent(informed):
    """Each figure carries its name and its value in cents."""

    found = await page(informed, "/c/sicoval")

    figures = found.figures
    for stage in Stages.__struct_fields__:
        assert figures[f"stage:{stage}"] == str(getattr(known.STAGES, stage))
        assert figures[f"reached:{stage}"] == str(getattr(known.REACHED, stage))
    assert figures["promised"] == "15250000"
    assert figures["agreed"] == "12550000"
    assert figures["received"] == "1950000"
    assert figures["awarded"] == "8483333"
    assert figures["left"] == "4066667"
    assert figures["funding_gap"] == "3450000"
    assert figures["funder:etat:agreed"] == "4250000"
    assert figures["funder:etat:left"] == "2500000"
    assert "84 833,33 €" in found.text()


async def test_what_is_not_known_reads_as_such_and_has_no_value(informed):
    """A commune that the source does not cover is never zero."""

    found = await page(informed, "/c/sicoval")

    assert found.figures["commune:31446"] == "1184"
    assert found.figures["commune:31582"] is None
    assert "non diffusé à cette maille" in found.text()
    assert "≥ 1 184, 2 IRIS masqués" in found.text()


async def test_each_circle_is_a_link_with_a_name(informed):
    """The map can be used by keyboard and heard; statuses differ by more than colour."""

    found = await page(informed, "/c/sicoval")

    named = {a["href"]: a["aria-label"] for a in found.all("a") if "aria-label" in a}
    assert named["/c/sicoval/communes/31582"] == "Vigoulet-Auzil : non diffusé à cette maille"
    assert set(named) == {f"/c/sicoval/communes/{one.commune}" for one in known.MAP.points}
    drawn = {c["class"]: c for c in found.all("circle") if (c["class"] or "").startswith("c c-")}
    assert set(drawn) == {"c c-complete", "c c-partial", "c c-secret", "c c-not_covered"}
    assert drawn["c c-partial"]["fill"] == "url(#hachures)"


async def test_a_refused_signal_shows_its_code_and_its_sentence(informed):
    """The institution, the place by its name, and what to do."""

    text = (await page(informed, "/c/sicoval")).text()

    assert "CAF de la Haute-Garonne" in text
    assert "Comptage, Ramonville-Saint-Agne, IRIS 314460102" in text
    assert "E_SMALL Le compte 4 est sous le seuil de 5 ; envoyez « s »." in text
    assert "12 mises à jour attendent" in text


async def test_a_block_whose_service_is_away_says_since_when(informed):
    """The last good answer is shown, with its hour in Paris."""

    text = (await page(informed, "/c/sicoval")).text()

    assert "Le service des financements ne répond pas ; dernière valeur connue à 14:32." in text


async def test_a_block_that_was_never_answered_says_so(portal):
    """No figure is made up."""
    found = await page(portal, "/c/sicoval")

    said = found.text()
    assert "Le service des membres ne répond pas ; aucune valeur n'est encore connue." in said
    assert "Le service du diagnostic n'a pu être interrogé, faute d'un jeton" in said
    assert found.figures == {}


async def test_a_commune_shows_each_figure_with_its_source_and_vintage(informed):
    """The two families stand apart, the index as it was published."""

    found = await page(informed, "/c/sicoval/communes/31446")

    assert found.figures == {
        "exposure:rsa": "1184",
        "need:online_procedure": "14",
        "indicator:ifn_total": "4.857142857142857",
    }
    for said in ("donnée publique CNAF", "février 2026", "La Mednum", "2023", "signal n° 271"):
        assert said in found.text()


async def test_a_commune_shows_what_the_field_says_of_its_risks(informed):
    """Each element has its state, since when, and the figure that revealed it."""
    said = (await page(informed, "/c/sicoval/communes/31446")).text()
    assert "Des seniors sans démarches en ligne (fictif) Seniors qualifié 1er mars 2026" in said
    assert "7,2 sur 10 La Mednum, 2023" in said


async def test_the_diagnostic_shows_how_far_the_field_confirms_it(informed):
    """Elements by state, and the communes that each filled post has visited."""
    found = await page(informed, "/c/sicoval/diagnostic")
    told = {name: value for name, value in found.figures.items() if name.startswith("elements:")}
    assert told == {
        "elements:RISK_OBSERVED": "3",
        "elements:SURVEYED": "1",
        "elements:QUALIFIED": "2",
        "elements:REFUTED": "0",
        "elements:ANSWERED": "1",
    }
    assert found.figures["visits:poste-1"] == "12"
    assert "12 sur 36" in found.text()


async def test_what_others_wrote_is_escaped(informed):
    """A name with a sign of HTML is text."""

    assert (
        "Second poste de conseiller <numérique> (fictif)"
        in (await page(informed, "/c/sicoval/argent")).text()
    )


@pytest.mark.parametrize("bloc", BLOCS)
async def test_a_live_part_is_the_page_s_own(either, bloc):
    """What the script swaps in is well formed and has no frame of its own."""
    found = await page(either, f"/c/sicoval/blocs/{bloc}")

    assert not found.all("html")
    assert not found.all("h1")


async def test_each_live_part_of_a_page_can_be_fetched(informed):
    """Every address that a page gives to the script answers."""

    addresses = set()
    for path in PAGES:
        found = await page(informed, path)
        addresses |= {a["data-bloc"] for _, a in found.tags if "data-bloc" in a}

    assert len(addresses) >= len(BLOCS) - 1
    for address in addresses:
        await page(informed, address)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nulle-part", 404),
        ("/c/Sicoval", 404),
        ("/c/sicoval/nulle/part", 404),
        ("/c/sicoval/communes/999", 404),
        ("/c/sicoval/blocs/rien", 404),
        ("/static/rien.css", 404),
        ("/c/sicoval?mesure=" + "a" * 80, 400),
    ],
)
async def test_an_error_is_a_page_in_french(informed, path, status):
    """A browser is never shown a problem document."""
    found = await page(informed, path, status=status)

    assert len(found.all("h1")) == 1
    assert f"Erreur {status}" in found.text()


async def test_a_measure_that_cannot_be_is_not_asked_for(informed):
    """The map shows its own measure instead."""

    found = await page(informed, "/c/sicoval?mesure=DROP TABLE")

    assert found.figures["commune:31446"] == "1184"


async def test_what_machines_read_stays_a_problem_document(portal):
    """Health says in JSON what is missing."""
    answer = await portal.client.get("/health/ready")

    assert answer.status_code == 503
    assert "NATS ne répond pas" in answer.json()["missing"]
