"""What both embedded servers need around a program: a lock, a log, a private file, an end."""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

PAUSE_SECONDS = 0.02
LOG_BYTES_MAX = 16 * 1024 * 1024
QUOTED_LINES_MAX = 8

Steps = Sequence[tuple[signal.Signals, float]]


class CannotStart(RuntimeError):
    """An embedded server cannot start; the message is a French sentence for the operator."""


def hold(folder: Path, program: str) -> BinaryIO:
    """Hold a folder for one process, until the file returned is closed or the process dies.

    The folder is made if missing.

    The kernel lets go by itself after a kill -9, so whoever gets the lock knows that a server
    still alive in the folder was left over by a dead supervisor.

    Raises:
        CannotStart: another supervisor holds the folder, or this account cannot write there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / f"{program}.lock").open("ab")
    except PermissionError as fault:
        raise CannotStart(f"Le compte courant ne peut pas écrire dans {folder}.") from fault
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as fault:
        lock.close()
        raise CannotStart(
            f"Un autre `ctin up` fait déjà tourner {program} dans {folder} : "
            "arrêtez-le ou choisissez un autre dossier."
        ) from fault
    return lock


def write_private(path: Path, text: str) -> None:
    """Replace a file at once by one that only its owner reads, on disk when this returns."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Put the names that a folder holds on disk: a rename survives a power cut only then."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_log(path: Path) -> BinaryIO:
    """Open a log at its end, for its owner alone; a long one first makes room, once, in `.1`."""
    with suppress(FileNotFoundError):
        if path.stat().st_size > LOG_BYTES_MAX:
            path.rename(path.with_name(f"{path.name}.1"))
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def logged_since(path: Path, offset: int) -> str:
    """Return what a server wrote after `offset` bytes of its log."""
    with path.open("rb") as log:
        log.seek(offset)
        return log.read(LOG_BYTES_MAX).decode(errors="replace")


def last_lines(text: str) -> str:
    """Return the end of what a server said, ready to be quoted under an error."""
    return "\n".join(f"  {line}" for line in text.strip().splitlines()[-QUOTED_LINES_MAX:])


def words_of(pid: int) -> list[str]:
    """Return the command line of a running process; nothing for one that is over, or a zombie."""
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return []
    return [word.decode(errors="replace") for word in line.split(b"\0") if word]


def running(is_ours: Callable[[list[str]], bool]) -> list[int]:
    """Return the processes whose own command line proves them ours.

    Asking the kernel needs no pid file, which a kill -9 leaves behind for a stranger's pid.
    Where there is no /proc nothing is found, and the server's own refusal stands.
    """
    try:
        pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    except FileNotFoundError:
        return []
    return [pid for pid in pids if (words := words_of(pid)) and is_ours(words)]


def end_child(server: subprocess.Popen[bytes], steps: Steps) -> None:
    """End a server that this object started, each signal followed by its seconds of patience.

    Raises:
        subprocess.TimeoutExpired: it outlived them all.
    """
    if not _end(server.send_signal, lambda: server.poll() is not None, steps):
        raise subprocess.TimeoutExpired(server.args, sum(seconds for _, seconds in steps))


def end_left_over(pid: int, steps: Steps) -> None:
    """End a server whose supervisor died, each signal followed by its seconds of patience.

    Raises:
        CannotStart: it outlived them all, or belongs to an account that we may not signal.
    """
    try:
        is_over = _end(lambda sent: os.kill(pid, sent), lambda: not words_of(pid), steps)
    except PermissionError as fault:
        raise CannotStart(f"Le processus {pid} appartient à un autre compte.") from fault
    if not is_over:
        raise CannotStart(f"Le processus {pid}, resté d'un arrêt brutal, ne s'arrête pas.")


def _end(send: Callable[[int], None], is_over: Callable[[], bool], steps: Steps) -> bool:
    for sent, seconds in steps:
        with suppress(ProcessLookupError):
            send(sent)
        deadline = time.monotonic() + seconds
        while not is_over():
            if time.monotonic() >= deadline:
                break
            time.sleep(PAUSE_SECONDS)
        else:
            return True
    return False
