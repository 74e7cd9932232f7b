"""How do tests call the command line, as a process of its own, or by the fixture ``run``?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "corpus"


@dataclass(frozen=True)
class Said:
    """What a call printed, and its exit status."""

    status: int
    out: str
    err: str


Run = Callable[..., Said]


def call(
    *args: str | bytes, folder: Path, check: int | None = None, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run policy-search in a folder; with ``check``, hold its exit status to it."""
    command = [sys.executable, "-c", "from searcher.cli import main; main()", *args]
    done = subprocess.run(
        command, cwd=folder, env=os.environ | environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if check is not None:
        assert done.returncode == check, (args, done.returncode, done.stdout.decode(), done.stderr.decode())
    return done


def out(*args: str | bytes, folder: Path, check: int = 0, **environment: str) -> str:
    """Run policy-search and return its stdout as text."""
    return call(*args, folder=folder, check=check, **environment).stdout.decode("utf-8")


def err(*args: str | bytes, folder: Path, check: int = 2, **environment: str) -> str:
    """Run policy-search, see that nothing is on stdout, and return its stderr as text."""
    done = call(*args, folder=folder, check=check, **environment)
    assert done.stdout == b""
    return done.stderr.decode("utf-8")


def with_samples(folder: Path, *names: str) -> Path:
    """Put sample documents (all of them, or these) into ``folder/corpus``; return the folder."""
    if not names:
        shutil.copytree(SAMPLES, folder / "corpus")
    for name in names:
        (folder / "corpus").mkdir(exist_ok=True)
        shutil.copy2(SAMPLES / name, folder / "corpus" / name)
    return folder
