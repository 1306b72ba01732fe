"""The map: where circles stand, how large they are, what they are called."""

import math

import pytest

from contracts.http.diagnostics import MapData, MapPoint
from services.portal.model import geography


def point(code="31113", *, longitude=1.5, latitude=43.5, value=None, status="not_covered"):
    return MapPoint(
        commune=code,
        name=f"Commune {code}",
        population=1_000,
        longitude=longitude,
        latitude=latitude,
        value=value,
        status=status,
        reading="lu",
    )


def drawn(points):
    return geography.chart(
        MapData(
            measure="rsa",
            label="RSA",
            source="CNAF",
            period="2021",
            points=points,
            measures={"rsa": "RSA"},
            updated_at=None,
        )
    )


@pytest.mark.parametrize("times", [4, 9, 16, 100])
def test_areas_are_proportional_to_values(times):
    """Four times the value is twice the radius: the eye compares surfaces."""
    small, large = (
        geography.radius(1_000, 1_000 * times),
        geography.radius(1_000 * times, 1_000 * times),
    )

    assert math.isclose(large / small, math.sqrt(times), rel_tol=1e-9)
    assert large == geography.RADIUS_MAX


def test_a_small_value_and_zero_can_be_seen():
    """A commune with a known zero is drawn, unlike one where nothing is known."""
    assert geography.radius(0, 1_000) == geography.RADIUS_MIN
    assert geography.radius(1, 10**6) == geography.RADIUS_MIN
    assert geography.radius(0, 0) == geography.RADIUS_MIN


def test_north_is_up_and_east_is_right():
    """The drawing is the reader's map, not the geometer's axes."""
    placed, _, _ = geography.project([(1.4, 43.4), (1.6, 43.6)])

    (west, south), (east, north) = placed
    assert west < east
    assert north < south


@pytest.mark.parametrize("latitude", [0.0, 43.5, 60.0])
def test_a_kilometre_is_as_long_both_ways(latitude):
    """Degrees of longitude shrink with the cosine of the latitude, and the drawing with them."""
    step_km = 5.0
    north = step_km / geography.KM_PER_DEGREE
    east = north / math.cos(math.radians(latitude))
    points = [(1.0, latitude - north / 2), (1.0, latitude + north / 2), (1.0 + east, latitude)]

    placed, _, unit = geography.project(points)

    assert math.isclose(placed[0][1] - placed[1][1], step_km * unit, rel_tol=1e-6)
    assert math.isclose(placed[2][0] - placed[0][0], step_km * unit, rel_tol=1e-3)


def test_every_circle_is_inside_the_drawing():
    """The largest circle may stand at the edge of the territory."""
    corners = [(1.0, 43.0), (2.0, 43.0), (1.0, 44.0), (2.0, 44.0)]
    chart = drawn(
        [
            point(f"3100{n}", longitude=x, latitude=y, value=1_000, status="complete")
            for n, (x, y) in enumerate(corners)
        ]
    )

    for circle in chart.circles:
        assert circle.x - circle.r >= 0
        assert circle.x + circle.r <= chart.width
        assert circle.y - circle.r >= 0
        assert circle.y + circle.r <= chart.height


def test_one_commune_alone_has_a_map():
    """A coordination may be one commune: no distance to scale by."""
    chart = drawn([point(value=12, status="complete")])

    assert chart.circles[0].x == pytest.approx(geography.WIDTH / 2)


def test_no_commune_has_no_map():
    """Before the reference data is loaded there is nothing to draw."""
    assert drawn([]) is None


def test_what_is_not_covered_is_small_and_never_zero():
    """Its circle has a size of its own, whatever the other values are."""
    chart = drawn([point("31113", value=5, status="complete"), point("31446", longitude=1.6)])

    by_code = {circle.point.commune: circle for circle in chart.circles}
    assert by_code["31446"].r == geography.RADIUS_UNKNOWN
    assert by_code["31113"].r == geography.RADIUS_MAX


def test_large_circles_are_drawn_under_small_ones():
    """Where two overlap, the small one can still be seen and clicked."""
    chart = drawn(
        [
            point("31001", value=1, status="complete"),
            point("31002", longitude=1.51, value=900, status="complete"),
            point("31003", longitude=1.52, value=90, status="complete"),
        ]
    )

    assert [circle.point.commune for circle in chart.circles] == ["31002", "31003", "31001"]


def test_names_cover_neither_circles_nor_each_other():
    """Thirty communes close together: those whose name does not fit go without."""
    points = [
        point(
            f"31{n:03}",
            longitude=1.4 + (n % 6) / 50,
            latitude=43.4 + (n // 6) / 50,
            value=n * 10,
            status="complete",
        )
        for n in range(30)
    ]
    chart = drawn(points)

    wide = geography.CHARACTER
    boxes = []
    for label in chart.labels:
        length = wide * len(label.text)
        left = {"start": label.x, "end": label.x - length, "middle": label.x - length / 2}
        boxes.append((left[label.anchor], label.y - 9, left[label.anchor] + length, label.y))
    assert boxes
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            apart = (
                one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            )
            assert apart, (one, other)


@pytest.mark.parametrize(
    ("most", "shown"),
    [(0, []), (1, [1]), (7, [5, 1]), (1_184, [1_000, 200]), (3_641, [2_000, 500])],
)
def test_the_legend_shows_round_values(most, shown):
    """Two sizes that the reader can tell apart, none larger than what is drawn."""
    assert geography.legend(most) == shown


def test_the_table_starts_with_what_is_known():
    """Largest first, then in alphabetical order what is not known."""
    points = [
        point("31003"),
        point("31002", value=3, status="complete"),
        point("31001", value=9, status="partial"),
        point("31000"),
    ]

    assert [one.commune for one in geography.by_value(points)] == [
        "31001",
        "31002",
        "31000",
        "31003",
    ]
