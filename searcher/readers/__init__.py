"""What text is in this file?

``read`` takes a path and gives a ``Source``; ``content`` and ``parse`` are its two halves. One file of this
folder for each format.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from searcher.errors import ReadError, UnsupportedFormatError
from searcher.models import Source
from searcher.readers.markdown import read_markdown
from searcher.readers.text import read_text

__all__ = ["SUFFIXES", "content", "is_document", "parse", "read"]


class _Reader(Protocol):
    def __call__(self, data: bytes, *, name: str) -> Source: ...


def _read_html(data: bytes, *, name: str) -> Source:
    # lxml and trafilatura take a second to import: a text file must not wait for them
    from searcher.readers.html import read_html

    return read_html(data, name=name)


_READERS: Mapping[str, _Reader] = {
    **dict.fromkeys((".txt", ".text"), read_text),
    **dict.fromkeys((".md", ".markdown"), read_markdown),
    **dict.fromkeys((".html", ".htm", ".shtml", ".xhtml", ".jsp", ".php", ".asp", ".aspx"), _read_html),
}
SUFFIXES = frozenset(_READERS)
"""The file name endings that can be read, in lower case, with their dot."""


_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_PAGE_HEAD = 2048  # bytes

# Formats that hold documents and have no reader: met in a folder, they are reported and not passed over.
_UNREAD = {
    ".pdf", ".doc", ".docx", ".wps", ".wpt", ".ofd", ".rtf", ".odt", ".epub", ".mht", ".mhtml", ".caj",
    ".xls", ".xlsx", ".et", ".csv", ".ppt", ".pptx", ".dps", ".json", ".jsonl", ".xml",
    ".zip", ".rar", ".7z", ".tar", ".gz", ".tgz",
}  # fmt: skip


def is_document(path: Path) -> bool:
    """Tell by its name whether a file found in a folder may be a document, whether it can be read or not."""
    return path.suffix.lower() in SUFFIXES | _UNREAD


def read(path: Path, *, name: str | None = None) -> Source:
    """Read one file; ``name`` is what ``Source.path`` shall say, by default the path.

    An empty file gives a source without lines. Raises ReadError where the file is missing, not a regular
    file or not to be opened, UnsupportedFormatError and DecodingError where its content cannot be read.
    """
    try:
        return parse(content(path), path=path, name=name)
    except ReadError as error:
        raise type(error)(f"{path}: {error.message}", hint=error.hint) from error


def content(path: Path) -> bytes:
    """Return the bytes of a regular file. Raises ReadError; its message leaves out the path."""
    try:
        # asked before opening: opening a FIFO waits for a writer
        if not stat.S_ISREG(path.stat().st_mode):
            raise ReadError("not a regular file")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ReadError("no such file") from error
    except PermissionError as error:
        raise ReadError("not allowed to read it", hint="check the permissions of the file") from error
    except (OSError, ValueError) as error:
        raise ReadError(getattr(error, "strerror", None) or str(error)) from error


def parse(data: bytes, *, path: Path, name: str | None = None) -> Source:
    """Read the bytes of the file ``path``, as ``read`` does. Raises the same, with messages that leave out the path."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        # pages are saved under any name: page.do, index.cgi, 12345
        if path.suffix.lower() in _UNREAD or not _PAGE.search(data[:_PAGE_HEAD]):
            raise UnsupportedFormatError(
                f"no reader for {path.suffix or 'a name without an ending'}",
                hint="convert it to text, Markdown or HTML",
            )
        reader = _read_html
    return reader(data, name=str(path) if name is None else name)
