"""Which folders of the user's are ours: for files that only save time, and for settings?"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

_NAME = "policy-search"


def lasting_cache_dir() -> Path:
    """Return the platform's cache folder for this program; it need not exist, nor be writable."""
    if sys.platform == "linux":
        return _by_xdg("XDG_CACHE_HOME", ".cache")
    from platformdirs import user_cache_path

    return user_cache_path(_NAME, appauthor=False)


def _by_xdg(variable: str, usual: str) -> Path:
    """Return a folder of ours as the XDG Base Directory Specification has it, version 0.8.

    That is what platformdirs does on Linux, but every search would wait for it to be loaded.
    """
    given = Path(os.environ.get(variable, "").strip())
    return (given if given.is_absolute() else Path.home() / usual) / _NAME


@cache
def private_cache_dir() -> Path:
    """Return a folder that only this user can write: the platform's cache folder, else a new temporary one."""
    folder = lasting_cache_dir()
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    import tempfile  # seldom needed, and slow to import

    return Path(tempfile.mkdtemp(prefix=f"{_NAME}-"))


def config_dir() -> Path:
    """Return the platform's folder for this program's settings; it need not exist."""
    if sys.platform == "linux":
        return _by_xdg("XDG_CONFIG_HOME", ".config")
    from platformdirs import user_config_path

    return user_config_path(_NAME, appauthor=False)
