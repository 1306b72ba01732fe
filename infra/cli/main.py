"""The command `ctin`. Exit codes: 0 done, 1 refused or differs, 2 usage, 3 something is away."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from contracts.partner import cli as partner
from contracts.streams import SERVICES
from infra.cli import budget, imports, protect, rebuild, reconcile, scan, status, tally, up, verify
from infra.cli.door import add_door

Run = Callable[[argparse.Namespace], int]
DEFAULT_FOLDER = Path(".ctin")


def parser() -> argparse.ArgumentParser:
    """Return the command's grammar; each verb keeps its function in `run`."""
    whole = argparse.ArgumentParser(prog="ctin", description="La coordination, en une commande.")
    verbs = whole.add_subparsers(dest="command", required=True, metavar="commande")

    def add(name: str, told: str, run: Run) -> argparse.ArgumentParser:
        verb = verbs.add_parser(name, help=told, description=told)
        verb.set_defaults(run=run)
        return verb

    _add_up(add)
    one = add("status", "dire l'état de chaque processus, en JSON", status.run)
    one.add_argument("--data-dir", type=Path, default=DEFAULT_FOLDER)
    one = add("partner", "agir comme le système d'une institution", partner.run)
    partner.add_commands(one)
    one = add(
        "budget", "montrer promis, conventionné, reçu, attribué, restant par financeur", budget.run
    )
    one.add_argument("--data-dir", type=Path, default=DEFAULT_FOLDER)
    one.add_argument("--coordination", default="sicoval")
    one.add_argument("--json", action="store_true", help="la réponse du service, telle quelle")
    one = add("scan", "chercher des données personnelles dans l'entrée standard", scan.run)
    one.add_argument("--values", action="store_true", help="une valeur par ligne")
    one = add(
        "protect",
        "cacher d'une table croisée les petits comptes, et ceux qui les trahiraient",
        protect.run,
    )
    one.add_argument(
        "--threshold", type=int, required=True, help="premier compte qui n'est pas secret"
    )
    one.add_argument("--statuses", action="store_true", help="A, D ou V à la place des comptes")
    one = add(
        "import", "prendre un fichier : garder les bonnes lignes, dire les autres", imports.run
    )
    one.add_argument("kind", metavar="KIND", help="genre du fichier : cog, members, grants …")
    one.add_argument("file", type=Path, metavar="FILE", help="le fichier, ou - pour l'entrée")
    one.add_argument("--dry-run", action="store_true", help="vérifier sans rien écrire, sans pile")
    one.add_argument("--report", type=Path, help="où écrire ce qu'est devenue chaque ligne (JSON)")
    one.add_argument("--mapping", type=Path, help="colonnes d'un producteur (JSON)")
    one.add_argument("--coordination")
    one.add_argument("--data-dir", type=Path, default=DEFAULT_FOLDER)
    one = add("reconcile", "comparer les flux aux tables, republier ce qui manque", reconcile.run)
    one.add_argument("--service", choices=SERVICES, help="un service ; tous sinon")
    one.add_argument("--data-dir", type=Path, default=DEFAULT_FOLDER)
    one = add("rebuild", "refaire un flux, ou les sommes du diagnostic", rebuild.run)
    rebuild.add_arguments(one)
    one.add_argument("--data-dir", type=Path, default=DEFAULT_FOLDER)
    add("tally", "compter des votes selon un règlement, du JSON de l'entrée standard", tally.run)
    one = add("verify", "recalculer ce qui a été publié, sans les services", verify.run)
    one.add_argument("kind", choices=["ledger", "decision", "diagnostic"])
    one.add_argument("file", type=Path)
    return whole


def _add_up(add: Callable[[str, str, Run], argparse.ArgumentParser]) -> None:
    one = add("up", "démarrer tous les services et les garder en marche", up.run)
    one.add_argument("--demo", action="store_true", help="jouer la démonstration du Sicoval")
    one.add_argument("--data-dir", type=Path, default=DEFAULT_FOLDER, help="dossier des données")
    base = int(os.environ.get("CTIN_PORT_BASE", "8400"))
    one.add_argument("--port-base", type=int, default=base, help="premier port")
    add_door(one)
    one.add_argument("--ready-file", type=Path, help="fichier écrit quand tout est prêt")
    one.add_argument(
        "--nats-nodes",
        type=int,
        default=1,
        choices=[1, 3],
        help="serveurs NATS, 1 ou une grappe de 3",
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    asked = parser().parse_args(arguments)
    run: Run = asked.run
    try:
        return run(asked)
    except BrokenPipeError:
        sys.stderr.close()  # The reader of our output left: nobody is there to be told.
        return 0


if __name__ == "__main__":
    raise SystemExit(main())
