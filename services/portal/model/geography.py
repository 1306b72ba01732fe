"""The map of communes as proportional circles: projection, radii, labels, legend.

Areas, not radii, are proportional to values, so that the eye compares what it sees.
"""

import math
from collections.abc import Sequence

import msgspec

from contracts.events.diagnostics import FigureStatus
from contracts.http.diagnostics import MapData, MapPoint

WIDTH = 720.0
HEIGHT_MIN, HEIGHT_MAX = 320.0, 900.0
RADIUS_MAX = 40.0
MARGIN = RADIUS_MAX + 2.0
RADIUS_MIN = 3.0
RADIUS_UNKNOWN = 5.0
KM_PER_DEGREE = 111.32
SCALES_KM = (1, 2, 5, 10, 20, 50, 100)
CHARACTER = 7.0
LINE = 13.0
LABELS_MAX = 40
STEPS = (1, 2, 5)


class Circle(msgspec.Struct, frozen=True, kw_only=True):
    """A commune drawn: centre and radius in the units of the view box."""

    point: MapPoint
    x: float
    y: float
    r: float


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """A commune's name where it hides no circle and no other name."""

    text: str
    x: float
    y: float
    anchor: str
    major: bool


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the drawing needs. Circles come largest first, so that small ones stay on top."""

    width: float
    height: float
    circles: list[Circle]
    labels: list[Label]
    legend: list[tuple[int, float]]
    """Round values with their radius, largest first."""
    scale_km: int
    scale_width: float


def radius(value: int, value_max: int) -> float:
    """Return the radius whose circle's area is to the largest circle's as the values are."""
    assert 0 <= value <= value_max, "a value lies between zero and the largest"
    if value == 0:
        return RADIUS_MIN
    return max(RADIUS_MIN, RADIUS_MAX * math.sqrt(value / value_max))


def project(
    points: Sequence[tuple[float, float]], *, width: float = WIDTH, margin: float = MARGIN
) -> tuple[list[tuple[float, float]], float, float]:
    """Place longitudes and latitudes (degrees) in a drawing of `width`, north up.

    Returns:
        Each point's x and y, the height of the drawing, and the length of one kilometre; all in
        the units of the view box.

    Source: equirectangular projection, true to scale along the mean parallel (Snyder, Map
    Projections: A Working Manual, 1987, chapter 12).
    """
    assert points, "a map has at least one commune"
    longitudes, latitudes = [p[0] for p in points], [p[1] for p in points]
    middle = (min(latitudes) + max(latitudes)) / 2
    narrowing = math.cos(math.radians(middle))
    wide = (max(longitudes) - min(longitudes)) * narrowing
    high = max(latitudes) - min(latitudes)
    room_x, room_y = width - 2 * margin, HEIGHT_MAX - 2 * margin
    per_degree = min(room_x / wide if wide else math.inf, room_y / high if high else math.inf)
    if math.isinf(per_degree):
        per_degree = KM_PER_DEGREE  # One commune alone: any scale will do.
    height = max(HEIGHT_MIN, min(HEIGHT_MAX, high * per_degree + 2 * margin))
    left = (width - wide * per_degree) / 2
    top = (height - high * per_degree) / 2
    placed = [
        (
            left + (longitude - min(longitudes)) * narrowing * per_degree,
            top + (max(latitudes) - latitude) * per_degree,
        )
        for longitude, latitude in points
    ]
    return placed, height, per_degree / KM_PER_DEGREE


def chart(data: MapData) -> Chart | None:
    """Return the drawing of a map, None when no commune has a place on it."""
    there = [
        (point, (point.longitude, point.latitude))
        for point in data.points
        if point.longitude is not None and point.latitude is not None
    ]
    if not there:
        return None
    placed, height, unit_km = project([place for _, place in there])
    known = [point.value for point, _ in there if point.value is not None]
    value_max = max(known, default=0)
    circles = [
        Circle(point=point, x=round(x, 1), y=round(y, 1), r=round(_size(point, value_max), 1))
        for (point, _), (x, y) in zip(there, placed, strict=True)
    ]
    circles.sort(key=lambda one: (-one.r, one.point.commune))
    scale_km = _scale(unit_km)
    return Chart(
        width=WIDTH,
        height=round(height, 1),
        circles=circles,
        labels=labels(circles, height=height),
        legend=[(value, round(radius(value, value_max), 1)) for value in legend(value_max)],
        scale_km=scale_km,
        scale_width=round(scale_km * unit_km, 1),
    )


def _size(point: MapPoint, value_max: int) -> float:
    if point.value is None or point.status == FigureStatus.NOT_COVERED:
        return RADIUS_UNKNOWN
    return radius(max(0, point.value), max(value_max, 0))


def _scale(unit_km: float) -> int:
    fitting = [km for km in SCALES_KM if km * unit_km <= WIDTH / 4]
    return fitting[-1] if fitting else SCALES_KM[0]


def legend(value_max: int) -> list[int]:
    """Return up to two round values under `value_max`, largest first, far enough to tell apart."""
    rounds = [step * 10**power for power in range(len(str(max(value_max, 1)))) for step in STEPS]
    fitting = [value for value in rounds if value <= value_max]
    return fitting[::-1][0:3:2]


Box = tuple[float, float, float, float]


def labels(circles: Sequence[Circle], *, height: float) -> list[Label]:
    """Name as many communes as fit, the largest circles first.

    Each name is tried right, left, above and under its circle; one that would cover a circle or
    another name is left out: the table beside the map names every commune.
    """
    taken: list[Box] = [(c.x - c.r, c.y - c.r, c.x + c.r, c.y + c.r) for c in circles]
    found: list[Label] = []
    major_most = 6
    for circle in circles[:LABELS_MAX]:
        for x, y, anchor, box in _places(circle):
            inside = box[0] > 0 and box[1] > 0 and box[2] < WIDTH and box[3] < height
            if inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                major = len(found) < major_most and circle.point.value is not None
                text = circle.point.name
                found.append(
                    Label(text=text, x=round(x, 1), y=round(y, 1), anchor=anchor, major=major)
                )
                break
    return found


def _places(circle: Circle) -> list[tuple[float, float, str, Box]]:
    wide, gap = CHARACTER * len(circle.point.name), 4.0
    x, y, r = circle.x, circle.y, circle.r
    half = LINE / 2
    return [
        (x + r + gap, y + 4, "start", (x + r + gap, y - half, x + r + gap + wide, y + half)),
        (x - r - gap, y + 4, "end", (x - r - gap - wide, y - half, x - r - gap, y + half)),
        (x, y - r - gap, "middle", (x - wide / 2, y - r - gap - LINE, x + wide / 2, y - r - gap)),
        (x, y + r + LINE, "middle", (x - wide / 2, y + r + 2, x + wide / 2, y + r + LINE + 3)),
    ]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def by_value(points: Sequence[MapPoint]) -> list[MapPoint]:
    """Return the communes in the order of the table: known values first, largest first."""
    return sorted(
        points, key=lambda one: (one.value is None, -(one.value or 0), one.name.casefold())
    )
