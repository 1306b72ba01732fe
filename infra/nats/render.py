"""Write the configuration of a NATS server: one NKey user per service and per institution.

Each user may publish exactly what its part in the exchange takes, and read its own inbox alone.
Purging and deleting streams is withheld from all: nobody here has a reason to. Services' users are
written here; those of institutions are the exchange's to keep, in the folder they share.
"""

from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from contracts.streams import ANSWERS, BELL, IN, PUB, SERVICES, stream_of
from contracts.transport import is_loopback
from infra.topology import TOPOLOGY
from services.exchange.model.access import (
    PARTNERS_FILE,
    SERVICES_FILE,
    SYSTEM_USER,
    USERS_FILE,
    Entry,
    together,
    user_line,
    user_lines,
)

OPERATOR = "operator"
"""Who may delete the stream of a service, so that it is made again; no service may."""
FILE_BYTES_MAX = 1024**4
"""What streams may reserve together: their own limits bound them, not today's free disk."""
RELOADING = ("PING", "*.RELOAD", "*.CONNZ")
"""All that the system account's user may ask of servers."""
CLUSTER = "ctin"


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """One server of a cluster: its own name, and how the servers find each other."""

    name: str
    listen: str
    """Host and port where the others of the cluster reach it."""
    routes: tuple[str, ...]
    """Those of the others, as `host:port`."""
    key: str
    """What streams are encrypted with on disk, and the logs by which nodes keep them alike."""


CIPHER_SUITES = [
    f"TLS_ECDHE_{key}_WITH_{cipher}"
    for key in ("ECDSA", "RSA")
    for cipher in ("AES_128_GCM_SHA256", "AES_256_GCM_SHA384", "CHACHA20_POLY1305_SHA256")
]
"""Of TLS 1.2, as `contracts/transport.py` says for HTTP; those of TLS 1.3 are not chosen."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """The certificate a server shows, and its key, as files the server itself can read."""

    certificate: str
    key: str


def _is_loopback(where: str) -> bool:
    return is_loopback(urlsplit(f"//{where}").hostname or "")


def _tls(shown: Shown) -> list[str]:
    suites = ", ".join(f'"{one}"' for one in CIPHER_SUITES)
    return [
        "tls {",
        f'  cert_file: "{shown.certificate}"',
        f'  key_file: "{shown.key}"',
        '  min_version: "1.2"',
        f"  cipher_suites: [{suites}]",
        "  timeout: 5",
        "}",
    ]


def service_subjects(service: str) -> list[str]:
    """Return what a service may publish."""
    if service == OPERATOR:
        return [f"$JS.API.STREAM.DELETE.{stream_of(name)}" for name in SERVICES]
    own = stream_of(service)
    allowed = [
        f"evt.{service}.>",
        f"pub.{service}.>",
        *(f"$JS.API.STREAM.{verb}.{own}" for verb in ("CREATE", "UPDATE", "INFO", "MSG.GET")),
    ]
    audited = (own, PUB) if service == "exchange" else (own,)
    for stream in audited:  # What its reconciler reads, and nobody acknowledges.
        durable = f"{service}-audit"
        allowed += [
            f"$JS.API.CONSUMER.{call}.{stream}.{durable}"
            for call in ("DURABLE.CREATE", "MSG.NEXT", "DELETE")
        ]
    for stream in TOPOLOGY.services[service].follows:
        # What institutions publish is read in lanes, one durable for each.
        durable = "*" if stream == IN else f"{service}-{stream.lower()}"
        allowed += [
            f"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.{durable}",
            f"$JS.API.CONSUMER.INFO.{stream}.{durable}",
            f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}",
            f"$JS.ACK.{stream}.{durable}.>",
        ]
    if service == "exchange":
        allowed += [ANSWERS, f"$JS.API.STREAM.MSG.GET.{PUB}", f"$JS.API.DIRECT.GET.{PUB}"]
        allowed += [f"$JS.API.CONSUMER.MSG.NEXT.{PUB}.{BELL}"]
        for shared in (IN, PUB):
            allowed += [f"$JS.API.STREAM.{v}.{shared}" for v in ("CREATE", "UPDATE", "INFO")]
        allowed += [
            f"$JS.API.CONSUMER.DURABLE.CREATE.{PUB}.*",
            f"$JS.API.CONSUMER.DELETE.{PUB}.*",
            f"$JS.API.CONSUMER.PAUSE.{PUB}.*",
            f"$JS.API.CONSUMER.INFO.{PUB}.*",
            f"$JS.API.CONSUMER.NAMES.{PUB}",
            f"$JS.API.STREAM.MSG.DELETE.{IN}",
        ]
    return allowed


def service_users(services: dict[str, str]) -> str:
    """Return the users of services, one a line, from the public NKey of each."""
    lines = [user_line(key, service_subjects(name), name) for name, key in services.items()]
    return "\n".join(lines) + "\n"


def prepare_access(folder: Path, services: dict[str, str]) -> None:
    """Write the services' part of what the server includes; the institutions' stays as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    partners = folder / PARTNERS_FILE
    partners.touch()
    users = service_users(services)
    whole = together(users, partners.read_text(encoding="utf-8"))
    for name, text in ((SERVICES_FILE, users), (USERS_FILE, whole)):
        path = folder / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        fresh = path.with_suffix(".prepared")  # Another server may read the file at any moment.
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)


def configuration(
    *,
    listen: str,
    monitor: str,
    store: str,
    system: str,
    services: dict[str, str] | None = None,
    partners: list[Entry] | None = None,
    access: str | None = None,
    sync: str = "always",
    node: Node | None = None,
    tls: Shown | None = None,
) -> str:
    """Return the text of a server's configuration.

    Args:
        listen: host and port of clients.
        monitor: host and port of the monitor; outside loopback it speaks TLS too.
        store: folder of the streams.
        system: public NKey of the system account's user, which may reload the server.
        services: public NKey of each service, when the users are written in this text.
        partners: institutions admitted, likewise.
        access: the folder of `prepare_access`, relative to this text's, when they are included.
        sync: `always`, unless a test wants a server that loses what it acknowledged.
        node: which server of a cluster this is; None when it is alone.
        tls: what clients are shown; without it they are spoken to in the clear.
    """
    for where in (listen, monitor):
        assert tls or _is_loopback(where), f"{where} is outside this machine and has no certificate"
    if access is not None:
        users = f'include "{access}/{USERS_FILE}"'
    else:
        lines = [line for one in partners or [] for line in user_lines(one)]
        users = together(service_users(services or {}), "\n".join(lines))
    asked = ", ".join(f'"$SYS.REQ.SERVER.{one}"' for one in RELOADING)
    return "\n".join(
        [
            f'listen: "{listen}"',
            f'{"http" if _is_loopback(monitor) else "https"}: "{monitor}"',
            *(_tls(tls) if tls else []),
            f"server_name: {node.name if node else CLUSTER}",
            "max_payload: 1MB",
            'write_deadline: "10s"',
            f'jetstream {{ store_dir: "{store}", sync_interval: {sync},',
            f"  max_file: {FILE_BYTES_MAX}{_cipher(node)} }}",
            *(_cluster_lines(node) if node else ()),
            "accounts {",
            "  CTIN {",
            "    jetstream: enabled",
            f"    {users}",
            "  }",
            f"  SYS {{ users: [ {{ nkey: {system}, permissions: {{",
            f"    publish: {{ allow: [{asked}] }},",
            f'    subscribe: {{ allow: ["_INBOX_{SYSTEM_USER}.>"] }} }} }} ] }}',
            "}",
            "system_account: SYS",
            "",
        ]
    )


def _cipher(node: Node | None) -> str:
    # A message that is erased from its stream stays a while in the logs between nodes.
    return f", cipher: chachapoly, key: {node.key}" if node else ""


def _cluster_lines(node: Node) -> list[str]:
    routes = ", ".join(f"nats-route://{one}" for one in node.routes)
    return [f"cluster {{ name: {CLUSTER}, listen: {node.listen},", f"  routes: [{routes}] }}"]
