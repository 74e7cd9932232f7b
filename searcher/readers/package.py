"""What is in this ZIP file, and may it be unpacked?

Documents of several formats (.docx, .ofd, .epub) and archives of documents are ZIP files. All of them are
opened here, so that none unpacks to more than a file may have.
"""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass

from searcher.errors import ReadError
from searcher.models import ReadOptions

MOST_MEMBERS = 100_000
"""More members than this are refused before the list of them is read."""

_DIRECTORY_ENTRY = b"PK\x01\x02"
_CHUNK = 1 << 20
# Deflate packs zeros 1,000-fold, text and XML rarely 100-fold. Small members may be of one character throughout.
_MOST_RATIO = 300
_SMALL = 10_000_000
_ENCRYPTED = 0x1
_UTF8 = 0x800
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError, OSError, ValueError,
)  # fmt: skip


@dataclass(slots=True)
class Budget:
    """How many bytes may still be unpacked of a file, over all archives that lie in each other.

    ``exceeded`` says that more were asked for.
    """

    left: int
    exceeded: bool = False

    def take(self, size: int) -> None:
        """Take so many bytes off; raises ReadError where fewer are left, and then none are."""
        if size > self.left:
            self.left, self.exceeded = 0, True
            raise ReadError(
                "it unpacks to more than a file may have",
                hint="allow more with --max-size, or unpack it and index what was in it",
            )
        self.left -= size


class Package:
    """An open ZIP file: ``names`` of its members in their order, without folders, and the bytes of each.

    Names are as the writer meant them: those that are not marked as UTF-8 are read as UTF-8, GB18030 or code page 437.
    ``places`` are the names of all members, those that occur twice included.
    """

    def __init__(self, archive: zipfile.ZipFile, *, budget: Budget) -> None:
        members = [(_name(member), member) for member in archive.infolist() if not member.is_dir()]
        self._archive = archive
        self._in_order = [member for _, member in members]
        self._members = dict(members)
        self._count = Counter(name for name, _ in members)
        self._budget = budget
        self.names = tuple(self._members)
        self.places = tuple(name for name, _ in members)

    def read(self, name: str) -> bytes:
        """Return the bytes of a member.

        Raises ReadError where there is none of that name or more than one, where it is encrypted or damaged, and where
        it unpacks to more than is allowed.
        """
        member = self._members.get(name)
        if member is None:
            raise ReadError(f"no {name} in it", hint="the file is incomplete: get it anew")
        if self._count[name] > 1:
            raise ReadError(f"two members are called {name}", hint="pack the file anew")
        return self._read(name, member)

    def read_place(self, place: int) -> bytes:
        """Return the bytes of the member at ``places[place]``. Raises ReadError as ``read`` does."""
        return self._read(self.places[place], self._in_order[place])

    def _read(self, name: str, member: zipfile.ZipInfo) -> bytes:
        if member.flag_bits & _ENCRYPTED:
            raise ReadError(f"{name} is encrypted", hint="unpack it with its password, and index what was in it")
        try:
            return self._unpack(member)
        except _DAMAGE as error:
            raise ReadError(f"{name} is damaged: {error}", hint="get the file anew, or repair it") from error

    def _unpack(self, member: zipfile.ZipInfo) -> bytes:
        """Unpack a member piece by piece; what the directory says of its size is not believed."""
        pieces = []
        size = 0
        with self._archive.open(member) as stream:
            while piece := stream.read(_CHUNK):
                size += len(piece)
                self._budget.take(len(piece))
                if size > _SMALL and size > _MOST_RATIO * max(1, member.compress_size):
                    raise ReadError(
                        f"{member.filename} unpacks to more than {_MOST_RATIO} times its size: a ZIP bomb",
                        hint="unpack it with care, if you trust it, and index what was in it",
                    )
                pieces.append(piece)
        return b"".join(pieces)


def open_package(data: bytes, options: ReadOptions, *, budget: Budget | None = None) -> Package:
    """Open a ZIP file; all that is read of it may have ``options.max_bytes`` together, or what is left of ``budget``.

    Raises ReadError where it is no ZIP file, is damaged, or has more than MOST_MEMBERS members.
    """
    if data.count(_DIRECTORY_ENTRY) > MOST_MEMBERS:
        raise ReadError(f"it has more than {MOST_MEMBERS:,} members", hint="split it")
    try:
        return Package(zipfile.ZipFile(io.BytesIO(data)), budget=budget or Budget(options.max_bytes))
    except _DAMAGE as error:
        raise ReadError(f"not a whole ZIP file: {error}", hint="get the file anew, or repair it") from error


def is_package(data: bytes) -> bool:
    """Tell by its first bytes whether a file is a ZIP file with at least one member."""
    return data.startswith(b"PK\x03\x04")


def member_name(raw: bytes) -> str:
    """Return the name in bytes of an unknown encoding: UTF-8 or GB18030, whichever reads as a name."""
    names = []
    for encoding in ("utf-8", "gb18030"):
        try:
            names.append(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    # short names in GBK may be UTF-8 too, of rare scripts
    return max(names, key=_usual) if names else raw.decode("cp437")


def _usual(name: str) -> float:
    """Return the share, 0 to 1, of Latin and Chinese characters among those of ``name`` that are not ASCII."""
    beyond = [c for c in name if not c.isascii() and c.isprintable()]
    usual = sum(c < "\u0250" or "\u3000" <= c <= "\u9fff" or "\uff00" <= c <= "\uffef" for c in beyond)
    return usual / len(beyond) if beyond else 1.0


def _name(member: zipfile.ZipInfo) -> str:
    """Return a member's name: APPNOTE.TXT 4.4.4 knows UTF-8 and code page 437 only, Chinese writers use GBK."""
    if member.flag_bits & _UTF8 or member.filename.isascii():
        return member.filename
    try:
        return member_name(member.filename.encode("cp437"))
    except UnicodeEncodeError:  # it has a second name, in UTF-8
        return member.filename
