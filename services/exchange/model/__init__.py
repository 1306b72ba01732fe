"""What the edge checks of a signal, as values and pure functions: the first step of intake."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from contracts import privacy, refusals
from contracts.envelope import Event, Malformed, from_structured
from contracts.events import SIGNAL_BY_TYPE
from contracts.events.exchange import Answer
from contracts.events.signals import AnySignal, SignalWithdrawn
from contracts.streams import MESSAGE_BYTES_MAX, parts
from services.exchange.model import scanning

EVERYWHERE = "_all"
SUBJECT_FIELDS = 5
_DECODERS = {kind: msgspec.json.Decoder(signal) for kind, signal in SIGNAL_BY_TYPE.items()}
_PERSON_FIELDS = frozenset(
    {
        *("nir", "nom", "prenom", "name", "first_name", "last_name", "birth_date"),
        *("date_naissance", "email", "courriel", "telephone", "phone", "adresse", "address"),
        *("person", "person_id", "beneficiary", "matricule", "numero_allocataire", "iban"),
    }
)


class Named(msgspec.Struct, frozen=True):
    """The one field read of a body that does not follow its contract, to answer about it."""

    signal_id: UUID


_NAMED = msgspec.json.Decoder(Named)


class Raw(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it came: the subject's words, its event or why it is none, its bytes."""

    institution: str
    coordination: str
    fact: str
    """The fact of the subject, as in `exposure_count.v1`; empty over HTTP."""
    event: Event | None
    malformed: tuple[str, str] | None
    """Field at fault and French sentence, when `event` is None."""
    body: bytes
    headers: Mapping[str, str]
    in_seq: int
    at: datetime


class Agreement(msgspec.Struct, frozen=True):
    """Columns of an agreement in force, in the order of the query."""

    agreement_id: UUID
    coordination: str
    institution: str
    purposes: list[str]
    publishes: list[str]
    receives: list[str]
    areas: list[str]
    threshold: int
    valid_from: date
    valid_until: date
    reference: str


class Licence(msgspec.Struct, frozen=True):
    """Columns of a licence, in the order of the query."""

    coordination: str
    licence: str
    label: str
    threshold: int
    institutions: list[str]


class ReceiptRow(msgspec.Struct, frozen=True):
    """Columns of `signal` and `recent`."""

    receipt: UUID
    institution: str
    signal_id: UUID | None
    kind: str
    area: str | None
    status: str
    code: str | None
    field: str | None
    detail: str | None
    received_at: datetime


class Rights(msgspec.Struct, frozen=True, kw_only=True):
    """What is known when a batch is checked: who is admitted, and what opens what."""

    partners: frozenset[str]
    coordinations: frozenset[str]
    agreements: Mapping[UUID, Agreement]
    licences: Mapping[tuple[str, str], Licence]


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A signal that passed: with the threshold and the label of what opens it."""

    raw: Raw
    event: Event
    signal: AnySignal
    threshold: int
    label: str


class Denied(msgspec.Struct, frozen=True, kw_only=True):
    """A signal that did not: `erase` when the raw message must not stay on disk."""

    raw: Raw
    signal_id: UUID | None
    code: str
    field: str
    detail: str
    erase: bool = False

    def answer(self) -> Answer:
        """Return what the sender is told."""
        return Answer(
            in_seq=self.raw.in_seq,
            signal_id=self.signal_id,
            code=self.code,
            field=self.field,
            detail=self.detail,
        )


def opened_by(signal: AnySignal) -> str:
    """Return what opens a signal: its agreement's id, or the slug of its licence."""
    return str(signal.agreement or signal.licence or "")


def commune_of(kind: str, code: str) -> str | None:
    """Return the commune of a commune or IRIS code, None for wider areas."""
    return code[:5] if kind in {"commune", "iris"} else None


def check(raw: Raw, rights: Rights, *, today: date) -> Kept | Denied:
    """Return the signal of a message with what opens it, or why it is refused.

    In the order of the exchange's page: envelope, key, contract, personal data, agreement.
    """
    checked = _contract(raw, rights)
    if isinstance(checked, Denied):
        return checked
    event, signal = checked
    personal = scanning.personal(scanning.free_texts(event, raw.headers, signal))
    if personal:
        return _hidden(raw, personal)
    opened = _opened(raw, event, signal, rights, today=today)
    if isinstance(opened, tuple):
        threshold, label = opened
        return Kept(raw=raw, event=event, signal=signal, threshold=threshold, label=label)
    return opened


def _contract(raw: Raw, rights: Rights) -> Denied | tuple[Event, AnySignal]:
    if raw.institution not in rights.partners:
        return _careful(raw, "E_INSTITUTION", "", "Cette institution n'est pas admise à l'échange.")
    if raw.coordination not in rights.coordinations:
        return _careful(
            raw, "E_COORDINATION", "", f"Aucune coordination ne s'appelle « {raw.coordination} »."
        )
    if raw.event is None:
        field, detail = raw.malformed or ("", "Le message n'est pas un CloudEvent.")
        return _careful(raw, "E_ENVELOPE", field, detail)
    event = raw.event
    if len(raw.body) > MESSAGE_BYTES_MAX:
        return _careful(raw, "E_SIZE", "", f"Un événement tient en {MESSAGE_BYTES_MAX} octets.")
    if event.source != f"urn:ctin:institution:{raw.institution}":
        return _careful(
            raw,
            "E_SOURCE",
            "ce-source",
            f"ce-source doit être « urn:ctin:institution:{raw.institution} ».",
        )
    decoder = _DECODERS.get(event.type)
    if decoder is None or (raw.fact and raw.fact != ".".join(parts(event.type)[1:])):
        known = ", ".join(sorted(_DECODERS))
        return _careful(
            raw, "E_TYPE", "ce-type", f"Type inconnu, ou autre que celui du sujet. Admis : {known}."
        )
    try:
        signal: Any = decoder.decode(event.data)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return _unfit(raw, error)
    if scanning.repeats(raw.body):
        return _careful(raw, "E_FIELD", "", "Un champ est donné deux fois ; gardez-le une fois.")
    return event, signal


def _unfit(raw: Raw, error: msgspec.MsgspecError | UnicodeDecodeError) -> Denied:
    """Explain a body that does not follow its contract, without echoing what may be personal."""
    told = refusals.explain(error)
    code, detail = told.code, told.detail
    if not _is_utf8(raw.body):
        code, detail = refusals.E_ENCODING, "Le message n'est pas en UTF-8 ; encodez-le en UTF-8."
    elif "give exactly one" in str(error):
        return _careful(
            raw, "E_AGREEMENT", "agreement", "Citez une convention ou une licence, l'une des deux."
        )
    else:
        last = told.field.rpartition(".")[2]
        value = _value(raw.body, told.field)
        if last.lower() in _PERSON_FIELDS:
            code = "E_PERSON"
            detail = "Aucune donnée sur une personne n'est admise : envoyez des comptes agrégés."
        elif isinstance(value, str) and " " in value.strip():
            code = "E_TEXT"
            detail = "Aucun texte libre n'est admis dans un signal ; retirez-le."
    return _careful(raw, code, told.field, detail)


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _value(body: bytes, path: str) -> object:
    try:
        found: object = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _careful(raw: Raw, code: str, field: str, detail: str) -> Denied:
    """Refuse, unless what came holds personal data: then that is what is said, and it is erased."""
    personal = scanning.personal(scanning.all_texts(raw.event, raw.headers, raw.body))
    return _hidden(raw, personal) if personal else _denied(raw, code, field, detail)


def _denied(raw: Raw, code: str, field: str, detail: str) -> Denied:
    return Denied(raw=raw, signal_id=_signal_id(raw.body), code=code, field=field, detail=detail)


def _hidden(raw: Raw, kind: privacy.Kind) -> Denied:
    return Denied(
        raw=raw,
        signal_id=None,
        code=f"E_PII_{kind.value}",
        field="",
        detail="Une donnée personnelle a été reconnue ; le message est effacé. Envoyez des comptes "
        "agrégés, sans identifiant de personne.",
        erase=True,
    )


def _signal_id(body: bytes) -> UUID | None:
    try:
        return _NAMED.decode(body).signal_id
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _opened(
    raw: Raw,
    event: Event,
    signal: AnySignal,
    rights: Rights,
    *,
    today: date,
) -> tuple[int, str] | Denied:
    """Return threshold and label of the agreement or licence that opens this signal."""
    if signal.licence is not None:
        licence = rights.licences.get((raw.coordination, signal.licence))
        if licence is None or raw.institution not in licence.institutions:
            detail = f"La licence « {signal.licence} » n'est pas enregistrée pour vous ici."
            return _denied(raw, "E_AGREEMENT", "licence", detail)
        return licence.threshold, licence.label
    agreement = rights.agreements.get(signal.agreement) if signal.agreement else None
    if (
        agreement is None
        or agreement.institution != raw.institution
        or agreement.coordination != raw.coordination
        or not agreement.valid_from <= today <= agreement.valid_until
    ):
        detail = "Aucune convention de partage en vigueur ne porte cet identifiant pour vous ici."
        return _denied(raw, "E_AGREEMENT", "agreement", detail)
    kind = signal.withdrawn_type if isinstance(signal, SignalWithdrawn) else event.type
    if kind not in agreement.publishes:
        detail = f"Votre convention ({agreement.reference}) ne couvre pas {kind}."
        return _denied(raw, "E_AGREEMENT", "agreement", detail)
    if signal.purpose not in agreement.purposes:
        admitted = ", ".join(agreement.purposes)
        return _denied(
            raw,
            "E_PURPOSE",
            "purpose",
            f"Finalité hors de votre convention ; admises : {admitted}.",
        )
    if isinstance(signal, SignalWithdrawn):  # Where the signal it takes back was, is no matter.
        return agreement.threshold, agreement.reference
    area = commune_of(signal.area_kind, signal.area_code) or signal.area_code
    if EVERYWHERE not in agreement.areas and area not in agreement.areas:
        detail = f"Votre convention ({agreement.reference}) ne couvre pas le territoire {area}."
        return _denied(raw, "E_AGREEMENT", "area_code", detail)
    return agreement.threshold, agreement.reference


def fingerprint(body: bytes) -> str:
    """Return the only trace kept of a payload that held personal data."""
    return hashlib.sha256(body).hexdigest()


def words_of(subject: str) -> tuple[str, str, str] | None:
    """Return institution, coordination and fact of a subject under `in.`, None when it is none."""
    words = subject.split(".")
    if len(words) != SUBJECT_FIELDS:
        return None
    return words[1], words[2], f"{words[3]}.{words[4]}"


def raw_from_http(document: object, *, institution: str, coordination: str, at: datetime) -> Raw:
    """Return one event of a request as the message it would have been.

    Its attributes are named as the headers would be, so that both ways answer the same.
    """
    event: Event | None = None
    malformed: tuple[str, str] | None = None
    try:
        event = from_structured(document)
    except Malformed as fault:
        is_attribute = fault.field and not fault.field.startswith("data_") and fault.field != "data"
        malformed = (f"ce-{fault.field}" if is_attribute else fault.field, fault.detail)
    attributes = document if isinstance(document, dict) else {}
    return Raw(
        institution=institution,
        coordination=coordination,
        fact="",
        event=event,
        malformed=malformed,
        body=event.data if event else msgspec.json.encode(document),
        headers={
            f"ce-{name}": str(value)
            for name, value in attributes.items()
            if name not in {"data", "data_base64"}
        },
        in_seq=0,
        at=at,
    )
