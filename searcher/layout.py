"""Where do the files of an index lie, and who may write to them?

index/
  CURRENT              the name of the generation that is in use; replaced by one atomic rename
  generation-000001/   articles.db and the engine's folder
  writer.lock          held while somebody writes; the system lets go of it when that process ends
  writer.json          who that is, for the message that others get
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from searcher.errors import IndexDamagedError, IndexFolderError, IndexLockedError, IndexNotFoundError

_CURRENT = "CURRENT"
_LOCK, _HOLDER = "writer.lock", "writer.json"
_GENERATION = "generation-"
_OWN = (_CURRENT, _LOCK, _HOLDER, _GENERATION)
_HARMLESS = {".gitignore", ".gitkeep", "README.md", ".DS_Store"}

LOCK_SECONDS = 5.0


def exists(folder: Path) -> bool:
    """Tell whether a folder holds an index."""
    return (folder / _CURRENT).is_file()


def current(folder: Path) -> Path:
    """Return the folder of the generation in use. Raises IndexNotFoundError and IndexDamagedError."""
    try:
        name = (folder / _CURRENT).read_text("utf-8", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexNotFoundError(
            f"there is no index in {folder}", hint="Make one with: policy-search index FOLDER"
        ) from error
    except OSError as error:
        raise IndexDamagedError(
            f"the index in {folder} cannot be read: {error.strerror or error}", hint="Check its permissions."
        ) from error
    if not name.startswith(_GENERATION) or Path(name).name != name:
        raise IndexDamagedError(
            f"{folder / _CURRENT} does not name a generation",
            hint="Make the index anew: policy-search rebuild FOLDER",
        )
    return folder / name


def prepare(folder: Path) -> None:
    """Make the folder, or see that it can hold an index. Raises IndexFolderError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        foreign = sorted(
            entry.name for entry in folder.iterdir() if not entry.name.startswith(_OWN) and entry.name not in _HARMLESS
        )
    except OSError as error:
        raise IndexFolderError(
            f"{folder} cannot hold an index: {error.strerror or error}",
            hint="Choose another folder with --index DIR or POLICY_SEARCH_INDEX.",
        ) from error
    if foreign and not exists(folder):
        raise IndexFolderError(
            f"{folder} is no index and holds other files ({', '.join(foreign[:3])}{', …' if len(foreign) > 3 else ''})",
            hint="Choose an empty folder, or one that is not there yet, with --index DIR.",
        )


def new_generation(folder: Path) -> Path:
    """Make the folder of a generation that nobody uses yet; only while holding the lock."""
    numbers = [int(path.name.removeprefix(_GENERATION)) for path in generations(folder)]
    path = folder / f"{_GENERATION}{max(numbers, default=0) + 1:06}"
    path.mkdir()
    return path


def generations(folder: Path) -> list[Path]:
    """Return the folders of all generations: the one in use, and what a killed process left."""
    found = (path for path in folder.iterdir() if path.name.startswith(_GENERATION))
    return sorted(path for path in found if path.name.removeprefix(_GENERATION).isdecimal())


def use(folder: Path, generation: Path) -> None:
    """Let readers use a generation from now on, and delete the others; only while holding the lock."""
    for made in (*(inner for inner in generation.iterdir() if inner.is_dir()), generation):
        sync_folder(made)
    temporary = folder / f"{_CURRENT}.new"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(generation.name + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / _CURRENT)
    sync_folder(folder)
    clear(folder)


def clear(folder: Path) -> None:
    """Delete the generations that are not in use; only while holding the lock."""
    try:
        used = current(folder) if exists(folder) else None
    except IndexDamagedError:  # any of them may be wanted to mend it
        return
    import shutil  # whoever only reads deletes nothing

    for path in generations(folder):
        if path != used:
            shutil.rmtree(path, ignore_errors=True)  # a reader on Windows may hold it; the next writer tries again


def sync_folder(folder: Path) -> None:
    """See that the names of new files in a folder outlast a loss of power."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the index's lock, with what a killed process left cleared away.

    Raises IndexLockedError, naming the holder, after waiting in vain.
    """
    from filelock import FileLock, Timeout  # a search must not wait for it

    prepare(folder)
    lock = FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=LOCK_SECONDS, poll_interval=0.05)
    except Timeout as error:
        raise IndexLockedError(
            f"another process is writing to {folder}{_holder(folder)}",
            hint="Wait until it is done, then try again.",
        ) from error
    except OSError as error:
        raise IndexFolderError(
            f"{folder} cannot be written: {error.strerror or error}",
            hint="Check its permissions, or choose another folder with --index DIR.",
        ) from error
    import socket  # whoever only reads has no use for it

    holder = folder / _HOLDER
    try:
        since = time.strftime("%Y-%m-%d %H:%M:%S")
        holder.write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": since}), "utf-8")
        clear(folder)
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _holder(folder: Path) -> str:
    """Return who holds the lock, as far as can be told."""
    try:
        who = json.loads((folder / _HOLDER).read_text("utf-8"))
        return f": process {who['pid']} on {who['host']}, since {who['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
