"""`ctin import`: take a file somebody else wrote; good rows are kept, bad ones are told."""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import httpx
import msgspec

from contracts.http.imports import ImportReport
from contracts.streams import SERVICES
from contracts.values import Role
from infra.cli.folder import DataFolder
from infra.cli.operator_token import token
from infra.cli.running import running
from services.chassis import importer
from services.chassis.importer import Kind

DONE, REFUSED, USAGE, AWAY = 0, 1, 2, 3
SECONDS_MAX = 600.0
SHOWN_MAX = 5
CHUNK_BYTES = 256 * 1024
CHUNKS_TOLD = 8


class Failed(RuntimeError):
    """The file was not imported; `exit_code` says whose fault it is."""

    def __init__(self, sentence: str, exit_code: int) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


def kinds() -> Iterator[tuple[str, Kind[Any]]]:
    """Yield every kind of file, with the service that takes it."""
    for service in SERVICES:
        name = f"services.{service}.imports"
        if find_spec(name):
            for kind in import_module(name).KINDS.values():
                yield service, kind


def run(arguments: argparse.Namespace) -> int:
    """Import a file, or only check it; write what became of each row.

    A file that several services keep goes to each; the report is of the one it changed most.
    """
    takers: dict[str, dict[str, Kind[Any]]] = {}
    for service, kind in kinds():
        takers.setdefault(kind.name, {})[service] = kind
    if arguments.kind not in takers:
        sys.stderr.write(f"Genre inconnu ; ceux-ci existent : {', '.join(sorted(takers))}.\n")
        return USAGE
    try:
        mapping = _mapping(arguments.mapping)
        with _opened(arguments.file) as file:
            taking = takers[arguments.kind].items()
            reports = (
                [_checked(file, next(iter(taking))[1], mapping)]
                if arguments.dry_run
                else [_sent(file, kind, mapping, service, arguments) for service, kind in taking]
            )
        report = max(reports, key=lambda one: one.accepted)
    except Failed as failed:
        sys.stderr.write(f"{failed}\n")
        return failed.exit_code
    _tell(report, arguments.report)
    return DONE if report.accepted + report.unchanged or not report.read else REFUSED


def _mapping(path: Path | None) -> dict[str, Any]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Any]) if path else {}
    except (OSError, msgspec.DecodeError) as fault:
        raise Failed(f'"{path}" : un objet JSON {{"leur colonne": "la nôtre"}}.', USAGE) from fault


def _opened(path: Path) -> IO[bytes]:
    if str(path) == "-":
        return BytesIO(sys.stdin.buffer.read())
    try:
        return path.open("rb")
    except OSError as fault:
        raise Failed(f"« {path} » ne peut pas être lu ; vérifiez son nom.", USAGE) from fault


def _checked(file: IO[bytes], kind: Kind[Any], mapping: dict[str, Any]) -> ImportReport:
    try:
        rows = importer.mapped(file, kind, json.dumps(mapping))
        return asyncio.run(importer.run(rows, kind, progress=_progress("lignes lues")))
    except importer.FileIsUnreadable as fault:
        raise Failed(str(fault), REFUSED) from fault


def _sent(
    file: IO[bytes],
    kind: Kind[Any],
    mapping: dict[str, Any],
    service: str,
    arguments: argparse.Namespace,
) -> ImportReport:
    if not kind.is_shared and arguments.coordination is None:
        raise Failed("Dites pour quelle coordination : --coordination.", USAGE)
    place = "" if kind.is_shared else f"/coordinations/{arguments.coordination}"
    away = "La pile ne répond pas ; démarrez-la par « ctin up », ou vérifiez --dry-run."
    try:
        bearer = token(DataFolder(arguments.data_dir), Role.OPERATOR)
        stack = running(arguments.data_dir)
        with stack.client(SECONDS_MAX) as client:
            answer = client.post(
                f"{stack.services[service]}/v1{place}/imports/{kind.name}",
                params={"mapping": json.dumps(mapping)} if mapping else {},
                content=_chunks(file),
                headers={"Authorization": f"Bearer {bearer}", "Content-Type": "text/csv"},
            )
    except (OSError, httpx.HTTPError) as fault:
        raise Failed(away, AWAY) from fault
    if not answer.is_success:
        raise Failed(str(answer.json().get("detail", answer.status_code)), REFUSED)
    return msgspec.json.decode(answer.content, type=ImportReport)


def _progress(what: str) -> Callable[[int], None]:
    def tell(count: int) -> None:
        sys.stderr.write(f"… {count:,} {what}\n".replace(",", " "))

    return tell


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the file from its start, and say how much of it has left when it is long."""
    tell = _progress("octets envoyés")
    file.seek(0)
    sent = 0
    while chunk := file.read(CHUNK_BYTES):
        yield chunk
        sent += len(chunk)
        if sent % (CHUNKS_TOLD * CHUNK_BYTES) == 0:
            tell(sent)


def _tell(report: ImportReport, path: Path | None) -> None:
    """Write the whole report where it is asked for, and its sum for who watches."""
    written = msgspec.json.format(msgspec.json.encode(report), indent=1)
    if path:
        path.write_bytes(written + b"\n")
    else:
        sys.stdout.write(written.decode() + "\n")
    sys.stderr.write(
        f"{report.read} lignes lues : {report.accepted} acceptées, {report.unchanged} inchangées, "
        f"{len(report.refused)} refusées, {len(report.warnings)} doutes.\n"
    )
    for one in report.refused[:SHOWN_MAX]:
        where = f"ligne {one.line}" + (f", colonne {one.column}" if one.column else "")
        sys.stderr.write(f"  {where} : {one.detail}\n")
