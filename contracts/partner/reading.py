"""The verbs of `ctin partner` that read feeds over HTTP: feeds, replay, and follow with a feed."""

import argparse
import asyncio
import sys
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

from contracts import transport
from contracts.partner.feeds import Feeds, Hole, NotRead

Write = Callable[[object], None]
DONE, REFUSED, AWAY = 0, 1, 3
RETRY_SECONDS = 1.0


def add_commands(verbs: Any) -> None:
    """Declare these verbs."""
    feeds = verbs.add_parser("feeds", help="dire où en sont ses abonnements")
    replay = verbs.add_parser("replay", help="relire un intervalle d'un abonnement")
    replay.add_argument("--after", type=int, default=0, help="après ce numéro")
    replay.add_argument("--until", type=int, help="jusqu'à ce numéro compris")
    for verb in (feeds, replay):
        add_doors(verb, required=True)
    replay.add_argument("feed", help="identifiant de l'abonnement")


def add_doors(verb: argparse.ArgumentParser, *, required: bool) -> None:
    """Declare where the exchange is and which token opens it."""
    verb.add_argument("--exchange", required=required, help="adresse https de l'échange")
    verb.add_argument("--token-file", type=Path, required=required, help="fichier du jeton d'accès")
    add_authority(verb)


def add_authority(verb: argparse.ArgumentParser) -> None:
    """Declare who signed the exchange's certificates, when the machine does not know."""
    told = "autorité qui a signé les certificats de l'échange, en PEM"
    verb.add_argument("--ca", default="", type=_authority, help=told)


def _authority(path: str) -> str:
    try:
        transport.trusting(path)
    except OSError as fault:
        raise argparse.ArgumentTypeError(f"« {path} » n'est pas une autorité : {fault}") from fault
    return path


def run(arguments: argparse.Namespace, write: Write) -> int:
    """Do what the verb says and return the exit code."""
    work = {"feeds": _feeds, "replay": _replay, "follow": _follow}[arguments.verb]
    try:
        return asyncio.run(work(arguments, write))
    except Hole as hole:
        sys.stderr.write(f"{hole}\n")
        return REFUSED
    except NotRead as fault:
        sys.stderr.write(f"{fault}\n")
        return AWAY if fault.away else REFUSED


def _opened(arguments: argparse.Namespace) -> Feeds:
    token = arguments.token_file.read_text(encoding="utf-8").strip()
    return Feeds(arguments.exchange, token, ca_file=arguments.ca)


async def _feeds(arguments: argparse.Namespace, write: Write) -> int:
    async with _opened(arguments) as feeds:
        async for one in feeds.subscriptions():
            write(one)
    return DONE


async def _replay(arguments: argparse.Namespace, write: Write) -> int:
    after, count = arguments.after, 0
    async with _opened(arguments) as feeds:
        while found := await feeds.events(arguments.feed, after=after, until=arguments.until):
            for one in found:
                write(one)
            count += len(found)
            after = found[-1]["subseq"]
            sys.stderr.write(f"\r{count} événements relus, jusqu'au numéro {after}")
    sys.stderr.write("\n" if count else "")
    return DONE


async def _follow(arguments: argparse.Namespace, write: Write) -> int:
    """Follow for ever, or so many events, or what waits; what is written is then confirmed."""
    last: int | None = None
    written = 0
    async with _opened(arguments) as feeds:
        if arguments.once:
            while found := await feeds.events(arguments.feed):
                for one in found:
                    write(one)
                await feeds.acknowledge(arguments.feed, found[-1]["subseq"])
            return DONE
        while True:
            try:
                async with aclosing(feeds.stream(arguments.feed, after=last)) as events:
                    async for one in events:
                        write(one)
                        last, written = one["subseq"], written + 1
                        await feeds.acknowledge(arguments.feed, one["subseq"])
                        if written == arguments.limit:
                            return DONE
            except NotRead as fault:
                if not fault.away:
                    raise
                sys.stderr.write(f"{fault}\n")
            await asyncio.sleep(RETRY_SECONDS)
