"""`ctin rebuild`: a stream from its table, or the diagnostic's figures from the signals kept."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from contracts.streams import SERVICES
from contracts.values import Role
from infra.cli import reconcile
from infra.cli.folder import DataFolder
from infra.cli.operator_token import token
from infra.cli.reconcile import AWAY, DIFFERS, DONE, NotThere

USAGE = 2
SECONDS_MAX = 600.0
PAGE = 100


def add_arguments(verb: argparse.ArgumentParser) -> None:
    """Add what is made again, and of whom."""
    verb.add_argument("what", choices=["stream", "diagnostics"])
    verb.add_argument("service", choices=SERVICES, nargs="?", help="le service du flux")
    verb.add_argument("--coordination", help="celle du diagnostic ; toutes sinon")


def run(arguments: argparse.Namespace) -> int:
    """Make again what is named; 1 when figures of the diagnostic were not what signals fold to."""
    if arguments.what == "stream":
        if arguments.service is None:
            sys.stderr.write("Dites de quel service : ctin rebuild stream SERVICE.\n")
            return USAGE
        return reconcile.rebuild(arguments)
    try:
        corrected = _fold_again(arguments.data_dir, arguments.coordination)
    except NotThere as fault:
        sys.stderr.write(f"{fault}\n")
        return AWAY
    return DIFFERS if corrected else DONE


def _fold_again(folder: Path, only: str | None) -> int:
    """Print what became of each coordination, one a line; return how many figures differed."""
    stack = reconcile.stack_of(folder)
    where = stack.services
    bearer = token(DataFolder(folder), Role.OPERATOR)
    corrected = 0
    with stack.client(SECONDS_MAX) as client:
        client.headers["Authorization"] = f"Bearer {bearer}"
        slugs = [only] if only else list(_coordinations(client, where["members"]))
        for number, slug in enumerate(slugs, start=1):
            sys.stderr.write(f"… {number} sur {len(slugs)} : {slug}\n")
            url = f"{where['diagnostics']}/v1/coordinations/{slug}/rebuild"
            told = _asked(client, "POST", url)
            line = json.dumps({"coordination": slug, **told}, ensure_ascii=False)
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
            corrected += told["corrected"]
    return corrected


def _coordinations(client: httpx.Client, members: str) -> Iterator[str]:
    cursor = ""
    while cursor is not None:
        page = f"{members}/v1/coordinations?limit={PAGE}" + (f"&cursor={cursor}" if cursor else "")
        told = _asked(client, "GET", page)
        yield from (one["slug"] for one in told["items"])
        cursor = told["cursor"]


def _asked(client: httpx.Client, verb: str, url: str) -> Any:
    try:
        answer = client.request(verb, url)
    except httpx.HTTPError as fault:
        raise NotThere("La pile ne répond pas ; démarrez-la par « ctin up ».") from fault
    if not answer.is_success:
        raise NotThere(str(answer.json().get("detail", answer.status_code)))
    return answer.json()
