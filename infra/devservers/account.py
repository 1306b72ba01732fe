"""The account that PostgreSQL runs under, which is never root."""

import os
import pwd
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

RUN_SECONDS_MAX = 60
# What a PostgreSQL program may know of our environment: no PG* variable, no home, a plain locale.
ENVIRONMENT: Mapping[str, str] = {
    "PATH": os.environ.get("PATH", os.defpath),
    "LC_ALL": "C",
    "TZ": "UTC",
}


@dataclass(frozen=True)
class Account:
    """An unprivileged account: our own when both ids are None, else the one root hands over to."""

    uid: int | None = None
    gid: int | None = None

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a program to its end under this account, whatever its exit code.

        Raises:
            PermissionError: the account cannot reach or execute the program.
        """
        return subprocess.run(
            command,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
            env=ENVIRONMENT,
            cwd="/",  # Ours may be closed to this account.
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            umask=0o077,
            timeout=RUN_SECONDS_MAX,
        )

    def can_enter(self, folder: Path) -> bool:
        """Tell whether the account reaches inside a folder, by trying: mode bits do not tell."""
        return self.run("/bin/sh", "-c", 'cd "$1"', "sh", folder).returncode == 0

    def can_execute(self, program: Path) -> bool:
        """Tell whether the account can run a program, by asking it for its version."""
        try:
            return self.run(program, "--version").returncode == 0
        except PermissionError:
            return False

    def take(self, path: Path) -> None:
        """Give a path that we just made to the account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def choose_account(cluster: Path | None) -> Account:
    """Choose whom to run PostgreSQL as: ourselves, unless we are root.

    Args:
        cluster: the folder of an existing cluster, whose owner then comes first.
    """
    if os.geteuid() != 0:
        return Account()
    if cluster is not None and (owned := cluster.stat()).st_uid != 0:
        return Account(owned.st_uid, owned.st_gid)
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError:
        entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)
