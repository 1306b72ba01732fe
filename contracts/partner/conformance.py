"""Show, in its sandbox, that a system does what partners must: each step, then what it gave."""

import asyncio
from collections.abc import Callable, Collection
from secrets import choice, randbelow
from uuid import UUID, uuid4

import msgspec

from contracts.envelope import Event
from contracts.events.signals import ExposureCount, Unit
from contracts.http.exchange.access import ConformanceRun, ConformanceStep
from contracts.partner import adapters, joining
from contracts.partner.client import NotKept, Partner
from contracts.partner.credentials import Credentials
from contracts.values import AreaKind

STEPS_SECONDS_MAX = 60.0
READ_SECONDS = 1.0
PURPOSE = "shared_diagnostic"
SHOWN = ("connected", "foreign_subject_refused", "updates_followed", "recovered")
Told = Callable[[str], None]


def _count(own: Credentials) -> ExposureCount:
    """Return a count of a cell that no other run is likely to have filled."""
    return ExposureCount(
        signal_id=uuid4(),
        agreement=UUID(own.agreement),
        purpose=PURPOSE,
        period=f"20{randbelow(100):02}-{randbelow(12) + 1:02}",
        area_kind=AreaKind.COMMUNE,
        area_code=choice(own.communes),
        measure="demandeurs_emploi",
        unit=Unit.PERSON,
        count=120,
    )


def _events(own: Credentials) -> list[Event]:
    """Return a good signal, the same again, its revision, a bad one and one that must be erased."""
    good = _count(own)
    revised = msgspec.structs.replace(good, revision=2, count=130)
    told = [adapters.event_of(one, institution=own.institution) for one in (good, good, revised)]
    sound = adapters.sparse(good) | {"signal_id": str(uuid4())}
    bad = {name: value for name, value in sound.items() if name != "measure"}
    personal = sound | {"note": "camille.exemple@example.org"}
    for document in (bad, personal):
        event = adapters.event_of(good, institution=own.institution)
        told.append(msgspec.structs.replace(event, data=msgspec.json.encode(document)))
    return told


async def _answered(partner: Partner, awaited: Collection[int]) -> None:
    """Return once each message has its answer; all that is read is acknowledged."""
    left = set(awaited)
    while left:
        durable = partner.credentials.durables.answers
        for event, _, message in await partner.read(durable, seconds=READ_SECONDS):
            data = msgspec.json.decode(event.data)
            left -= {answer.get("in_seq") for answer in data.get("answers", [data])}
            await partner.done(message)


async def _followed(partner: Partner) -> None:
    """Return once an update of the sandbox came; all that is read is acknowledged."""
    found = 0
    while not found:
        read = await partner.read(partner.credentials.durables.sandbox, seconds=READ_SECONDS)
        for _, _, message in read:
            await partner.done(message)
        found = len(read)


async def _shown(own: Credentials, told: Told) -> list[str]:
    """Do each step and return the names of those that came to their end."""
    done: list[str] = []

    def passed(name: str) -> None:
        done.append(name)
        told(name)

    try:
        async with asyncio.timeout(STEPS_SECONDS_MAX):
            async with Partner(own) as partner:
                passed("connected")
                kept = await partner.publish(_events(own))
                await _answered(partner, [one.in_seq for one in kept])
                await _followed(partner)
                passed("updates_followed")
                foreign = f"in.{own.institution}.hors-convention.exposure_count.v1"
                if await partner.is_refused(foreign):
                    passed("foreign_subject_refused")
                one = adapters.event_of(_count(own), institution=own.institution)
                (last,) = await partner.publish([one])
            async with Partner(own) as partner:
                await _answered(partner, [last.in_seq])
                passed("recovered")
    except (NotKept, TimeoutError) as fault:
        told(str(fault) or f"Rien après {STEPS_SECONDS_MAX:.0f} secondes.")
    return done


def run(own: Credentials, told: Told) -> ConformanceRun:
    """Do a whole run and return what the exchange keeps of it; `told` hears of each step.

    Raises:
        NotJoined: the exchange or the tokens' service refuses, or is away.
    """
    path = f"{own.exchange_url}/v1/partners/{own.institution}/conformance-runs"
    began = joining.ask("POST", path, token=joining.token(own), ca_file=own.ca_file)
    run_id = msgspec.json.decode(began, type=ConformanceRun).run_id
    done = asyncio.run(_shown(own, told))
    steps = [ConformanceStep(name=name, passed=name in done) for name in SHOWN]
    ended = joining.ask(
        "POST",
        f"{path}/{run_id}/end",
        token=joining.token(own),
        ca_file=own.ca_file,
        json={"steps": msgspec.to_builtins(steps)},
    )
    return msgspec.json.decode(ended, type=ConformanceRun)
