"""What seats, agreements and acts must be."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from contracts import privacy
from contracts.events import BY_TYPE, SIGNAL_BY_TYPE
from contracts.events.members import AwardShare
from contracts.http import members as bodies
from contracts.http.members import AgreementState
from contracts.siret import is_siret
from contracts.values import College, Section
from services.members.errors import (
    AreasDoNotFit,
    CitizensHaveNoSiret,
    DaysAreReversed,
    HoldsPersonalData,
    InstitutionIsNotParty,
    SectionIsElsewhere,
    TextIsNotPlain,
    TypeIsNotShared,
    ValueRepeats,
)
from services.members.model.names import name_key
from services.members.model.rows import Organization

ALL_AREAS = "_all"
NOT_PLAIN = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode categories that no name has: controls, halves of characters, ends of lines."""
STEPS: dict[AgreementState, frozenset[AgreementState]] = {
    AgreementState.DRAFT: frozenset({AgreementState.SIGNED}),
    AgreementState.SIGNED: frozenset({AgreementState.SUSPENDED, AgreementState.ENDED}),
    AgreementState.SUSPENDED: frozenset({AgreementState.SIGNED, AgreementState.ENDED}),
    AgreementState.ENDED: frozenset(),
}
SENT = sorted(SIGNAL_BY_TYPE)
DELIVERED = sorted(name for name, fact in BY_TYPE.items() if fact.TIER == "pub")


def organization_of(asked: bodies.ConfirmMember) -> Organization:
    """Return the organisation a seat is asked for; a wrong SIRET key is kept as a doubt."""
    return Organization(
        organization=asked.organization,
        name=asked.name,
        kind=asked.kind,
        siret=asked.siret,
        siret_is_doubtful=asked.siret is not None and not is_siret(asked.siret),
        formerly=asked.formerly,
        rna=asked.rna,
        commune=asked.commune,
        name_key=name_key(asked.name),
    )


def first_difference(asked: msgspec.Struct, found: msgspec.Struct) -> str | None:
    """Return the first field whose value differs between two rows of one kind, None if none."""
    assert type(asked) is type(found), "rows of two kinds are not compared"
    for name in asked.__struct_fields__:
        if getattr(asked, name) != getattr(found, name):
            return name
    return None


def must_be_plain(asked: msgspec.Struct, *labels: str) -> None:
    """Refuse control characters anywhere, and personal data in the fields that hold free text.

    Raises:
        TextIsNotPlain: a text holds a line feed, a NUL or the like.
        HoldsPersonalData: one of `labels` holds what looks like a person's data.
    """
    for field, text in _texts(msgspec.to_builtins(asked), ""):
        if any(unicodedata.category(character) in NOT_PLAIN for character in text):
            raise TextIsNotPlain(field)
    for field in labels:
        found = privacy.scan(getattr(asked, field) or "")
        if found:
            raise HoldsPersonalData(field, found[0].kind.value)


def _texts(value: object, field: str) -> Iterable[tuple[str, str]]:
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _texts(inner, f"{field}.{name}" if field else str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, field)


def must_name_once(field: str, values: Iterable[str]) -> None:
    """Refuse a list that names something twice.

    Raises:
        ValueRepeats: it does.
    """
    for value, times in Counter(values).items():
        if times > 1:
            raise ValueRepeats(field, value)


def must_sit(asked: bodies.ConfirmMember) -> None:
    """Refuse a citizen section outside its college, or with a SIRET.

    Raises:
        SectionIsElsewhere: the college is not the one of digital mediation.
        CitizensHaveNoSiret: a SIRET is given.
    """
    if asked.section is Section.CITIZEN:
        if asked.college is not College.DIGITAL_MEDIATION:
            raise SectionIsElsewhere(asked.college.value)
        if asked.siret is not None:
            raise CitizensHaveNoSiret


def must_follow(first: date, last: date, *, field: str) -> None:
    """Refuse two days in the wrong order; the same day twice is right.

    Raises:
        DaysAreReversed: `last` is before `first`.
    """
    if last < first:
        raise DaysAreReversed(field, first=first, last=last)


def must_open(asked: bodies.DraftAgreement, communes: Iterable[str]) -> None:
    """Refuse an agreement that opens what nobody can send, get or cover.

    Raises:
        DaysAreReversed: it ends before it begins.
        InstitutionIsNotParty: the institution it opens to does not sign it.
        TypeIsNotShared: a type that is no signal, or no fact for partners.
        AreasDoNotFit: `_all` beside a commune, or a commune of elsewhere.
        ValueRepeats: a list names something twice.
    """
    must_follow(asked.valid_from, asked.valid_until, field="valid_until")
    if asked.institution not in asked.parties:
        raise InstitutionIsNotParty(asked.institution)
    for field, types, known in (
        ("publishes", asked.publishes, SENT),
        ("receives", asked.receives, DELIVERED),
    ):
        for event_type in types:
            if event_type not in known:
                raise TypeIsNotShared(field, event_type, known=known)
    for field in ("parties", "purposes", "publishes", "receives", "areas"):
        must_name_once(field, getattr(asked, field))
    if asked.areas == [ALL_AREAS]:
        return
    covered = set(communes)
    for area in asked.areas:
        if area not in covered:
            raise AreasDoNotFit(area)


def is_open(state: AgreementState, to: AgreementState) -> bool:
    """Tell whether an agreement in `state` may become `to`."""
    return to in STEPS[state]


def must_award_once(awards: list[AwardShare]) -> None:
    """Refuse awards that give twice from one fund to one action: the sum would be ambiguous.

    Raises:
        ValueRepeats: they do.
    """
    must_name_once("awards", (f"{one.action} / {one.fund}" for one in awards))
