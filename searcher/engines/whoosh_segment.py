"""How is a segment of the Whoosh engine written? Its columns and postings in bulk, in the form of the stock codec.

Whoosh's own writer handles each posting and each document singly. Here a term's postings are written a block at a
time, a column at once, and the few postings of a rare term beside the term, where the codec reads them but, by a slip
in its writer, never puts them.
"""

from __future__ import annotations

import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import md5
from itertools import accumulate, chain
from operator import sub
from pathlib import Path
from pickle import dumps
from typing import Any, TypeAlias

from whoosh.codec.whoosh3 import LENGTHS_COLUMN, WHOOSH3_HEADER_MAGIC, W3Codec, W3TermInfo
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.system import pack_int, pack_long, pack_ushort
from whoosh.util.numeric import byte_to_length

from searcher.engines.whoosh_schema import NAME

BLOCK = 4096  # postings in a block: all of them are read, none is skipped
FEW = 16  # postings that stand beside the term
_COMPRESSED = 200  # bytes of a block, that are worth compressing
_PICKLE = 2  # the protocol of the codec
_INFO = W3TermInfo._struct
_SIZES = struct.Struct("!ii")  # of the key and of the value of a term

Term: TypeAlias = "tuple[bytes, array[int]]"
"""A unit and the documents that hold it, ascending."""


@dataclass(slots=True)
class Documents:
    """The documents of a segment: their keys, and how many words each has, as Whoosh rounds that to a byte.

    ``heads`` are the documents that are titles and metadata lines. ``wholes`` stand for articles as a whole, each the
    last document of its article; ``numbers`` and ``lengths`` are the numbers of these articles and their code points.
    """

    keys: array[int] = field(default_factory=lambda: array("Q"))
    words: array[int] = field(default_factory=lambda: array("B"))
    heads: array[int] = field(default_factory=lambda: array("I"))
    wholes: array[int] = field(default_factory=lambda: array("I"))
    numbers: array[int] = field(default_factory=lambda: array("I"))
    lengths: array[int] = field(default_factory=lambda: array("I"))


def write_segment(
    storage: FileStorage, shape: Schema, documents: Documents, fields: Mapping[str, Iterable[Term]]
) -> Any:
    """Write one segment and return what the table of contents says of it."""
    codec = W3Codec()
    segment = codec.new_segment(storage, NAME)
    _write_columns(codec.per_document_writer(storage, segment), shape, documents)
    segment.set_doc_count(len(documents.keys))
    writer = codec.field_writer(storage, segment)
    for name in sorted(fields):
        _write_terms(writer, name, shape, fields[name])
    writer.close()
    # Pickled with the segment:
    segment.heads, segment.wholes = documents.heads, documents.wholes
    segment.numbers, segment.lengths = documents.numbers, documents.lengths
    files = list(Path(storage.folder).glob(f"{segment.segment_id()}.*"))
    segment.sizes = {file.name: file.stat().st_size for file in files}
    segment.sums = {file.name: zlib.crc32(file.read_bytes()) for file in files}
    return segment


def _write_columns(writer: Any, shape: Schema, documents: Documents) -> None:
    """Write what is known of each document. The columns are called as the codec calls them."""
    writer._doccount = len(documents.keys)
    for name, column, values in (
        ("key", shape["key"].column_type, documents.keys),
        ("_words_len", LENGTHS_COLUMN, documents.words),
    ):
        writer._create_column(name, column)
        made = writer._get_column(name)
        made._dbfile.write(swapped(values).tobytes())
        made._count = len(values)
    writer._fieldlengths["words"] = sum(map(byte_to_length, documents.words))
    writer.close()


def swapped(values: array[int]) -> array[int]:
    """Return numbers in the other order of their bytes: files have the greatest first."""
    if sys.byteorder == "little":
        values = values[:]
        values.byteswap()
    return values


def _write_terms(writer: Any, name: str, shape: Schema, terms: Iterable[Term]) -> None:
    """Write the sorted terms of a field."""
    writer.start_field(name, shape[name])
    before = pack_ushort(writer._fieldid)
    index, file, postings = writer._tindex, writer._tindex.dbfile, writer._postfile
    end, posted = file.tell(), postings.tell()
    for unit, documents in terms:
        info, blocks = _written(documents, posted)
        postings.write(blocks)
        posted += len(blocks)
        # As the index of terms would add it, which asks the file again and again where it is.
        key = before + unit
        entry = _SIZES.pack(len(key), len(info)) + key + info
        hashed = int.from_bytes(md5(key, usedforsecurity=False).digest()[-4:], "big")
        index.index.append(end)
        index.buckets[hashed & 255].append((hashed, end))
        file.write(entry)
        end += len(entry)
    writer.finish_field()


def _written(documents: array[int], at: int) -> tuple[bytes, bytes]:
    """Return what the codec keeps of a term, and its postings, which will be written at that place of their file."""
    count = len(documents)
    few = count <= FEW
    # how often it stands in all, and in how many documents; of their lengths the least and the greatest; the greatest
    # weight; the first document and the last
    info: bytes = _INFO.pack(few, count, count, 0, 0, 1.0, documents[0], documents[-1])
    if few:
        return info + dumps((tuple(documents), None, None), _PICKLE), b""
    starts = range(0, count, BLOCK)
    blocks = [_block(documents[start : start + BLOCK], last=start == starts[-1]) for start in starts]
    data = WHOOSH3_HEADER_MAGIC + b"".join(blocks)
    return info + pack_long(at) + pack_int(len(data)), data


def _block(documents: array[int], *, last: bool) -> bytes:
    deltas = tuple(map(sub, documents, chain((0,), documents)))
    data = dumps((deltas, None, None), _PICKLE)
    compression = int(len(data) > _COMPRESSED)
    if compression:
        data = zlib.compress(data, compression)
    # how many, the last of them, the greatest weight, whether compressed, bytes for the least and greatest length
    head = dumps((len(documents), documents[-1], 1.0, compression, 0, 0), _PICKLE)
    size = len(head) + len(data)
    return bytes(pack_int(-size if last else size)) + head + data


def from_deltas(deltas: Iterable[int]) -> array[int]:
    """Return the documents of a block."""
    return array("I", accumulate(deltas))
