"""Which documents are in this archive?

Members of .zip, .tar, .tgz and .gz files are read in memory, one after the other, each as a file of its name would be.
Nothing is ever written to a disk, so that names are labels and no places. A member that cannot be read is told in
``Source.failures``; the others are read.
"""

from __future__ import annotations

import gzip
import io
import re
import tarfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import Protocol

from searcher.errors import ReadError
from searcher.models import Failure, ReadOptions, Source
from searcher.readers.package import MOST_MEMBERS, Budget, member_name, open_package

ENDINGS = (".zip", ".tar", ".tgz", ".gz")
"""The endings of archives, in lower case."""

_CHUNK = 1 << 20
_SEPARATORS = re.compile(r"[/\\]+")
_DRIVE = re.compile(r"[A-Za-z]:")
_ANEW = "get the file anew, or repair it"

# What the bytes say goes before what the name says.
_ZIP, _GZIP, _TAR, _TAR_AT = b"PK", b"\x1f\x8b", b"ustar", 257

_Member = tuple[str, Callable[[], bytes]]


class Parse(Protocol):
    """How the bytes of a member are read: ``searcher.readers.parse``."""

    def __call__(self, data: bytes, *, path: PurePosixPath, name: str, options: ReadOptions) -> Iterable[Source]:
        """Yield the sources in ``data``. Raises ReadError."""
        ...


@dataclass(frozen=True, slots=True)
class _Reading:
    """What holds for all archives that lie in one file."""

    options: ReadOptions
    budget: Budget
    parse: Parse
    wanted: Callable[[PurePosixPath], bool]


def read_archive(
    data: bytes, *, name: str, options: ReadOptions, parse: Parse, wanted: Callable[[PurePosixPath], bool]
) -> Iterator[Source]:
    """Yield what ``parse`` reads in each member that is ``wanted`` by its name, as ``a.zip!b.txt``.

    Hidden members are passed over. All members, those of archives in the archive included, may unpack to
    ``options.max_bytes`` together. Raises ReadError where the archive itself cannot be read.
    """
    reading = _Reading(options, Budget(options.max_bytes), parse, wanted)
    yield from _read(data, name, reading, inside=False)


def _read(data: bytes, name: str, reading: _Reading, *, inside: bool) -> Iterator[Source]:
    count: Counter[str] = Counter()
    for raw, content in _members(data, name, reading.budget):
        shown = _shown(raw)
        path = PurePosixPath(shown)
        if any(part.startswith((".", "__MACOSX")) for part in path.parts) or not reading.wanted(path):
            continue
        count[shown] += 1
        place = f"{name}!{shown}" + (f"#{count[shown]}" if count[shown] > 1 else "")
        try:
            yield from _member(content(), path, place, reading, inside=inside)
        except ReadError as error:
            yield _failed(place, error)
        except Exception as error:  # noqa: BLE001  # a mistake in a reader costs its member only
            told = ReadError(
                f"its reader failed ({type(error).__name__}: {error})", hint="convert it, and index it alone"
            )
            yield _failed(place, told)
        if reading.budget.exceeded:
            yield _failed(name, ReadError("it unpacks to more than a file may have: the rest of it was not read"))
            return


def _member(data: bytes, path: PurePosixPath, place: str, reading: _Reading, *, inside: bool) -> Iterator[Source]:
    if path.suffix.lower() not in ENDINGS:
        yield from reading.parse(data, path=path, name=place, options=reading.options)
    elif inside:
        raise ReadError("an archive in an archive in an archive", hint="unpack it, and index what was in it")
    else:
        yield from _read(data, place, reading, inside=True)


def _failed(place: str, error: ReadError) -> Source:
    return Source(place, "archive", "", (), failures=(Failure(place, error.message, error.hint),))


def _shown(name: str) -> str:
    """Return a member's name as a plain relative path, whatever tricks it plays."""
    parts = _SEPARATORS.split("".join(c if c.isprintable() else "_" for c in _DRIVE.sub("", name, count=1)))
    return "/".join(part for part in parts if part not in ("", ".", "..")) or "_"


# --- formats ---


def _members(data: bytes, name: str, budget: Budget) -> Iterator[_Member]:
    """Yield the name of each member and what gives its bytes, where they are wanted. Raises ReadError, as that does."""
    ending = PurePosixPath(name).suffix.lower()
    if data.startswith(_ZIP) or (ending == ".zip" and not data.startswith(_GZIP)):
        yield from _zip_members(data, budget)
    elif not data.startswith(_GZIP) and ending == ".tar":
        yield from _tar_members(data)
    elif (content := _gunzip(data, budget))[_TAR_AT:].startswith(_TAR):
        yield from _tar_members(content)
    else:
        yield PurePosixPath(_SEPARATORS.split(name)[-1].rpartition("!")[2]).stem, lambda: content


def _zip_members(data: bytes, budget: Budget) -> Iterator[_Member]:
    package = open_package(data, ReadOptions(), budget=budget)
    for place, name in enumerate(package.places):
        yield name, partial(package.read_place, place)


def _gunzip(data: bytes, budget: Budget) -> bytes:
    pieces = []
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            while piece := stream.read(_CHUNK):
                budget.take(len(piece))
                pieces.append(piece)
    except (EOFError, OSError, zlib.error) as error:
        raise ReadError(f"not a whole gzip file: {error}", hint=_ANEW) from error
    return b"".join(pieces)


def _tar_members(data: bytes) -> Iterator[_Member]:
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:", encoding="utf-8", errors="surrogateescape") as archive:
            for number, member in enumerate(archive):
                if number == MOST_MEMBERS:
                    raise ReadError(f"it has more than {MOST_MEMBERS:,} members", hint="split it")
                if member.isreg():
                    name = member_name(member.name.encode("utf-8", "surrogateescape"))
                    yield name, partial(_tar_content, archive, member, most=len(data))
    except (tarfile.TarError, EOFError, OSError, ValueError, OverflowError) as error:
        raise ReadError(f"not a whole TAR file: {error}", hint=_ANEW) from error


def _tar_content(archive: tarfile.TarFile, member: tarfile.TarInfo, *, most: int) -> bytes:
    if member.size > most:  # a sparse member may have any length
        raise ReadError("it is longer than the whole archive", hint="unpack it, and index what was in it")
    stream = archive.extractfile(member)
    return stream.read() if stream else b""
