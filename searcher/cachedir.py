"""Which folders of the user's are ours: for files that only save time, and for settings?"""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cache
from pathlib import Path

from platformdirs import user_cache_path, user_config_path


def lasting_cache_dir() -> Path:
    """Return the platform's cache folder for this program; it need not exist, nor be writable."""
    return user_cache_path("policy-search", appauthor=False)


@cache
def private_cache_dir() -> Path:
    """Return a folder that only this user can write: the platform's cache folder, else a new temporary one."""
    folder = lasting_cache_dir()
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    import tempfile  # seldom needed, and slow to import

    return Path(tempfile.mkdtemp(prefix="policy-search-"))


def config_dir() -> Path:
    """Return the platform's folder for this program's settings; it need not exist."""
    return user_config_path("policy-search", appauthor=False)
