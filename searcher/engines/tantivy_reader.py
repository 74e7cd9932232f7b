"""How is a commit of the tantivy engine read?

tantivy finds; what it finds comes out as document addresses. What ranking asks of every document (its key and its
length) lies in arrays beside each segment, so that opening an index reads nothing document by document.
"""

from __future__ import annotations

import json
import os
import sys
import zlib
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import tantivy
from tantivy import DocAddress, Query

from searcher.analyzer import BREAK
from searcher.engines import Field, Postings
from searcher.errors import IndexDamagedError
from searcher.keys import FIRST_PARAGRAPH, place_of

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

MANIFEST = "manifest.json"
COLUMNS = ".columns"  # of the file with keys and lengths beside each segment
_BITS = "ABCDEFGHIJKLMNOPQRSTUVWX"  # of a frequency less one
_LONGEST = 65_000  # bytes of a term; tantivy leaves out what is longer


def term(unit: str) -> str:
    """Return what a unit is called in the index: itself, unless it is too long for a term."""
    if len(unit) * 4 <= _LONGEST or len(unit.encode("utf-8", "surrogatepass")) <= _LONGEST:
        return unit
    return "\x00" + blake2b(unit.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


def _is_utf_8(unit: str) -> bool:
    """Tell whether a text may be a term: lone surrogates are in no text."""
    try:
        unit.encode()
    except UnicodeEncodeError:
        return False
    return bool(unit)


def often(name: str, bit: int) -> str:
    """Return the term of documents whose frequency of the word of this term, less one, has this bit."""
    return _BITS[bit] + name


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a commit says of its files.

    ``files`` has the size and the CRC-32 of each; ``total_length`` counts the words of the live documents.
    """

    files: dict[str, tuple[int, int]]
    total_length: int = 0

    def write(self, folder: Path) -> None:
        """Write it into the folder of its commit."""
        values = {"files": self.files, "total_length": self.total_length}
        (folder / MANIFEST).write_text(json.dumps(values), "utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read that of a commit. Raises FileNotFoundError and IndexDamagedError."""
        text = (folder / MANIFEST).read_bytes()
        try:
            values = json.loads(text)
            files = {name: (size, total) for name, (size, total) in values["files"].items()}
            return cls(files, int(values["total_length"]))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise damaged(folder, f"{MANIFEST} cannot be read ({error})") from error

    def check_sizes(self, folder: Path) -> None:
        """See that the files are there, as long as they were written. Raises as ``read`` does."""
        for name, (size, _) in self.files.items():
            if (folder / name).stat().st_size != size:
                raise damaged(folder, f"{name} is not as long as it was written")


def damaged(folder: Path, what: str) -> IndexDamagedError:
    """Return the error that says what is wrong with the files."""
    return IndexDamagedError(
        f"the index in {folder.parent} is damaged: {what}", hint="Make it anew: policy-search rebuild FOLDER"
    )


@dataclass(frozen=True, slots=True)
class Columns:
    """What is known of the documents of one segment, by their place in it: keys, and lengths in words.

    ``heads`` are the places of those that are titles and metadata lines.
    """

    keys: array[int]
    lengths: array[int]
    heads: array[int]

    @classmethod
    def of(cls, keys: Sequence[int], lengths: Sequence[int]) -> Columns:
        """Return the columns of documents with these keys."""
        heads = [number for number, key in enumerate(keys) if place_of(key) < FIRST_PARAGRAPH]
        return cls(array("Q", keys), array("I", lengths), array("I", heads))

    def write(self, file: Path) -> None:
        """Write them as one compressed file, their number first."""
        number = array("Q", [len(self.keys)])
        columns = (number, self.keys, self.lengths, self.heads)
        file.write_bytes(zlib.compress(b"".join(column.tobytes() for column in columns), 1))

    @classmethod
    def read(cls, file: Path) -> Columns:
        """Read them again. Raises IndexDamagedError."""
        made = cls(array("Q"), array("I"), array("I"))
        try:
            data = memoryview(zlib.decompress(file.read_bytes()))
            (number,) = data[:8].cast("Q")
            middle, end = 8 + 8 * number, 8 + 12 * number
            made.keys.frombytes(data[8:middle])
            made.lengths.frombytes(data[middle:end])
            made.heads.frombytes(data[end:])
        except (zlib.error, ValueError, TypeError) as error:
            raise damaged(file.parent, f"{file.name} cannot be read ({error})") from error
        return made


class Opened:
    """A tantivy index as it is now."""

    def __init__(self, folder: Path) -> None:
        self._beside: TemporaryDirectory[str] | None = None
        # tantivy makes a lock where it opens an index, also to read it only.
        if not os.access(folder, os.W_OK):
            from tempfile import TemporaryDirectory  # seldom needed, and slow to import

            self._beside = TemporaryDirectory(prefix="policy-search-")
            for file in folder.iterdir():
                Path(self._beside.name, file.name).symlink_to(file.absolute())
        try:
            self.index = tantivy.Index.open(self._beside.name if self._beside else str(folder))
            self.index.config_reader(reload_policy="manual")  # else a thread watches the folder
            self.searcher: Any = self.index.searcher()  # its type leaves members out
            self.schema = self.index.schema
        except (ValueError, OSError) as error:
            self.close()
            raise damaged(folder, str(error)) from error

    def close(self) -> None:
        """Take away what was made to open it."""
        if self._beside is not None:
            self._beside.cleanup()

    def column(self, name: str, count: int) -> list[int]:
        """Return the values of a field for so many documents of the first segment."""
        addresses = [DocAddress(0, document) for document in range(count)]
        return cast("list[int]", self.searcher.fast_field_values(name, addresses))

    def first_keys(self) -> list[int]:
        """Return the key of the first document of each segment."""
        addresses = [DocAddress(segment, 0) for segment in range(self.searcher.num_segments)]
        return cast("list[int]", self.searcher.fast_field_values("key", addresses))


@contextmanager
def _telling(folder: Path) -> Iterator[None]:
    """Turn what tantivy raises where its files are not as it wrote them into an IndexDamagedError."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise damaged(folder, str(error)) from error
    except BaseException as error:
        # A panic of Rust; its class belongs to no module and derives from BaseException.
        if type(error).__name__ != "PanicException":
            raise
        raise damaged(folder, str(error)) from error


class TantivyReader:
    """The segments of one commit, numbered one after the other in the order of their keys."""

    def __init__(self, folder: Path) -> None:
        manifest = Manifest.read(folder)
        manifest.check_sizes(folder)
        self._folder, self._manifest = folder, manifest
        self._opened = Opened(folder)
        self._schema, self._searcher = self._opened.schema, self._opened.searcher
        self.total_length = manifest.total_length
        self.count = int(self._searcher.num_docs)
        self.keys, self.lengths, self._heads = array("Q"), array("I"), array("I")
        columns = [Columns.read(folder / name) for name in manifest.files if name.endswith(COLUMNS)]
        bases: dict[int, int] = {}
        for one in sorted(columns, key=lambda one: one.keys[0]):
            bases[one.keys[0]] = base = len(self.keys)
            self.keys += one.keys
            self.lengths += one.lengths
            self._heads += array("I", [base + number for number in one.heads])
        self._bases = [bases[key] for key in self._opened.first_keys()]
        self._known: dict[tuple[Field, str], int] = {}

    @cached_property
    def articles(self) -> array[int]:
        """The number of the article that each document belongs to: the upper half of its key."""
        upper = 1 if sys.byteorder == "little" else 0
        articles = array("I")
        articles.frombytes(memoryview(self.keys).cast("B").cast("I")[upper::2].tobytes())
        return articles

    @cached_property
    def heads(self) -> frozenset[int]:
        """The documents that are no paragraphs but titles and metadata lines."""
        return frozenset(self._heads)

    # ---- postings

    def postings(self, field: Field, unit: str) -> Postings:
        """Return where a unit stands."""
        count = self.document_frequency(field, unit)
        if not count:
            return Postings(array("I"), [] if field == "words" else None)
        documents = self._found(self._query(field, unit), count)
        return Postings(documents, self._frequencies(unit, documents) if field == "words" else None)

    def document_frequency(self, field: Field, unit: str) -> int:
        """Return how many live documents hold a unit."""
        known = self._known.get((field, unit)) if _is_utf_8(unit) else 0
        if known is None:
            # tantivy knows at once how many documents hold a term, counting those that were removed.
            certain = self.count == len(self.keys) and (field == "words" or len(unit) > 1)
            known = self._frequency(field, term(unit)) if certain else self._count(self._query(field, unit))
            self._known[field, unit] = known
        return known

    def _query(self, field: Field, unit: str) -> Query:
        if field == "grams" and len(unit) == 1:
            # A character begins a gram wherever it stands.
            return Query.regex_query(self._schema, "grams", f"\\x{{{ord(unit):x}}}.?")
        return Query.const_score_query(Query.term_query(self._schema, field, term(unit), index_option="basic"), 1.0)

    def _frequency(self, field: str, name: str) -> int:
        with _telling(self._folder):
            return int(self._searcher.doc_freq(field, name))

    def _count(self, query: Query) -> int:
        with _telling(self._folder):
            return int(self._searcher.search(query, limit=1, count=True).count)

    def _found(self, query: Query, count: int) -> array[int]:
        """Return the numbers of the documents that a query finds, ascending; they are ``count`` at the most."""
        with _telling(self._folder):
            hits = self._searcher.search(query, limit=count, count=False).hits
        if len(self._bases) == 1:
            return array("I", [address.doc for _, address in hits])
        bases = self._bases
        return array("I", sorted([bases[address.segment_ord] + address.doc for _, address in hits]))

    def _frequencies(self, word: str, documents: array[int]) -> list[float]:
        """Return how often a word stands in documents that hold it, put together from the bits that are indexed."""
        frequencies = [1.0] * len(documents)
        places: dict[int, int] = {}
        for bit in range(len(_BITS)):
            name = often(term(word), bit)
            if self._frequency("often", name):
                places = places or dict(zip(documents, range(len(documents)), strict=True))
                query = Query.term_query(self._schema, "often", name, index_option="basic")
                # tantivy counts removed documents, too.
                for document in self._found(Query.const_score_query(query, 1.0), self._frequency("often", name)):
                    frequencies[places[document]] += 1 << bit
        return frequencies

    # ---- all of it

    def documents(self) -> array[int]:
        """Return the numbers of all live documents."""
        if self.count == len(self.keys):
            return array("I", range(self.count))
        return self._found(Query.all_query(), max(1, self.count))

    def lexicon(self) -> Iterator[str]:
        """Yield every word."""
        with _telling(self._folder):
            terms = self._searcher.terms_with_prefix("words", "")
        for word, _ in terms:
            if word != BREAK:
                yield word

    def check(self) -> str | None:
        """Return which file is not as it was written, or None; reads them all."""
        for name, (_, written) in self._manifest.files.items():
            if zlib.crc32((self._folder / name).read_bytes()) != written:
                return f"{name} is not as it was written"
        return None

    def close(self) -> None:
        """Let go of the files."""
        self._opened.close()
        del self._searcher, self._opened
