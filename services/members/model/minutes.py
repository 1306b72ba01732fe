"""Convocations and minutes as French texts: the same record gives the same bytes.

They name organisations, kinds of seats and roles, never a person: who may read the names of
persons is another question, and a text that hashes cannot forget one.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from uuid import UUID

import msgspec

from services.members.model.days import written, written_day, written_hour
from services.members.model.definitions import WordedRemark
from services.members.model.presence import (
    GivenProxy,
    Measure,
    MeetingRules,
    Presence,
    RollEntry,
)
from services.members.model.rows import Opinion
from services.members.model.sessions import Item, MeetingSeat, Session

COLLEGES = {
    "PRIVATE": "Collège privé",
    "DIGITAL_MEDIATION": "Collège de la médiation numérique",
    "INSTITUTIONAL": "Collège institutionnel",
}
KINDS = {
    "INFORMATION": "information",
    "DEBATE": "débat",
    "VOTE": "vote",
    "RECORDED": "constat",
}
SEATS = {
    "ELECTED": "élu",
    "TECHNICAL": "technique",
    "OPERATOR": "opérateur",
    "CITIZEN": "citoyen",
}
RANKS = {"HOLDER": "titulaire", "SUBSTITUTE": "suppléance", None: "sans siège nommé"}
OUTCOMES = {"ADOPTED": "adopté", "REJECTED": "rejeté"}
MODES = {"consensus": "par consensus", "vote": "par un vote des collèges"}
REMARKS = {"OBJECTION": "Objection", "RESERVATION": "Réserve"}

PROXY_NOTE = (
    "À remettre au secrétariat si vous ne pouvez être présent. Le pouvoir vaut pour cette seule "
    "séance, va à un membre de votre collège et ne se transmet pas."
)


class Minutes(msgspec.Struct, frozen=True):
    """Columns of a version of the minutes, in the order of the queries."""

    version: int
    text: str
    sha256: str
    corrects_sha256: str | None
    asked_sha256: str | None
    reason: str | None
    made_at: datetime


class Signature(msgspec.Struct, frozen=True):
    """Columns of a signature, in the order of the query."""

    version: int
    subject: str
    quality: str
    signed_at: datetime


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """All that a convocation or minutes tell of a session."""

    session: Session
    coordination: str
    """The name of the coordination."""
    body: str
    """The name of the committee, or of the colleges together."""
    items: Sequence[Item]
    seats: Mapping[UUID, MeetingSeat]
    names: Mapping[UUID, RollEntry]
    """What every member that is told of is called."""


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """What happened in a session."""

    closed_at: datetime
    roll: Sequence[RollEntry]
    presences: Sequence[Presence]
    proxies: Sequence[GivenProxy]
    rules: MeetingRules
    reached_at: datetime
    reached: Measure
    opinions: Sequence[Opinion]
    remarks: Sequence[WordedRemark]


def sha256_of(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def plain(text: str) -> str:
    """Return a label as a Markdown text shows it, without meaning for its characters."""
    return "".join(f"\\{one}" if one in "\\`*_[]<>#|" else one for one in text)


def _named(record: Record, member: UUID | None) -> str:
    entry = record.names.get(member) if member else None
    return plain(entry.name) if entry else "membre retiré"


def _agenda(record: Record) -> list[str]:
    lines = []
    for item in record.items:
        by = ""
        if item.presenter_member:
            seat = record.seats.get(item.presenter_seat) if item.presenter_seat else None
            told = f", siège {SEATS[seat.kind]}" if seat else ""
            by = f" ; présenté par {_named(record, item.presenter_member)}{told}"
        lines.append(f"{item.position}. {plain(item.title)} ({KINDS[item.kind]}){by}")
        lines += [f"   - document SHA-256 {one}" for one in item.documents]
    return lines


def _heading(record: Record) -> list[str]:
    session = record.session
    call = "première convocation"
    if session.first_call:
        call = f"seconde convocation, après la séance sans quorum {session.first_call}"
    lines = [
        f"- Coordination : {plain(record.coordination)}",
        f"- Instance : {record.body}",
        f"- Séance : {session.session_id} ({call})",
        f"- Convoquée le {written(session.convened_at)}",
        f"- Date : {written(session.starts_at)}, heure de Paris",
        f"- Lieu : {plain(session.place) if session.place else 'à préciser'}",
    ]
    if session.urgent_reason:
        lines.append(f"- Convoquée en urgence : {plain(session.urgent_reason)}")
    return lines


def convocation_of(record: Record) -> str:
    """Return the convocation of a session: when, where, what about, and a form of proxy."""
    lines = [
        f"# Convocation : {plain(record.session.title)}",
        "",
        *_heading(record),
        f"- Délai de convocation : {record.session.notice_days} jours",
        "",
        "## Ordre du jour",
        "",
        *_agenda(record),
        "",
        "## Pouvoir",
        "",
        PROXY_NOTE,
        "",
        "- Organisme qui donne pouvoir : ______________________________",
        "- Organisme qui le reçoit : ______________________________",
        f"- Séance : {record.session.session_id}",
        "- Date et signature : ______________________________",
        "",
    ]
    return "\n".join(lines)


def _hours(found: Iterable[Presence]) -> str:
    told = [
        f"de {written_hour(one.present_from)}"
        + (f" à {written_hour(one.left_at)}" if one.left_at else " à la clôture")
        for one in sorted(found, key=lambda one: (one.present_from, one.attendee))
    ]
    return " puis ".join(told)


def _presence_of(record: Record, held: Held, member: UUID) -> str | None:
    own = [one for one in held.presences if one.member_id == member]
    if not own:
        return None
    told = []
    for attendee in sorted({one.attendee for one in own}):
        stays = [one for one in own if one.attendee == attendee]
        kind = SEATS.get(stays[0].kind or "")
        by = RANKS[stays[0].rank] + (f", siège {kind}" if kind else "")
        told.append(f"{by}, {_hours(stays)}")
    return f"- {_named(record, member)} : " + " ; ".join(told)


def _attendance(record: Record, held: Held) -> list[str]:
    lines: list[str] = []
    standing = {one.giver: one for one in held.proxies if one.revoked_at is None}
    for college, title in COLLEGES.items():
        roll = [one for one in held.roll if one.college == college]
        lines += ["", f"### {title}", ""]
        for entry in roll:
            here = _presence_of(record, held, entry.member_id)
            proxy = standing.get(entry.member_id)
            if here:
                lines.append(here)
            elif proxy:
                lines.append(f"- {plain(entry.name)} : pouvoir à {_named(record, proxy.holder)}")
            else:
                lines.append(f"- {plain(entry.name)} : absent")
        if not roll:
            lines.append("- Aucun membre")
    counted = {one.member_id for one in held.roll}
    guests = sorted(
        {one.member_id for one in held.presences} - counted,
        key=lambda member: (_named(record, member), member),
    )
    if guests:
        found = (_presence_of(record, held, member) for member in guests)
        lines += ["", "### Invités, hors quorum", "", *(line for line in found if line)]
    return lines


def _proxies(record: Record, held: Held) -> list[str]:
    found = sorted(held.proxies, key=lambda one: (_named(record, one.giver), one.giver))
    return [
        f"- {_named(record, one.giver)} à {_named(record, one.holder)}, "
        f"daté du {written_day(one.given_on)}" + (" ; révoqué" if one.revoked_at else "")
        for one in found
    ] or ["- Aucun"]


def _part(value: Fraction | None) -> str:
    return "sans objet" if value is None else str(value)


def _quorum(held: Held) -> list[str]:
    each = _part(held.rules.per_college)
    holds = "atteint" if held.reached.holds else "non atteint"
    reached = f"{held.reached.score} ; quorum {holds}"
    lines = [
        f"- Demandé : {held.rules.quorum} de l'ensemble pondéré ; par collège : {each}",
        f"- Mesuré à {written_hour(held.reached_at)}, au plus fort de la séance : {reached}",
    ]
    for college, title in COLLEGES.items():
        share = held.reached.shares.get(college)
        if share is not None:
            lines.append(
                f"- {title} : {share.present} présents et {share.represented} représentés sur "
                f"{share.roll}, soit {_part(share.part)} (poids {share.weight})"
            )
    return lines


def _opinions(record: Record, held: Held) -> list[str]:
    lines: list[str] = []
    for one in held.opinions:
        named = plain(one.reference) if one.reference else str(one.opinion_id)
        lines.append(
            f"- {named} : {plain(one.title)} ; {OUTCOMES[one.outcome]} "
            f"{MODES.get(one.mode, plain(one.mode))}, objections : {one.objections}, "
            f"réserves : {one.reservations}"
        )
        if one.diagnostic_version:
            lines.append(f"  - Version du diagnostic citée : {one.diagnostic_version}")
        if one.award_cents:
            euros, cents = divmod(sum(one.award_cents), 100)
            lines.append(f"  - Montant proposé : {euros},{cents:02} €")
        lines += [
            f"  - {REMARKS[remark.kind]} de {_named(record, remark.member_id)} : "
            f"{plain(remark.text)}"
            if remark.member_id
            else f"  - {REMARKS[remark.kind]} : {plain(remark.text)}"
            for remark in held.remarks
            if remark.opinion_id == one.opinion_id
        ]
    return lines or ["- Aucun"]


def minutes_of(record: Record, held: Held) -> str:
    """Return the minutes of a session that was held, ending with a line feed."""
    session = record.session
    assert session.opened_at is not None, "a session that never opened has no minutes"
    lines = [
        f"# Procès-verbal : {plain(session.title)}",
        "",
        *_heading(record),
        f"- Ouverte le {written(session.opened_at)}",
        f"- Close le {written(held.closed_at)}",
        "",
        "## Quorum",
        "",
        *_quorum(held),
        "",
        "## Présences",
        *_attendance(record, held),
        "",
        "## Pouvoirs",
        "",
        *_proxies(record, held),
        "",
        "## Ordre du jour",
        "",
        *_agenda(record),
        "",
        "## Avis et décisions",
        "",
        *_opinions(record, held),
        "",
    ]
    return "\n".join(lines)


def corrected(known: Minutes, *, reason: str, corrections: Sequence[str]) -> str:
    """Return the next version of minutes: their text, then what it should have said."""
    lines = [
        f"## Rectificatif, version {known.version + 1}",
        "",
        f"- Corrige la version {known.version}, SHA-256 {known.sha256}",
        f"- Motif : {plain(reason)}",
        *(f"- Rectification : {plain(one)}" for one in corrections),
        "",
    ]
    return known.text + "\n" + "\n".join(lines)
