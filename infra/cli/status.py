"""`ctin status`: each process's pid, uptime, restarts and health, in JSON."""

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from infra.cli.running import running

DONE, AWAY = 0, 3


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _health(client: httpx.Client, url: str) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = client.get(f"{url}/health/ready").json()
    except (httpx.HTTPError, ValueError):
        return {"status": "away"}
    return answer


def seen(folder: Path) -> dict[str, Any] | None:
    """Return what is known of the stack of a data folder, None when none was ever started."""
    try:
        where = running(folder)
        told = json.loads((folder / "processes.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    processes: dict[str, Any] = {}
    with where.client(3) as client:
        for name, one in told["processes"].items():
            alive = _is_alive(one["pid"])
            url = where.services.get(name)
            health = _health(client, url) if url and alive else None
            processes[name] = {
                "pid": one["pid"] if alive else None,
                "uptime_seconds": round(time.time() - one["started_at"], 1) if alive else None,
                "restarts": one["restarts"],
                "health": health or {"status": "running" if alive else "stopped"},
            }
    return {"processes": processes}


def run(arguments: argparse.Namespace) -> int:
    """Print the state; 3 when nothing runs there."""
    found = seen(arguments.data_dir)
    if found is None:
        sys.stderr.write(f"Aucune pile n'a été démarrée dans {arguments.data_dir}.\n")
        return AWAY
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return DONE if any(one["pid"] for one in found["processes"].values()) else AWAY
