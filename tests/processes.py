"""How do tests run the command line as a process of its own?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_MAIN = "import sys; from searcher.cli import main; main(sys.argv[1:])"


def started(*args: str | Path, folder: Path) -> subprocess.Popen[str]:
    """Start ``policy-search`` in a folder and go on."""
    return subprocess.Popen(
        [sys.executable, "-c", _MAIN, *map(str, args)],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def finished(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Wait for a process; return its exit status, stdout and stderr."""
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def run(*args: str | Path, folder: Path) -> tuple[int, str, str]:
    """Run ``policy-search`` in a folder; return its exit status, stdout and stderr."""
    return finished(started(*args, folder=folder))


def bound_by_modes() -> list[str]:
    """Return how to start a process that file modes bind; they bind everybody but root."""
    if os.name != "posix":
        pytest.skip("folders that cannot be written are made by their mode")
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("runs as root, and there is no setpriv to give the rights up")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
