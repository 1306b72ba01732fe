"""What the State estimates it invests in adviser posts: a figure of its own, no host's money.

The State publishes posts × unit, rounded once on the product. The unit holds the grant a host may
receive and a part, training and equipment, that it never receives.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

import msgspec

from services.funding.model.cells import E_AMOUNT, E_FIELD, E_MISSING, Cells, Fault, plain

POSTS, EUROS = (
    "Nombre de conseillers validés par le COSELEC",
    "Investissement financier estimatif total de l’Etat",
)
OTHER_NAMES = {
    POSTS: ("nb_cnfs",),
    "Code commune INSEE": ("insee_com",),
}
COLUMNS = ("SIRET", EUROS)
_COMMUNE = re.compile(r"([013-9]\d|2[AB1-9])\d{3}")
KEY_DIGITS = 32
_OVERSEAS = ("97", "98")


class HostKind(StrEnum):
    """Whose budget carries a post: a public body's or a private one's."""

    PUBLIC = "PUBLIC"
    PRIVATE = "PRIVATE"


class Rate(msgspec.Struct, frozen=True):
    """What the State counts for one post: in ten-thousandths of a euro, and its grant in euros."""

    edition: str
    kind: HostKind
    unit: int
    grant_euros: int

    def euros(self, posts: int) -> int:
        """Return the estimate of so many posts, rounded half up, once, on the product."""
        return (posts * self.unit + 5_000) // 10_000


RATES = (
    Rate("2022-06", HostKind.PUBLIC, 548_050_000, 50_000),
    Rate("2022-06", HostKind.PUBLIC, 723_050_000, 67_500),
    Rate("2022-06", HostKind.PRIVATE, 368_050_000, 32_000),
    Rate("2023-04", HostKind.PUBLIC, 554_288_267, 50_000),
    Rate("2023-04", HostKind.PUBLIC, 729_288_267, 67_500),
    Rate("2023-04", HostKind.PUBLIC, 754_288_267, 70_000),
    Rate("2023-04", HostKind.PRIVATE, 374_288_267, 32_000),
)
"""The units of the lists of June 2022 and April 2023; the larger public ones are overseas."""
_KINDS = {"publique": HostKind.PUBLIC, "public": HostKind.PUBLIC, "privee": HostKind.PRIVATE}


class Estimate(msgspec.Struct, frozen=True):
    """One line of the list: so many posts validated for a body, and what the State estimates."""

    estimate_key: str
    edition: str
    host_name: str
    host_siret: str | None
    host_kind: str
    commune: str | None
    department: str | None
    validated_on: date
    posts: int
    estimated_cents: int
    grant_cents: int

    @property
    def never_received_cents(self) -> int:
        """The part of the estimate that no host ever receives."""
        return self.estimated_cents - self.grant_cents


def read(values: Mapping[str, str]) -> tuple[Estimate | None, list[Fault], list[Fault]]:
    """Return the estimate of a row, or why there is none, and what was mended in it."""
    cells = Cells(values, other_names=OTHER_NAMES)
    name = cells.text("Raison sociale")
    siret = cells.siret("SIRET", strict=False)
    kind = cells.choice("Type", _KINDS, expected="« publique » ou « privée »")
    posts = cells.whole(POSTS)
    validated_on = cells.day("Date de validation en comité de sélection")
    if "/" in cells.raw("Date de validation en comité de sélection"):
        cells.warnings[:] = [one for one in cells.warnings if "Date" not in one.column]
    commune = _commune(cells)
    department = _department(cells, commune)
    rate = _rate(cells, kind, posts)
    if cells.faults:
        return None, cells.faults, cells.warnings
    assert rate is not None, "a row without fault has a rate"
    assert posts is not None, "a row without fault has posts"
    told = (
        rate.edition,
        name,
        siret,
        kind,
        commune,
        department,
        validated_on,
        posts,
        rate.euros(posts) * 100,
        posts * rate.grant_euros * 100,
    )
    address = cells.raw("Adresse")  # Tells two sites of one body apart; not kept.
    key = hashlib.sha256(msgspec.json.encode((*told, address))).hexdigest()[:KEY_DIGITS]
    found = Estimate(key, *told)  # type: ignore[arg-type]  # A row without fault has them all.
    return found, [], cells.warnings


def _rate(cells: Cells, kind: str | None, posts: int | None) -> Rate | None:
    euros = cells.whole(EUROS)
    if euros is None or posts is None or kind is None:
        return None
    for rate in RATES:
        if rate.kind == kind and rate.euros(posts) == euros:
            return rate
    cells.fault(
        EUROS,
        E_AMOUNT,
        f"{euros} € pour {posts} postes : aucune unité connue de l'État ne donne ce montant ; "
        "vérifiez les deux.",
    )
    return None


def _commune(cells: Cells) -> str | None:
    """Return the code of the commune, the zero a spreadsheet took put back."""
    typed = cells.raw("Code commune INSEE")
    if not typed or plain(typed) in {"null", "none", "na"}:
        cells.warn("Code commune INSEE", E_MISSING, "Le code de la commune manque.")
        return None
    code = typed.zfill(5)
    if not _COMMUNE.fullmatch(code):
        cells.warn(
            "Code commune INSEE",
            E_FIELD,
            f"« {typed} » n'est pas un code de commune ; il est omis.",
        )
        return None
    if code != typed:
        cells.warn(
            "Code commune INSEE", E_FIELD, f"« {typed} » a perdu son premier zéro ; lu {code}."
        )
    return code


def _department(cells: Cells, commune: str | None) -> str | None:
    """Return the département of the commune; the one written is only compared with it."""
    typed = cells.raw("Code département").zfill(2)
    if commune is None:
        return typed if typed != "00" else None
    found = commune[: 3 if commune.startswith(_OVERSEAS) else 2]
    if typed != found:
        cells.warn(
            "Code département",
            E_FIELD,
            f"Le département écrit est {typed}, celui de la commune {commune} est {found} ; "
            "la commune compte.",
        )
    return found


class EstimateSum(msgspec.Struct, frozen=True):
    """The lines of one edition of the list for one kind of host."""

    edition: str
    host_kind: str
    lines: int
    posts: int
    estimated_cents: int
    grant_cents: int
