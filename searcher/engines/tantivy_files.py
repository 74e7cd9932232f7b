"""What files does a commit of the tantivy engine have, beside those of tantivy, and are they as they were written?"""

from __future__ import annotations

import errno
import json
import os
import re
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from operator import sub
from pathlib import Path
from typing import Any

import tantivy
from tantivy import DocAddress

from searcher.engines.files import damaged
from searcher.engines.tantivy_queries import place_kept_as
from searcher.keys import FRONT, key_of, place_of

MANIFEST = "manifest.json"
COLUMNS = ".columns"  # of the file with keys and lengths beside each segment
_OS_ERROR = re.compile(r"\(os error (\d+)\)")  # as Rust writes it
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_RANGE = 8 + 4 + 4  # bytes in the three columns
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
    """What is known of the documents of one segment, in their order.

    Documents of an article whose keys follow on one another are a range: ``firsts`` has the key of the first of each
    range, ``sizes`` the number of its documents. ``lengths`` has, for each range, the length of an article where it is
    the document that stands for that article, else 0.
    """

    firsts: array[int]
    sizes: array[int]
    lengths: array[int]

    @classmethod
    def of(cls, keys: Sequence[int], lengths: Sequence[int]) -> Columns:
        """Return the columns of documents with these keys; ``lengths`` has a number for each of them."""
        breaks = [at for at, (one, two) in enumerate(pairwise(keys), 1) if two != one + 1 or place_of(two) == FRONT]
        starts = [0, *breaks] if keys else []
        sizes = map(sub, [*breaks, len(keys)], starts)
        firsts, of_ranges = ([column[start] for start in starts] for column in (keys, lengths))
        return cls(array("Q", firsts), array("I", sizes), array("I", of_ranges))

    def write(self, file: Path) -> None:
        """Write them as one compressed file, one after the other."""
        columns = (self.firsts, self.sizes, self.lengths)
        file.write_bytes(zlib.compress(b"".join(column.tobytes() for column in columns)))

    @classmethod
    def read(cls, file: Path) -> Columns:
        """Read them again. Raises IndexDamagedError."""
        columns = cls(array("Q"), array("I"), array("I"))
        try:
            data = memoryview(zlib.decompress(file.read_bytes()))
            number = len(data) // _RANGE
            for column, start, end in zip(
                (columns.firsts, columns.sizes, columns.lengths), (0, 8, 12), (8, 12, _RANGE), strict=True
            ):
                column.frombytes(data[start * number : end * number])
        except (zlib.error, ValueError) as error:
            raise damaged(file.parent.parent, f"{file.name} cannot be read ({error})") from error
        return columns


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
