"""Files of others that this service takes: grants as funders publish them, and adviser posts."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from services.chassis.importer import Kind, Row, RowIsRefused, Warn, plain
from services.funding.model import estimates, grants
from services.funding.model.cells import Fault
from services.funding.model.estimates import Estimate
from services.funding.model.grants import Grant
from services.funding.model.published import Counted

T = TypeVar("T")
_Read = Callable[[Mapping[str, str]], tuple[T | None, list[Fault], list[Fault]]]


def _opener(
    read: _Read[T], key: Callable[[T], str]
) -> Callable[[], Callable[[Row, Warn], Counted]]:
    def start() -> Callable[[Row, Warn], Counted]:
        seen: Counter[str] = Counter()

        def one(row: Row, warn: Warn) -> Counted:
            said, faults, warnings = read(row.values)
            for doubt in warnings:
                warn(doubt.detail, column=doubt.column, code=f"W{doubt.code[1:]}")
            if said is None:
                raise _refusal(faults)
            seen[key(said)] += 1
            return Counted(said, seen[key(said)])

        return one

    return start


def _refusal(faults: list[Fault]) -> RowIsRefused:
    """Return the first fault, with the names of the other columns at fault."""
    first, *others = faults
    also = ", ".join(f"« {one.column} »" for one in others)
    detail = f"{first.detail} À corriger aussi : {also}." if also else first.detail
    return RowIsRefused(detail, column=first.column, code=first.code)


def _mend_grant(row: Row) -> Row | None:
    """Return a grant whose decimal comma cut its amount in two, or say that commas are at fault."""
    values = grants.mend_split_amount(row.values, row.surplus)
    if values is None and grants.has_split_amount(row.values):
        raise RowIsRefused(
            "La virgule du montant et d'autres coupent la ligne en trop de cellules ; mettez les "
            "textes et le montant entre guillemets.",
            column="montant",
            code="E_ROW",
        )
    return Row(row.line, values) if values else None


def _grant_totals(row: Counted) -> Mapping[str, int]:
    grant: Grant = row.said
    return {"grants": 1, "cents": grant.amount_cents}


def _estimate_totals(row: Counted) -> Mapping[str, int]:
    """Return posts and euros; the State's estimate is no money of a host, so its parts are told."""
    said: Estimate = row.said
    return {
        "posts": said.posts,
        "euros": said.estimated_cents // 100,
        "grant_euros": said.grant_cents // 100,
        "never_received_euros": said.never_received_cents // 100,
    }


KINDS: dict[str, Kind[Any]] = {
    kind.name: kind
    for kind in (
        Kind(
            "grants",
            [plain(one) for one in grants.COLUMNS],
            _opener(grants.read, lambda grant: grant.grant_key),
            mend=_mend_grant,
            totals=_grant_totals,
        ),
        Kind(
            "adviser-posts",
            [plain(one) for one in estimates.COLUMNS],
            _opener(estimates.read, lambda estimate: estimate.estimate_key),
            totals=_estimate_totals,
        ),
    )
}
