"""`ctin budget`: what each funder promised, agreed, paid in and awarded, and what is left."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import httpx

from contracts.values import Role
from infra.cli.folder import DataFolder
from infra.cli.operator_token import token
from infra.cli.running import running

DONE, REFUSED, AWAY = 0, 1, 3
COLUMNS = ("promised", "agreed", "received", "awarded", "left")
TITLES = ("promis", "conventionné", "reçu", "attribué", "restant")
_THIN = "\u202f"


def euros(cents: int) -> str:
    """Return an amount as French readers write it."""
    sign, whole = ("-", -cents) if cents < 0 else ("", cents)
    return f"{sign}{whole // 100:,}".replace(",", _THIN) + f",{whole % 100:02d} €"


def run(arguments: argparse.Namespace) -> int:
    """Print the pool of a coordination; 3 when its stack is away."""
    try:
        stack = running(arguments.data_dir)
        with stack.client(10) as client:
            answer = client.get(
                f"{stack.services['funding']}/v1/coordinations/{arguments.coordination}/pool",
                headers={"Authorization": f"Bearer {_token(arguments.data_dir)}"},
            )
    except (FileNotFoundError, httpx.HTTPError):
        sys.stderr.write("Le service du budget ne répond pas ; démarrez la pile par « ctin up ».\n")
        return AWAY
    document: dict[str, Any] = answer.json()
    if not answer.is_success:
        sys.stderr.write(f"{document.get('detail', answer.status_code)}\n")
        return REFUSED
    print(json.dumps(document, ensure_ascii=False) if arguments.json else _table(document))
    return DONE


def _token(folder: Path) -> str:
    return token(DataFolder(folder), Role.OPERATOR)


def _row(one: dict[str, Any]) -> list[int]:
    reached = one["reached"]
    return [
        reached["promised"],
        reached["available"],
        one["received"],
        reached["awarded"],
        one["left"],
    ]


def _table(pool: dict[str, Any]) -> str:
    lines = [(fund["funder"], _row(fund)) for fund in pool["funds"]]
    lines.append(("total", _row(pool)))
    width = max(len(name) for name, _ in lines) + 2
    told = ["".ljust(width) + "".join(title.rjust(18) for title in TITLES)]
    told += [
        name.ljust(width) + "".join(euros(cents).rjust(18) for cents in row) for name, row in lines
    ]
    told.append(f"reste à financer : {euros(pool['funding_gap'])}")
    return "\n".join(told)
