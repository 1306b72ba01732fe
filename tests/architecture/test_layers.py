"""The layers of `pyproject.toml` hold."""

import subprocess
import sys

from tests.conftest import ROOT


def test_every_import_respects_the_layers():
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
