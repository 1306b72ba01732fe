"""Opening hours as producers write them in French, turned into OpenStreetMap's form.

Days and times are read in the order they stand in; whatever else is said (by appointment, one week
of two, school holidays) is not: the result is the widest week that the text tells.
"""

import re
from collections.abc import Iterable, Sequence

from services.diagnostics.model.place_words import key

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MIDNIGHT = 24 * 60
RUN_DAYS_MIN = 3
_NAMES = (
    *("lundi|lun|lu", "mardi|mar|ma", "mercredi|mer|me", "jeudi|jeu|je"),
    *("vendredi|ven|ve", "samedi|sam|sa", "dimanche|dim|di"),
)
_DAY = "|".join(f"(?P<d{number}>{names})" for number, names in enumerate(_NAMES))
_TOKEN = re.compile(
    rf"""(?<![a-z])(?:{_DAY})s?(?![a-z])
    | (?P<every>tous\ les\ jours|7\ ?j?\ ?/\ ?7)
    | (?P<noise>\d+\s*(?:er|e|eme|x|bis|ter)(?![a-z])|\d+\s*(?=semaine|fois|samedi|lundi|mardi|jeudi
        |mercredi|vendredi|dimanche|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre
        |octobre|novembre|decembre|sur\s*\d|freres|rue)|sur\s+\d|/\s*2(?!\d)|(?<![\d:h])0(?=\s)|\d{{3,}}(?!\s*h))
    | (?P<hour>\d{{1,2}})(?:\s*[h:](?:\s*(?P<minute>[0-5]\d)(?!\d|\s*[h:])
        |(?P<tens>[0-5])(?!\d|\s*[h:]))?|/(?P<third>30|15|45)(?!\d))?
    | (?P<to>\s+(?:au|a)\s+|\s*-\s*)
    """,
    re.VERBOSE,
)
_EXCEPT = re.compile(
    r"\b(?:sauf|hors|excepte)\b|\bferme\w*[^0-9]{0,20}?\b(?:lun|mar|mer|jeu|ven|sam|dim)"
)
Range = tuple[int, int]


def ranges(text: str) -> list[Range]:
    """Return the ranges of minutes of a day that a text tells, merged where they meet."""
    times = [time for kind, time in _tokens(text) if kind == "time"]
    return merged(zip(times[::2], times[1::2], strict=False))


def merged(found: Iterable[Range]) -> list[Range]:
    """Return ranges in order, those that meet as one; what ends before it begins is left out."""
    kept: list[Range] = []
    for begin, end in sorted(one for one in found if one[0] < one[1] <= MIDNIGHT):
        if kept and begin <= kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((begin, end))
    return kept


def week(text: str) -> str | None:
    """Return the hours of a week in OpenStreetMap's form, None where days or times are missing.

    What follows an exception is not read: too few hours are told rather than wrong ones.
    """
    opened: dict[int, list[Range]] = {}
    days: list[int] = []
    times: list[int] = []
    first_times: list[int] = []
    through = False
    for kind, value in _tokens(_EXCEPT.split(_bare(text))[0]):
        if kind == "day":
            if times:
                _add(opened, days, times)
                first_times = first_times or ([] if days else times)
                days, times = [], []
            days += range(days[-1] + 1, value + 1) if through and days else [value]
        elif kind == "every":
            days = list(range(7))
        elif kind == "time":
            times.append(value)
        through = kind == "to" and bool(days) and not times
    _add(opened, days, times or first_times)
    return compact(opened)


def compact(opened: dict[int, list[Range]]) -> str | None:
    """Return hours by day as one line, days that share theirs together, None for none."""
    shared: dict[str, list[int]] = {}
    for day in sorted(opened):
        hours = written(merged(opened[day]))
        if hours:
            shared.setdefault(hours, []).append(day)
    groups = sorted(shared.items(), key=lambda one: (-len(one[1]), one[1][0]))
    told = [
        hours if len(days) == len(DAYS) else f"{_spelled(days)} {hours}" for hours, days in groups
    ]
    return "; ".join(told) or None


def _add(opened: dict[int, list[Range]], days: Sequence[int], times: Sequence[int]) -> None:
    for day in days:
        opened.setdefault(day, []).extend(zip(times[::2], times[1::2], strict=False))


def _tokens(text: str) -> list[tuple[str, int]]:
    """Return days (0 is Monday), times (minutes) and what joins two days, in order."""
    found: list[tuple[str, int]] = []
    for match in _TOKEN.finditer(_bare(text)):
        kind = match.lastgroup or ""
        if match["hour"] is not None:
            minutes = int(match["minute"] or match["third"] or f"{match['tens'] or 0}0")
            time = int(match["hour"]) * 60 + minutes
            if time <= MIDNIGHT:
                found.append(("time", time))
        elif kind == "every":
            found.append(("every", 0))
        elif kind == "to":
            found.append(("to", 0))
        elif kind.startswith("d"):
            found.append(("day", int(kind[1:])))
    return found


def _bare(text: str) -> str:
    """Return a text in small letters without accents, its separators kept."""
    plain = "".join(key(one) or _mark(one) for one in text)
    plain = re.sub(r"(?<=[0-9h])(?=(?:lu|ma|me|je|ve|sa|di)[a-z]*\b)", " ", plain)
    plain = re.sub(r"(h\d\d)\s+h(?!\s*\d)", r"\1", plain)
    return re.sub(r"(\d)\s+h(?![a-z])", r"\1h", plain)


def _mark(sign: str) -> str:
    return "-" if sign in "–—‑" else sign if sign in ":/-,;|.'_ " else " "


def written(found: Sequence[Range]) -> str:
    """Return ranges of minutes in OpenStreetMap's form."""
    return ",".join(
        f"{begin // 60:02}:{begin % 60:02}-{end // 60:02}:{end % 60:02}" for begin, end in found
    )


def _spelled(days: Sequence[int]) -> str:
    """Return days in short, runs of three and more as one."""
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(
        f"{DAYS[run[0]]}-{DAYS[run[-1]]}"
        if len(run) >= RUN_DAYS_MIN
        else ",".join(DAYS[one] for one in run)
        for run in runs
    )
