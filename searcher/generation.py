"""How is a generation of an index made, and how is the current one opened?"""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from searcher import engines, layout
from searcher.analyzer import fingerprint
from searcher.engines import Reader
from searcher.errors import IndexDamagedError, IndexStaleError
from searcher.store import FILE_NAME, Store

ENGINE_FOLDER = "engine"
FORMAT = "11"  # of the database and the keys; another one cannot be read

_ATTEMPTS, _SAME_ATTEMPTS = 20, 4  # to open what a writer may be changing


def make(folder: Path, engine: str) -> Path:
    """Make a generation with nothing in it; readers do not see it yet. Only while holding the lock."""
    made = engines.load(engine)
    path = layout.new_generation(folder)
    store = Store.create(path / FILE_NAME)
    store.begin()
    stamp = {
        "format": FORMAT,
        "engine": engine,
        "analyzer": fingerprint(),
        "created": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    }
    for name, value in stamp.items():
        store.set_meta(name, value)
    with made.writer(path / ENGINE_FOLDER, None) as writer:
        store.set_meta("commit", writer.commit())
    store.commit()
    store.close()
    return path


def open_current(folder: Path) -> tuple[Path, Store, Reader]:
    """Open what is current; a writer may take it away between two steps, so try again, above all what has changed."""
    failed: Counter[str] = Counter()
    while True:
        generation = layout.current(folder)
        try:
            return generation, *_open_generation(generation)
        except (FileNotFoundError, sqlite3.OperationalError) as error:
            reason = f"{generation.name}: {error}"
            failed[reason] += 1
            if failed[reason] == _SAME_ATTEMPTS or failed.total() == _ATTEMPTS:
                raise IndexDamagedError(
                    f"files of the index in {folder} are missing: {error}",
                    hint="Make it anew: policy-search rebuild FOLDER",
                ) from error
            time.sleep(0.02 * failed.total())
        except sqlite3.DatabaseError as error:
            raise IndexDamagedError(
                f"the index in {folder} is damaged: {error}",
                hint="Make it anew: policy-search rebuild FOLDER",
            ) from error


def _open_generation(generation: Path) -> tuple[Store, Reader]:
    with ExitStack() as stack:
        store = Store(generation / FILE_NAME)
        stack.callback(store.close)
        if store.meta("format") != FORMAT:
            raise IndexStaleError(
                f"the index in {generation.parent} was built by another version",
                hint="Make it anew: policy-search rebuild FOLDER",
            )
        engine = engines.load(store.meta("engine") or "")
        reader = engine.open(generation / ENGINE_FOLDER, store.meta("commit") or "")
        stack.pop_all()
    return store, reader
