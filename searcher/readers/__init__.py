"""What text is in this file?

``read`` takes a path and gives its ``Source``s; ``content`` and ``parse`` are its two halves. One file of this
folder for each format.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path, PurePath
from shutil import which

from searcher.errors import ReadError, UnsupportedFormatError
from searcher.models import DEFAULT_OPTIONS, ReadOptions, Source
from searcher.readers.markdown import read_markdown
from searcher.readers.sniff import MISLEADING, ending_of
from searcher.readers.text import read_text

__all__ = ["SUFFIXES", "content", "is_document", "parse", "read"]


_Reader = Callable[[bytes, str, ReadOptions], Iterable[Source]]


# Each imports its reader when it is needed: lxml and trafilatura take a second, and a text file must not wait for them.


def _text(data: bytes, name: str, _: ReadOptions) -> Iterable[Source]:
    return (read_text(data, name=name),)


def _markdown(data: bytes, name: str, _: ReadOptions) -> Iterable[Source]:
    return (read_markdown(data, name=name),)


def _html(data: bytes, name: str, _: ReadOptions) -> Iterable[Source]:
    from searcher.readers.html import read_html

    return (read_html(data, name=name),)


def _json(data: bytes, name: str, options: ReadOptions) -> Iterable[Source]:
    from searcher.readers.jsonl import read_json

    return read_json(data, name=name, options=options)


def _json_lines(data: bytes, name: str, options: ReadOptions) -> Iterable[Source]:
    from searcher.readers.jsonl import read_json_lines

    return read_json_lines(data, name=name, options=options)


def _csv(data: bytes, name: str, options: ReadOptions) -> Iterable[Source]:
    from searcher.readers.csv import read_csv

    return read_csv(data, name=name, options=options)


def _xlsx(data: bytes, name: str, options: ReadOptions) -> Iterable[Source]:
    from searcher.readers.xlsx import read_xlsx

    return read_xlsx(data, name=name, options=options)


def _pdf(data: bytes, name: str, options: ReadOptions) -> Iterable[Source]:
    from searcher.readers.pdf import read_pdf

    return (read_pdf(data, name=name, options=options),)


def _image(data: bytes, name: str, options: ReadOptions) -> Iterable[Source]:
    from searcher.readers.image import read_image

    return (read_image(data, name=name, options=options),)


def _archive(data: bytes, name: str, options: ReadOptions) -> Iterable[Source]:
    from searcher.readers.archive import read_archive

    return read_archive(data, name=name, options=options, parse=parse, wanted=is_document)


def _mht(data: bytes, name: str, _: ReadOptions) -> Iterable[Source]:
    from searcher.readers.mht import read_mht

    return (read_mht(data, name=name),)


def _docx(data: bytes, name: str, options: ReadOptions) -> Iterable[Source]:
    from searcher.readers.docx import read_docx

    return (read_docx(data, name=name, options=options),)


def _legacy(data: bytes, name: str, options: ReadOptions) -> Iterable[Source]:
    from searcher.readers.legacy import read_legacy

    return (read_legacy(data, name=name, options=options),)


def _ofd(data: bytes, name: str, options: ReadOptions) -> Iterable[Source]:
    from searcher.readers.ofd import read_ofd

    return (read_ofd(data, name=name, options=options),)


def _rtf(data: bytes, name: str, _: ReadOptions) -> Iterable[Source]:
    from searcher.readers.rtf import read_rtf

    return (read_rtf(data, name=name),)


def _epub(data: bytes, name: str, options: ReadOptions) -> Iterable[Source]:
    from searcher.readers.epub import read_epub

    return (read_epub(data, name=name, options=options),)


# Most images that lie in folders are ornaments of saved pages: they are read only where they are named themselves.
_IMAGES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"})

_READERS: Mapping[str, _Reader] = {
    **dict.fromkeys((".txt", ".text"), _text),
    **dict.fromkeys((".md", ".markdown"), _markdown),
    **dict.fromkeys((".mht", ".mhtml"), _mht),
    **dict.fromkeys((".docx", ".docm", ".dotx", ".dotm"), _docx),
    **dict.fromkeys((".doc", ".dot", ".wps", ".wpt", ".odt"), _legacy),
    ".rtf": _rtf,
    ".pdf": _pdf,
    ".ofd": _ofd,
    **dict.fromkeys(_IMAGES, _image),
    ".epub": _epub,
    **dict.fromkeys((".html", ".htm", ".shtml", ".xhtml", ".jsp", ".php", ".asp", ".aspx"), _html),
    ".json": _json,
    **dict.fromkeys((".jsonl", ".ndjson"), _json_lines),
    **dict.fromkeys((".csv", ".tsv"), _csv),
    **dict.fromkeys((".xlsx", ".xlsm"), _xlsx),
    **dict.fromkeys((".zip", ".tar", ".tgz", ".gz"), _archive),
}
SUFFIXES = frozenset(_READERS)
"""The file name endings that can be read, in lower case, with their dot."""


# Formats that hold documents and have no reader: met in a folder, they are reported and not passed over.
_UNREAD = {
    ".caj",
    ".xls", ".et", ".ppt", ".pptx", ".dps", ".xml", ".rar", ".7z", ".bz2", ".xz",
}  # fmt: skip
_HINTS = {
    **dict.fromkeys((".xls", ".et"), "save it as .xlsx or CSV"),
    **dict.fromkeys((".rar", ".7z", ".bz2", ".xz"), "unpack it, and index the folder"),
}


def is_document(path: PurePath) -> bool:
    """Tell by its name whether a file found in a folder may be a document, whether it can be read or not.

    Images are none, though they can be read: scans and ornaments have the same names.
    """
    return path.suffix.lower() in (SUFFIXES - _IMAGES) | _UNREAD


MAY_HOLD_RECORDS = frozenset({
    ".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".xlsx", ".xlsm", ".zip", ".tar", ".tgz", ".gz",
})  # fmt: skip
"""The endings of files that may call their fields by names of their own."""


def abilities() -> str:
    """Name what is installed that some formats need, for a file that could not be read to be read again with it."""
    packages = ("pypdfium2", "docx", "striprtf", "ofdkit", "openpyxl", "rapidocr", "onnxruntime")
    programs = ("soffice", "libreoffice")
    found = [name for name in packages if find_spec(name)] + [name for name in programs if which(name)]
    return " ".join(found)


def read(path: Path, *, name: str | None = None, options: ReadOptions = DEFAULT_OPTIONS) -> tuple[Source, ...]:
    """Read one file: a source for each document, record or member in it.

    ``name`` is what ``Source.path`` shall say, by default the path. An empty text file gives a source without lines.
    Raises ReadError where the file is missing, not a regular file or not to be opened, UnsupportedFormatError and
    DecodingError where its content cannot be read.
    """
    try:
        return tuple(parse(content(path, most=options.max_bytes), path=path, name=name, options=options))
    except ReadError as error:
        raise type(error)(f"{path}: {error.message}", hint=error.hint) from error


def content(path: Path, *, most: int = DEFAULT_OPTIONS.max_bytes) -> bytes:
    """Return the bytes of a regular file of at most so many. Raises ReadError; its message leaves out the path."""
    try:
        # asked before opening: opening a FIFO waits for a writer
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ReadError("not a regular file")
        if status.st_size > most:
            raise ReadError(
                f"{status.st_size / 1e6:,.0f} MB, more than the {most / 1e6:,.0f} MB that a file may have",
                hint="allow more with --max-size, or split it",
            )
        with path.open("rb") as file:
            data = file.read(most + 1)
        if len(data) > most:
            raise ReadError("it grows beyond what a file may have", hint="allow more with --max-size, or split it")
        return data
    except FileNotFoundError as error:
        raise ReadError("no such file") from error
    except PermissionError as error:
        raise ReadError("not allowed to read it", hint="check the permissions of the file") from error
    except (OSError, ValueError) as error:
        raise ReadError(getattr(error, "strerror", None) or str(error)) from error


def parse(
    data: bytes, *, path: PurePath, name: str | None = None, options: ReadOptions = DEFAULT_OPTIONS
) -> Iterator[Source]:
    """Read the bytes of the file ``path``, as ``read`` does, one source after the other.

    Raises the same, with messages that leave out the path, also after the first sources of a file of many.
    """
    suffix = path.suffix.lower()
    if suffix in MISLEADING or suffix not in SUFFIXES | _UNREAD:
        # pages are saved under any name: page.do, index.cgi, 12345
        suffix = ending_of(data) or suffix
    reader = _READERS.get(suffix)
    if reader is None:
        raise UnsupportedFormatError(
            f"no reader for {suffix or 'a name without an ending'}",
            hint=_HINTS.get(suffix, "convert it to text, Markdown or HTML"),
        )
    yield from reader(data, str(path) if name is None else name, options)
