"""The command line of a partner's developer: from its registration to what it sends and follows.

NDJSON in and out, so that other programs join by a pipe; progress goes to the error output.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import msgspec

from contracts.envelope import Event
from contracts.partner import adapters, conformance, credentials, http, joining, keys, reading
from contracts.partner.adapters import Unreadable
from contracts.partner.client import BATCH_MAX, Kept, NotKept, Partner

DONE, REFUSED, USAGE, AWAY = 0, 1, 2, 3
WAIT_SECONDS = 30.0


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Declare the verbs of `ctin partner` on `parser`."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    publish = verbs.add_parser("publish", help="publier des signaux lus en NDJSON")
    publish.add_argument("file", type=Path, help="fichier NDJSON, ou - pour l'entrée standard")
    publish.add_argument("--wait", action="store_true", help="attendre et écrire les réponses")
    publish.add_argument("--batch", type=int, default=BATCH_MAX, help="événements par envoi")
    follow = verbs.add_parser("follow", help="suivre les mises à jour du diagnostic")
    follow.add_argument("--answers", action="store_true", help="suivre plutôt ses réponses")
    follow.add_argument("--limit", type=int, help="s'arrêter après ce nombre d'événements")
    follow.add_argument("--once", action="store_true", help="s'arrêter quand plus rien n'attend")
    join = verbs.add_parser("register", help="enregistrer ses clés avec le code d'une invitation")
    join.add_argument("--exchange", required=True, help="adresse HTTP de l'échange")
    join.add_argument("--code", required=True, help="le code, ou - pour l'entrée standard")
    reading.add_authority(join)
    show = verbs.add_parser("conformance", help="montrer, au bac à sable, que tout marche")
    follow.add_argument("--feed", help="suivre plutôt cet abonnement, par HTTP")
    reading.add_doors(follow, required=False)
    for verb in (publish, follow, join, show):
        verb.add_argument("--credentials", type=Path, help="dossier de ses clés et adresses")
    _add_http_verbs(verbs)
    reading.add_commands(verbs)
    cnaf = verbs.add_parser("cnaf-iris", help="changer le fichier CNAF par IRIS en signaux NDJSON")
    cnaf.add_argument("file", type=Path)
    cnaf.add_argument("--licence", default="cnaf-open-data")
    cnaf.add_argument("--year", default="2021")
    cnaf.add_argument("--communes", type=Path, help="CSV dont la colonne code nomme les communes")


def _add_http_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    own = verbs.add_parser("keys", help="faire ses clés, ou montrer leurs moitiés publiques")
    own.add_argument("what", choices=["new", "list"])
    own.add_argument("folder", type=Path, help="dossier des clés, à garder secret")
    token = verbs.add_parser("token", help="écrire un jeton d'accès pour HTTP")
    status = verbs.add_parser("status", help="dire où en sont ses échanges")
    for verb in (token, status):
        verb.add_argument("--keys", type=Path, required=True, help="dossier des clés")
        verb.add_argument("--members", required=True, help="adresse du service des membres")
        verb.add_argument("--client", required=True, help="nom de client reçu à l'admission")
        reading.add_authority(verb)
    status.add_argument("--exchange", required=True, help="adresse du service d'échange")
    status.add_argument("--institution", required=True)
    status.add_argument("--coordination", required=True)


def run(arguments: argparse.Namespace) -> int:
    """Do what the verb says and return the exit code."""
    if arguments.verb == "cnaf-iris":
        return _cnaf(arguments)
    if arguments.verb in {"keys", "token", "status"}:
        return _over_http(arguments)
    if arguments.verb in {"feeds", "replay"} or getattr(arguments, "feed", None):
        if arguments.exchange is None or arguments.token_file is None:
            sys.stderr.write("Donnez --exchange et --token-file.\n")
            return USAGE
        return reading.run(arguments, _write)
    if arguments.credentials is None:
        sys.stderr.write("Donnez --credentials, le dossier de vos clés et adresses.\n")
        return USAGE
    if arguments.verb in {"register", "conformance"}:
        return _join(arguments)
    work = _publish(arguments) if arguments.verb == "publish" else _follow(arguments)
    try:
        return asyncio.run(work)
    except NotKept as fault:
        sys.stderr.write(f"{fault}\n")
        return AWAY if "ne répond pas" in str(fault) else REFUSED


def _over_http(arguments: argparse.Namespace) -> int:
    try:
        if arguments.verb == "keys":
            make_or_read = keys.make if arguments.what == "new" else keys.public
            _write(make_or_read(arguments.folder))
            return DONE
        key = joining.client_key(arguments.keys / joining.JWK)
        url = f"{arguments.members.rstrip('/')}/v1/token"
        token = joining.granted(arguments.client, url, key, ca_file=arguments.ca)
        if arguments.verb == "token":
            print(token)
            return DONE
        named = (arguments.institution, arguments.coordination)
        _write(http.status(arguments.exchange, token, *named, ca_file=arguments.ca))
    except FileNotFoundError:
        sys.stderr.write(
            f"{arguments.keys} n'a pas de clé HTTP ; faites-en une : ctin partner keys new.\n"
        )
        return REFUSED
    except (joining.NotJoined, keys.KeysAreThere) as fault:
        sys.stderr.write(f"{fault}\n")
        return AWAY if "ne répond pas" in str(fault) else REFUSED
    return DONE


def _write(document: object) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(document) + b"\n")
    sys.stdout.buffer.flush()


def _cnaf(arguments: argparse.Namespace) -> int:
    communes = adapters.communes_of(arguments.communes) if arguments.communes else None
    unreadable = 0
    with arguments.file.open(encoding="utf-8-sig", newline="") as file:
        for one in adapters.cnaf_iris(
            file, licence=arguments.licence, year=arguments.year, communes=communes
        ):
            if isinstance(one, Unreadable):
                unreadable += 1
                sys.stderr.write(f"ligne {one.line}, {one.column} : {one.detail}\n")
            else:
                _write({"type": "exposure_count", **adapters.sparse(one)})
    return REFUSED if unreadable else DONE


def _tell(said: str) -> None:
    sys.stderr.write(f"{said}\n")


def _join(arguments: argparse.Namespace) -> int:
    try:
        if arguments.verb == "register":
            code = sys.stdin.readline().strip() if arguments.code == "-" else arguments.code
            exchange = arguments.exchange.rstrip("/")
            own = joining.register(
                arguments.credentials, exchange_url=exchange, code=code, ca_file=arguments.ca
            )
            _write(own)
            return DONE
        own = credentials.load(arguments.credentials)
        found = conformance.run(own, _tell)
    except joining.NotJoined as fault:
        sys.stderr.write(f"{fault}\n")
        return AWAY if "ne répond pas" in str(fault) else REFUSED
    for step in found.steps:
        _write(step)
    return DONE if found.passed else REFUSED


def slices(events: Iterable[Event], most: int) -> Iterator[list[Event]]:
    """Yield `events` in lists of at most `most`."""
    rest = iter(events)
    while batch := list(islice(rest, most)):
        yield batch


def _events(arguments: argparse.Namespace, institution: str) -> Iterator[Event]:
    text = sys.stdin if str(arguments.file) == "-" else arguments.file.open(encoding="utf-8")
    with text:
        for one in adapters.events_of_lines(text, institution=institution):
            if isinstance(one, Unreadable):
                sys.stderr.write(f"ligne {one.line} : {one.detail}\n")
                arguments.unreadable += 1
            else:
                yield one


async def _publish(arguments: argparse.Namespace) -> int:
    own = credentials.load(arguments.credentials)
    arguments.unreadable = 0
    kept: list[Kept] = []
    with _progress("Signaux publiés") as advance:
        async with Partner(own) as partner:
            for batch in slices(_events(arguments, own.institution), arguments.batch):
                found = await partner.publish(batch)
                kept += found
                advance(len(found))
                for one in found:
                    _write({"ce_id": one.ce_id, "in_seq": one.in_seq, "status": "kept"})
            refused = await _answers(partner, kept) if arguments.wait else 0
    return REFUSED if refused or arguments.unreadable else DONE


async def _answers(partner: Partner, kept: Sequence[Kept]) -> int:
    """Write the answers to what was kept and return how many are refusals."""
    awaited = {one.in_seq for one in kept}
    refused, quiet = 0, 0.0
    with _progress("Réponses reçues", total=len(awaited)) as advance:
        while awaited and quiet < WAIT_SECONDS:
            found = await partner.read(partner.credentials.durables.answers, seconds=1.0)
            quiet = 0.0 if found else quiet + 1.0
            for event, _, message in found:
                data = msgspec.json.decode(event.data)
                for answer in data.get("answers", [data]):
                    if answer.get("in_seq") in awaited:
                        awaited.discard(answer["in_seq"])
                        advance(1)
                        refused += answer.get("code") is not None
                        status = "refused" if answer.get("code") else "accepted"
                        _write({"ce_id": event.causationid, "status": status, **answer})
                await partner.done(message)
    if awaited:
        raise NotKept(
            f"{len(awaited)} réponse(s) attendue(s) : l'échange ne répond pas pour l'instant."
        )
    return refused


async def _follow(arguments: argparse.Namespace) -> int:
    own = credentials.load(arguments.credentials)
    durable = own.durables.answers if arguments.answers else own.durables.updates
    written = 0
    async with Partner(own) as partner:
        while arguments.limit is None or written < arguments.limit:
            most = (
                BATCH_MAX if arguments.limit is None else min(BATCH_MAX, arguments.limit - written)
            )
            found = await partner.read(durable, most=most, seconds=1.0 if arguments.once else 5.0)
            for event, sequence, message in found:
                _write({**event.structured(), "streamsequence": str(sequence)})
                await partner.done(message)
                written += 1
            if arguments.once and not found:
                break
    return DONE


@contextmanager
def _progress(title: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Give what advances a progress bar on the error output of a terminal; elsewhere, nothing."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415  # Only for who has a terminal.
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=total)
        yield lambda by: bar.advance(task, by)
