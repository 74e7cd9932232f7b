"""What files does a commit of the tantivy engine have, beside those of tantivy, and are they as they were written?"""

from __future__ import annotations

import errno
import json
import os
import re
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import tantivy
from tantivy import DocAddress

from searcher.engines.files import damaged
from searcher.engines.tantivy_queries import place_kept_as
from searcher.keys import WHOLE, key_of

MANIFEST = "manifest.json"
COLUMNS = ".columns"  # of the file with keys and lengths beside each segment
_OS_ERROR = re.compile(r"\(os error (\d+)\)")  # as Rust writes it
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_AT_ONCE = 100_000  # documents whose values are asked for together


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a commit says of its files.

    ``files`` has the size and the CRC-32 of each; ``count`` counts the live texts and ``total_length`` the code points
    of the live articles.
    """

    files: dict[str, tuple[int, int]]
    count: int = 0
    total_length: int = 0

    def write(self, folder: Path) -> None:
        """Write it into the folder of its commit."""
        values = {"files": self.files, "count": self.count, "total_length": self.total_length}
        (folder / MANIFEST).write_text(json.dumps(values), "utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read that of a commit. Raises FileNotFoundError and IndexDamagedError."""
        text = (folder / MANIFEST).read_bytes()
        try:
            values = json.loads(text)
            files = {name: (size, total) for name, (size, total) in values["files"].items()}
            return cls(files, int(values["count"]), int(values["total_length"]))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise damaged(folder.parent, f"{MANIFEST} cannot be read ({error})") from error

    def check_sizes(self, folder: Path) -> None:
        """See that the files are there, as long as they were written. Raises as ``read`` does."""
        for name, (size, _) in self.files.items():
            if (folder / name).stat().st_size != size:
                raise damaged(folder.parent, f"{name} is not as long as it was written")

    def changed(self, folder: Path, names: Iterable[str]) -> str | None:
        """Return which of these files is the first that is not as it was written; reads each as a whole."""
        return next((name for name in names if zlib.crc32((folder / name).read_bytes()) != self.files[name][1]), None)

    def check_sums(self, folder: Path, names: Iterable[str]) -> None:
        """See that these files are as they were written. Raises FileNotFoundError and IndexDamagedError."""
        if name := self.changed(folder, names):
            raise damaged(folder.parent, f"{name} is not as it was written")


@dataclass(frozen=True, slots=True)
class Columns:
    """What is known of the documents of one segment.

    ``articles`` and ``places`` are the halves of the key of each, in their order. ``wholes`` are the articles that a
    document stands for as a whole; ``lengths`` has the number of code points of each of these.
    """

    articles: array[int]
    places: array[int]
    wholes: array[int]
    lengths: array[int]

    @classmethod
    def of(cls, articles: Sequence[int], places: Sequence[int], lengths: Sequence[int]) -> Columns:
        """Return the columns of documents, of each of which the article, the place and a length are given."""
        documents = [at for at, place in enumerate(places) if place == WHOLE]
        wholes, of_wholes = ([column[at] for at in documents] for column in (articles, lengths))
        return cls(*(array("I", column) for column in (articles, places, wholes, of_wholes)))

    def keys(self) -> array[int]:
        """Return the key of each document: an article is the upper half, a place the lower."""
        halves = array("I", bytes(8 * len(self.places)))
        upper = 1 if sys.byteorder == "little" else 0
        halves[upper::2], halves[1 - upper :: 2] = self.articles, self.places
        return array("Q", halves.tobytes())

    def write(self, file: Path) -> None:
        """Write them as one compressed file, one after the other, how long they are first."""
        sizes = array("I", (len(self.places), len(self.wholes)))
        columns = (sizes, self.articles, self.places, self.wholes, self.lengths)
        file.write_bytes(zlib.compress(b"".join(column.tobytes() for column in columns)))

    @classmethod
    def read(cls, file: Path) -> Columns:
        """Read them again. Raises IndexDamagedError."""
        try:
            data = memoryview(zlib.decompress(file.read_bytes())).cast("I")
            ends = list(accumulate((data[0], data[0], data[1], data[1]), initial=2))
            return cls(*(array("I", data[start:end].tobytes()) for start, end in pairwise(ends)))
        except (zlib.error, LookupError, ValueError, TypeError) as error:
            raise damaged(file.parent.parent, f"{file.name} cannot be read ({error})") from error


class Opened:
    """A tantivy index as it is now."""

    def __init__(self, folder: Path) -> None:
        with ExitStack() as made:
            # tantivy makes a lock where it opens an index, also to read it only.
            place = str(folder) if os.access(folder, os.W_OK) else made.enter_context(_linked(folder))
            with telling(folder):
                self.index = tantivy.Index.open(place)
                self.index.config_reader(reload_policy="manual")  # else a thread watches the folder
                self.searcher: Any = self.index.searcher()  # its type leaves members out
                self.schema = self.index.schema
            self._made = made.pop_all()

    def close(self) -> None:
        """Take away what was made to open it."""
        self._made.close()

    def column(self, name: str, count: int) -> list[int]:
        """Return the values of a field for so many documents of the first segment, 0 where there is none."""
        values: list[int] = []
        for start in range(0, count, _AT_ONCE):
            addresses = [DocAddress(0, document) for document in range(start, min(count, start + _AT_ONCE))]
            values += [value or 0 for value in self.searcher.fast_field_values(name, addresses)]
        return values

    def first_keys(self) -> list[int]:
        """Return the key of the first document of each segment; some other where its numbers are lost."""
        addresses = [DocAddress(segment, 0) for segment in range(self.searcher.num_segments)]
        values = (self.searcher.fast_field_values(name, addresses) for name in ("article", "place"))
        return [key_of(article or 0, place_kept_as(place or 0)) for article, place in zip(*values, strict=True)]


@contextmanager
def _linked(folder: Path) -> Iterator[str]:
    """Give a folder for as long as it is needed that may be written to, with links to the files of another."""
    from tempfile import TemporaryDirectory  # seldom needed, and slow to import

    with TemporaryDirectory(prefix="policy-search-") as beside:
        for file in folder.iterdir():
            Path(beside, file.name).symlink_to(file.absolute())
        yield beside


@contextmanager
def telling(folder: Path) -> Iterator[None]:
    """Turn what tantivy raises where its files are not as it wrote them into an IndexDamagedError.

    Raises OSError where there is no room for what it writes.
    """
    try:
        yield
    except (ValueError, OverflowError, OSError) as error:
        if (code := _OS_ERROR.search(str(error))) and int(code[1]) in _NO_ROOM:
            raise OSError(int(code[1]), os.strerror(int(code[1])), str(folder)) from error
        raise damaged(folder.parent, str(error)) from error
    except BaseException as error:
        # A panic of Rust; its class belongs to no module and derives from BaseException.
        if type(error).__name__ != "PanicException":
            raise
        raise damaged(folder.parent, str(error)) from error
