"""The private folder of a Unix socket, whose whole path has to fit in the kernel's 107 bytes."""

import os
import stat
import tempfile
from pathlib import Path
from typing import Final

from infra.devservers.account import Account
from infra.devservers.spawning import CannotStart

PATH_BYTES_MAX: Final = 107


def name_socket_folder(mark: str, socket_name: str) -> Path:
    """Name a folder short enough for a socket; the same `mark` gives the same folder."""
    folder = Path(tempfile.gettempdir()) / mark
    if os.geteuid() == 0 or len(os.fsencode(folder / socket_name)) > PATH_BYTES_MAX:
        # Root's own temporary folder may be closed to the account that PostgreSQL runs under.
        return Path("/tmp") / mark  # noqa: S108 - Private, and refused when not provably ours.
    return folder


def claim(folder: Path, account: Account) -> None:
    """Make the folder for the account alone, or accept the one that is provably its own, emptied.

    Raises:
        CannotStart: the name is taken by something else; temporary folders are open to all.
    """
    owner = os.geteuid() if account.uid is None else account.uid
    try:
        folder.mkdir(0o700)
    except FileExistsError:
        seen = folder.lstat()
        if not stat.S_ISDIR(seen.st_mode) or (seen.st_uid, seen.st_mode & 0o077) != (owner, 0):
            raise CannotStart(
                f"{folder} n'est pas le dossier privé attendu : supprimez-le."
            ) from None
    else:
        account.take(folder)
    for dead in folder.iterdir():
        dead.unlink()  # A killed server's socket, whose pid a stranger may have by now.
