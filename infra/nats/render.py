"""Write the configuration of a NATS server: one NKey user per service and per institution.

Each user may publish exactly what its part in the exchange takes, and read its own inbox alone.
Purging and deleting streams is withheld from all: nobody here has a reason to.
"""

import msgspec

from contracts.streams import ANSWERS, IN, PUB, durables_of, stream_of
from infra.topology import TOPOLOGY

FILE_BYTES_MAX = 1024**4
"""What streams may reserve together: their own limits bound them, not today's free disk."""


class PartnerUser(msgspec.Struct, frozen=True, kw_only=True):
    """An institution's system: its public NKeys and the coordinations it may publish to."""

    institution: str
    nkeys: list[str]
    coordinations: list[str]


def service_subjects(service: str) -> list[str]:
    """Return what a service may publish."""
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
        durable = f"{service}-{stream.lower()}"
        allowed += [
            f"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.{durable}",
            f"$JS.API.CONSUMER.INFO.{stream}.{durable}",
            f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}",
            f"$JS.ACK.{stream}.{durable}.>",
        ]
    if service == "exchange":
        allowed += [ANSWERS, f"$JS.API.STREAM.MSG.GET.{PUB}"]
        for shared in (IN, PUB):
            allowed += [f"$JS.API.STREAM.{v}.{shared}" for v in ("CREATE", "UPDATE", "INFO")]
        allowed += [
            f"$JS.API.CONSUMER.DURABLE.CREATE.{PUB}.*",
            f"$JS.API.CONSUMER.DELETE.{PUB}.*",
            f"$JS.API.CONSUMER.INFO.{PUB}.*",
            f"$JS.API.CONSUMER.NAMES.{PUB}",
            f"$JS.API.STREAM.MSG.DELETE.{IN}",
        ]
    return allowed


def partner_subjects(partner: PartnerUser) -> list[str]:
    """Return what an institution's system may publish: its signals, and reads of its durables."""
    allowed = [f"in.{partner.institution}.{one}.>" for one in partner.coordinations]
    for durable in durables_of(partner.institution).values():
        allowed += [
            f"$JS.API.CONSUMER.INFO.{PUB}.{durable}",
            f"$JS.API.CONSUMER.MSG.NEXT.{PUB}.{durable}",
            f"$JS.ACK.{PUB}.{durable}.>",
        ]
    return allowed


def _user(nkey: str, subjects: list[str], inbox: str) -> str:
    allowed = ", ".join(f'"{subject}"' for subject in subjects)
    return (
        f"      {{ nkey: {nkey}, permissions: {{ publish: {{ allow: [{allowed}] }}, "
        f'subscribe: {{ allow: ["_INBOX_{inbox}.>"] }} }} }}'
    )


def configuration(
    *,
    listen: str,
    monitor: str,
    store: str,
    services: dict[str, str],
    partners: list[PartnerUser],
    system: str,
    sync: str = "always",
) -> str:
    """Return the text of a server's configuration.

    Args:
        listen: host and port of clients.
        monitor: host and port of the monitor, loopback alone.
        store: folder of the streams.
        services: public NKey of each service.
        partners: institutions admitted.
        system: public NKey of the system account's user, which may reload the server.
        sync: `always`, unless a test wants a server that loses what it acknowledged.
    """
    users = [_user(key, service_subjects(name), name) for name, key in services.items()]
    users += [
        _user(key, partner_subjects(one), one.institution) for one in partners for key in one.nkeys
    ]
    return "\n".join(
        [
            f"listen: {listen}",
            f"http: {monitor}",
            "server_name: ctin",
            "max_payload: 1MB",
            'write_deadline: "10s"',
            f'jetstream {{ store_dir: "{store}", sync_interval: {sync},',
            f"  max_file: {FILE_BYTES_MAX} }}",
            "accounts {",
            "  CTIN { jetstream: enabled, users: [",
            ",\n".join(users),
            "  ] }",
            f"  SYS {{ users: [ {{ nkey: {system} }} ] }}",
            "}",
            "system_account: SYS",
            "",
        ]
    )
