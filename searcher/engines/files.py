"""What do engines do alike with their files?"""

from __future__ import annotations

import os
from pathlib import Path

from searcher.errors import IndexDamagedError


def sync(file: Path) -> None:
    """Bring a file to the disk."""
    with file.open("rb+") as handle:
        os.fsync(handle.fileno())


def damaged(folder: Path, what: str) -> IndexDamagedError:
    """Return the error that says what is wrong with the files in an engine's folder."""
    return IndexDamagedError(
        f"the index in {folder} is damaged: {what}", hint="Make it anew: policy-search rebuild FOLDER"
    )
