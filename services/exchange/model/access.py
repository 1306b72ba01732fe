"""Who may do what on the NATS server, from what is signed today: values and pure functions."""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from contracts import streams as names
from contracts.events import BY_TYPE, SIGNAL_BY_TYPE
from contracts.events.exchange.access import PublicKey
from contracts.http.exchange.access import KeyUse
from services.exchange.model import EVERYWHERE, Agreement, Licence
from services.exchange.model.subscriptions import published_types

SERVICES_FILE = "services.users"
PARTNERS_FILE = "partners.users"
USERS_FILE = "users.conf"
"""What the server's configuration includes: the two others, put together."""
SYSTEM_USER = "exchange-access"
"""Names the inbox of the connection by which the exchange speaks to the system account."""
SANDBOX_COMMUNES = ["31113", "31446", "31582", "35238", "59350", "69123", "75056", "97411"]
"""Communes of every sandbox: some near each other, some far, one overseas."""
SANDBOX_PURPOSE = "shared_diagnostic"
SANDBOX_THRESHOLD = 11
NKEY_BYTES = 35
USER_PREFIX = 20 << 3


class KeyRow(msgspec.Struct, frozen=True):
    """Columns of a registered key; `jwk` is null for a NATS key."""

    institution: str
    key_id: str
    use: str
    jwk: str | None
    registered_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None

    def opens(self, now: datetime) -> bool:
        """Tell whether the key is good at this instant."""
        return self.revoked_at is None and now < self.expires_at


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What one institution's system may do now."""

    institution: str
    coordinations: list[str]
    """Where it may send signals or is delivered facts: an agreement, a licence, its sandbox."""
    publishes: list[str]
    """Where it may send signals."""
    nkeys: list[str]
    keys: list[PublicKey]
    durables: list[str]


def is_user_nkey(text: str) -> bool:
    """Tell whether a text is the public NKey of a user, its checksum included.

    Source: github.com/nats-io/nkeys, `strkey.go`: base 32 of prefix, key and CRC-16 (XMODEM).
    """
    try:
        raw = base64.b32decode(text)
    except (binascii.Error, ValueError):
        return False
    if len(raw) != NKEY_BYTES or raw[0] != USER_PREFIX:
        return False
    return binascii.crc_hqx(raw[:-2], 0) == int.from_bytes(raw[-2:], "little")


def sandbox_agreement(institution: str) -> Agreement:
    """Return what stands for a signed agreement in an institution's own sandbox."""
    slug = names.sandbox_of(institution)
    return Agreement(
        agreement_id=sandbox_agreement_id(institution),
        coordination=slug,
        institution=institution,
        purposes=[SANDBOX_PURPOSE],
        publishes=sorted(SIGNAL_BY_TYPE),
        receives=sorted(published_types(list(BY_TYPE))),
        areas=[EVERYWHERE],
        threshold=SANDBOX_THRESHOLD,
        valid_from=date.min,
        valid_until=date.max,
        reference="Bac à sable : données inventées seulement",
    )


def sandbox_agreement_id(institution: str) -> UUID:
    """Return the identifier that signals of a sandbox cite as their agreement."""
    return uuid5(NAMESPACE_URL, f"urn:ctin:sandbox:{institution}")


def client_of(institution: str, coordination: str) -> str:
    """Return the client by which an institution's system asks for tokens of a coordination."""
    return f"{institution}.{coordination}"


def entries(
    institutions: Sequence[str],
    agreements: Iterable[Agreement],
    licences: Iterable[Licence],
    keys: Iterable[KeyRow],
    pulled: Mapping[str, str],
    *,
    now: datetime,
    today: date,
) -> list[Entry]:
    """Return what each institution may do at this instant, by what is signed and registered.

    `pulled` are the durables of subscriptions, each with its institution.
    `agreements` are those neither ended nor suspended, sandboxes among them; their dates are
    checked here.
    """
    opened: dict[str, set[str]] = {one: set() for one in institutions}
    publishes: dict[str, set[str]] = {one: set() for one in institutions}
    for one in agreements:
        if one.institution in opened and one.valid_from <= today <= one.valid_until:
            opened[one.institution].add(one.coordination)
            if one.publishes:
                publishes[one.institution].add(one.coordination)
    for licence in licences:
        for institution in licence.institutions:
            if institution in opened:
                opened[institution].add(licence.coordination)
                publishes[institution].add(licence.coordination)
    good: dict[str, list[KeyRow]] = {}
    for key in keys:
        if key.opens(now):
            good.setdefault(key.institution, []).append(key)
    return [
        Entry(
            institution=one,
            coordinations=sorted(opened[one]),
            publishes=sorted(publishes[one]),
            nkeys=sorted(k.key_id for k in good.get(one, []) if k.use == KeyUse.NATS.value),
            keys=_public(good.get(one, [])),
            durables=sorted(
                [
                    *names.durables_of(one).values(),
                    *(d for d, owner in pulled.items() if owner == one),
                ]
            ),
        )
        for one in sorted(institutions)
    ]


def _public(keys: Sequence[KeyRow]) -> list[PublicKey]:
    found = sorted((key for key in keys if key.jwk), key=lambda key: key.key_id)
    return [msgspec.json.decode(key.jwk or "", type=PublicKey) for key in found]


def partner_subjects(entry: Entry) -> list[str]:
    """Return what an institution's system may publish: its signals, and reads of its durables."""
    allowed = [f"in.{entry.institution}.{one}.>" for one in entry.publishes]
    for durable in entry.durables:
        allowed += [
            f"$JS.API.CONSUMER.INFO.{names.PUB}.{durable}",
            f"$JS.API.CONSUMER.MSG.NEXT.{names.PUB}.{durable}",
            f"$JS.ACK.{names.PUB}.{durable}.>",
        ]
    return allowed


def user_line(nkey: str, subjects: Iterable[str], inbox: str) -> str:
    """Return a user of a server's configuration: it publishes these, and reads its own inbox."""
    allowed = ", ".join(f'"{subject}"' for subject in subjects)
    return (
        f"{{ nkey: {nkey}, permissions: {{ publish: {{ allow: [{allowed}] }}, "
        f'subscribe: {{ allow: ["_INBOX_{inbox}.>"] }} }} }}'
    )


def user_lines(entry: Entry) -> list[str]:
    """Return the users of an institution: one for each of its keys, with the same rights."""
    subjects = partner_subjects(entry)
    return [user_line(nkey, subjects, entry.institution) for nkey in entry.nkeys]


def together(services: str, partners: str) -> str:
    """Return the file that a server includes, from one user a line of each part.

    A key of a service is never a partner's: such a line is left out.
    """
    ours = [line for line in services.splitlines() if line.strip()]
    taken = {_nkey_of(line) for line in ours}
    theirs = [
        line for line in partners.splitlines() if line.strip() and _nkey_of(line) not in taken
    ]
    return "users: [\n" + ",\n".join([*ours, *theirs]) + "\n]\n"


def _nkey_of(line: str) -> str:
    return line.removeprefix("{ nkey: ").partition(",")[0]


def fingerprint_of(entry: Entry) -> str:
    """Return what tells one set of NATS rights from another."""
    return hashlib.sha256("\n".join(user_lines(entry)).encode()).hexdigest()


def told_of(entry: Entry) -> Mapping[str, list[PublicKey]]:
    """Return the keys that open tokens, by coordination."""
    return dict.fromkeys(entry.coordinations, entry.keys)


def fingerprint_of_keys(keys: Sequence[PublicKey]) -> str:
    """Return what tells one list of keys from another."""
    return hashlib.sha256(msgspec.json.encode(keys)).hexdigest()
