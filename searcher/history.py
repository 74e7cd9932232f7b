"""What was looked for in an index before? Remembered in the user's own folder, for searches within results."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from searcher.cachedir import lasting_cache_dir
from searcher.details import Earlier

USUAL: dict[str, Any] = {field.name: field.default for field in fields(Earlier)}
OPTIONS = {"since": "--since", "until": "--until", "issuer": "--issuer", "where": "--in", "within": "--within"}


def _file(index: Path) -> Path:
    name = hashlib.blake2b(os.fsencode(index.resolve()), digest_size=12).hexdigest()
    return lasting_cache_dir() / "searches" / f"{name}.json"


def remember(index: Path, searches: Sequence[Earlier]) -> None:
    """Keep the last search in an index, behind those within whose results it looked, if the folder can be written."""
    text = json.dumps([asdict(search) for search in searches])
    file = _file(index)
    beside = file.with_suffix(f".{os.getpid()}")
    with suppress(OSError):  # the search itself is answered all the same
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.write_text(text, "utf-8")
        beside.replace(file)


def last(index: Path) -> tuple[Earlier, ...]:
    """Return the last search in an index behind those that it looked within; empty where none is known."""
    try:
        return tuple(Earlier(**search) for search in json.loads(_file(index).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return ()


def given(search: Earlier) -> dict[str, Any]:
    """Return the options that bounded a search, by their names: those that are not as usual."""
    values = {name: getattr(search, name) for name in OPTIONS}
    return {name: value for name, value in values.items() if value != USUAL[name]}


def described(search: Earlier) -> str:
    """Return a search as it was typed: its query, and the options that bounded it."""
    options = [f"{OPTIONS[name]} {value}" for name, value in given(search).items()]
    return " ".join([search.query, *options, *([] if search.expand else ["--no-expand"])])
