"""No accepted figure is invisible: communes, their IRIS, and what is wider."""

EPCI, QPV = "243100633", "QN03101M"


async def test_an_epci_and_a_qpv_are_read_by_themselves(territory):
    epci = territory.signal(area_kind="epci", area_code=EPCI, count=4_200)
    qpv = territory.signal(area_kind="qpv", area_code=QPV, count="s")
    need = territory.need(area_kind="epci", area_code=EPCI, count=6)
    for told in (epci, qpv, need):
        assert (await territory.deliver("http", told))["code"] is None

    one = (await territory.get(f"/wider-areas/{EPCI}")).json()["items"]
    assert [(area["area_kind"], area["area_code"]) for area in one] == [("epci", EPCI)]
    (figure,) = one[0]["exposures"]
    assert (figure["known"], figure["source"], figure["reading"]) == (
        4_200,
        "Convention FICTIF-1",
        "4\u202f200",
    )
    assert [need["count"] for need in one[0]["needs"]] == [6]
    outside = (await territory.get(f"/wider-areas/{EPCI}", role="observer")).json()["items"]
    assert [need["count"] for need in outside[0]["needs"]] == [None]

    first = (await territory.get("/wider-areas", params={"limit": 1})).json()
    rest = (await territory.get("/wider-areas", params={"cursor": first["cursor"]})).json()
    listed = [area["area_code"] for area in (*first["items"], *rest["items"])]
    assert listed == [EPCI, QPV]
    assert rest["cursor"] is None
    assert rest["items"][0]["exposures"][0]["reading"] == "secret statistique"

    unknown = await territory.get("/wider-areas/243100999")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "E_UNKNOWN")
    assert await territory.reading() == [], "a commune is not charged with what is wider"


async def test_a_withdrawn_epci_is_known_no_more(territory):
    told = territory.signal(area_kind="epci", area_code=EPCI, count=500)
    await territory.deliver("nats", told)
    await territory.deliver("nats", territory.withdrawal(told))
    assert (await territory.get(f"/wider-areas/{EPCI}")).status_code == 404
    assert (await territory.get("/wider-areas")).json()["items"] == []


async def test_what_comes_by_http_moves_the_instant_and_by_nats_the_place_too(territory):
    before = await territory.area()
    assert (before["as_of_seq"], before["as_of"]) == (0, None)
    await territory.deliver("http", territory.signal())
    http = await territory.area()
    assert http["as_of_seq"] == 0
    assert http["as_of"] is not None
    seq = await territory.publish(territory.signal(measure="apl"))
    await territory.answered(seq)
    nats = await territory.area()
    assert nats["as_of_seq"] == seq
    assert nats["as_of"] >= http["as_of"]
