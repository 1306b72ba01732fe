"""What the exchange does beside requests and events: shared streams, durables, erasures."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date

from contracts import streams as names
from contracts.events import BY_TYPE
from contracts.events.diagnostics import DiagnosticPublished
from contracts.events.exchange import SignalAccepted, SignalRefused, SignalsAnswered
from contracts.events.exchange.needs import NeedFollowed
from services.chassis import ids
from services.chassis.log import logger
from services.chassis.service import Service
from services.chassis.streams import NO_CONSUMER, NO_MESSAGE, StreamRefusal
from services.exchange import commands, reads
from services.exchange.commands import intake
from services.exchange.model import EVERYWHERE, Agreement
from services.exchange.model.days import day_of
from services.exchange.model.subscriptions import published_types, version_filter
from services.exchange.settings import Settings

ANSWERS = (SignalAccepted, SignalRefused, SignalsAnswered, NeedFollowed)
"""What became of what an institution sent; a subscription's heartbeats go with its own events."""
SYNC_SECONDS = 10.0
"""An agreement whose last day is over stops delivering within a minute; this leaves room."""
ACK_WAIT_SECONDS = 30
PENDING_MAX = 1000
STREAM_BYTES_MAX = 8 * 1024**3
FORGET_SECONDS = 600.0
DAY_NS = 86_400 * 10**9


def shared_streams(settings: Settings) -> list[dict[str, object]]:
    """Return the configuration of `IN` and `PUB`, which the exchange keeps for all."""
    common: dict[str, object] = {
        "storage": "file",
        "retention": "limits",
        "discard": "new",
        "max_bytes": STREAM_BYTES_MAX,
        "max_msg_size": names.MESSAGE_BYTES_MAX,
        "num_replicas": settings.nats_replicas,
    }
    sources = [
        {"name": names.stream_of(service), "filter_subject": "pub.>"} for service in names.SERVICES
    ]
    return [
        {
            **common,
            "name": names.IN,
            "subjects": ["in.>"],
            "max_age": settings.intake_days_kept * DAY_NS,
            "allow_atomic": True,
        },
        {
            **common,
            "name": names.PUB,
            "subjects": [names.ANSWERS],
            "allow_atomic": True,
            "allow_direct": True,
            "max_age": settings.published_days_kept * DAY_NS,
            "sources": sources,
        },
    ]


def durables(
    institutions: list[str], agreements: list[Agreement], *, today: date
) -> dict[str, list[str]]:
    """Return the filters of each durable that must exist today, by its name.

    An institution always has its answers, and no heartbeat among them; it has updates only while
    an agreement opens some, and those of its sandbox apart.
    """
    wanted: dict[str, list[str]] = {}
    for institution in institutions:
        own = names.durables_of(institution)
        wanted[own["answers"]] = sorted(names.filter_of(one, area=institution) for one in ANSWERS)
        current = [
            one
            for one in agreements
            if one.institution == institution and one.valid_from <= today <= one.valid_until
        ]
        for use in ("updates", "sandbox"):
            is_tried = use == "sandbox"
            filters = _filters(
                one
                for one in current
                if (one.coordination == names.sandbox_of(institution)) == is_tried
            )
            if filters:
                wanted[own[use]] = filters
    return wanted


def _filters(agreements: Iterable[Agreement]) -> list[str]:
    found: set[str] = set()
    for one in agreements:
        areas = ["*"] if EVERYWHERE in one.areas else [f"c{area}" for area in one.areas]
        for kind in published_types(one.receives):
            if kind == DiagnosticPublished.TYPE:
                found.add(version_filter(one.institution, one.coordination, one.areas))
                continue
            found |= {
                names.filter_of(BY_TYPE[kind], coordination=one.coordination, area=area)
                for area in areas
            }
    return sorted(found)


async def keep_durables(service: Service) -> None:
    """Keep streams and partners' durables as the agreements of today say."""
    assert isinstance(service.settings, Settings)
    applied: dict[str, list[str]] = {}
    await service.streams.connected()
    for config in shared_streams(service.settings):
        await service.streams.ensure_stream(config)
    while True:
        service.changed.clear()
        async with service.read() as connection:
            agreements = await reads.agreements(connection)
            partners = await reads.institutions(connection)
        wanted = durables(partners, agreements, today=day_of(ids.now()))
        gone = await _existing(service, partners) - wanted.keys()
        await _apply(service, wanted, applied, gone)
        try:
            async with asyncio.timeout(SYNC_SECONDS):
                await _agreements_changed(service, (partners, agreements))
        except TimeoutError:
            applied.clear()  # Now and then everything is applied again: someone may have deleted.


async def _agreements_changed(service: Service, known: tuple[list[str], list[Agreement]]) -> None:
    while True:
        await service.changed.wait()
        service.changed.clear()
        async with service.read() as connection:
            found = (await reads.institutions(connection), await reads.agreements(connection))
        if found != known:
            return
        await asyncio.sleep(
            0.2
        )  # A burst of signals changes no agreement: look five times a second.


async def _existing(service: Service, institutions: list[str]) -> set[str]:
    ours = {name for one in institutions for name in names.durables_of(one).values()}
    answer = await service.streams.api(f"CONSUMER.NAMES.{names.PUB}")
    return ours & set(answer.get("consumers") or [])


async def _apply(
    service: Service,
    wanted: Mapping[str, list[str]],
    applied: dict[str, list[str]],
    gone: set[str],
) -> None:
    for name in gone:
        await service.streams.api(f"CONSUMER.DELETE.{names.PUB}.{name}")
        applied.pop(name, None)
        logger().info("durable_closed", durable=name)
    for name, filters in wanted.items():
        if applied.get(name) == filters:
            continue
        config = {
            "durable_name": name,
            "filter_subjects": filters,
            "ack_policy": "explicit",
            "ack_wait": ACK_WAIT_SECONDS * 10**9,
            "deliver_policy": "all",
            "max_ack_pending": PENDING_MAX,
            "max_deliver": -1,
        }
        await service.streams.ensure_consumer(names.PUB, config)
        applied[name] = filters


async def erase(service: Service) -> None:
    """Erase from the intake what held personal data, overwriting it on disk."""
    while True:
        async with service.read() as connection:
            sequences = await reads.erasures(connection)
        for in_seq in sequences:
            try:
                await service.streams.api(
                    f"STREAM.MSG.DELETE.{names.IN}", {"seq": in_seq, "no_erase": False}
                )
            except StreamRefusal as refusal:
                if refusal.code not in {NO_MESSAGE, NO_CONSUMER, 10043}:
                    raise
            async with service.write() as connection:
                await commands.forget_erased(connection, in_seq)
            logger().info("message_erased", in_seq=in_seq)
        await asyncio.sleep(1 if not sequences else 0)


async def forget(service: Service) -> None:
    """Free the idempotency keys that the guide no longer promises to know."""
    while True:
        async with service.write() as connection:
            await intake.forget_requests(connection, now=ids.now())
        await asyncio.sleep(FORGET_SECONDS)
