"""Which records are in a JSON or JSON Lines file?

Read one value after the other, so that a dump of any length takes little more memory than its text. What is no JSON is
kept as text and told as a failure; the records around it are read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice

from searcher.errors import ReadError
from searcher.models import Failure, Line, ReadOptions, Source
from searcher.readers.encoding import decode
from searcher.readers.records import Dump, Item, is_record, leaves, sources, table_source

# Arrays written one behind the other have nothing, commas or white space between them.
_GAP = re.compile(r"[\s,\ufeff]*")
_CLOSE = re.compile(r"[\s,\ufeff]*\]")
_DEEPEST_WRAPPER = 3
_Wrapped = tuple[tuple[str, ...], list[object]]
_HINT = "mend these lines, or make the file anew"


def _merged(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Make a mapping of an object; a name that stands in it twice has both values."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    every: dict[str, list[object]] = {}
    for name, value in pairs:
        every.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in every.items()}


# Numbers are text as they are written; NaN and Infinity, which JSON does not know, are no value.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_merged, parse_int=str, parse_float=str, parse_constant=lambda _: None, strict=False
)


class _Broken(Exception):  # noqa: N818  # never leaves this module
    """The text at ``position`` is no JSON."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(reason)
        self.position = position


def _value(text: str, position: int) -> tuple[object, int]:
    """Return the value that begins at ``position``, and where it ends. Raises _Broken."""
    try:
        return _DECODER.raw_decode(text, position)
    except json.JSONDecodeError as error:
        raise _Broken(position, f"{error.msg} (column {error.colno})") from error
    except RecursionError as error:
        raise _Broken(position, "nested too deep") from error


# --- JSON Lines ---


def read_json_lines(data: bytes, *, name: str, options: ReadOptions) -> Iterator[Source]:
    """Read a file with a JSON value on each line, or one of JSON that is only called so.

    Raises DecodingError, and ReadError where no line holds JSON.
    """
    text, encoding = decode(data)
    dump = Dump(name, encoding, options.names)
    if _is_whole(text, options.names):
        yield from _whole(text, dump)
        return
    broken: list[tuple[Line, str]] = []
    items = _line_items(text, broken)
    first = next(items, None)
    if first is None and broken:
        raise ReadError(f"no line of it is JSON: {broken[0][1]}", hint="if it is text, call it .txt")
    yield from sources(chain([first] if first else (), items), dump)
    if broken:
        message = f"{len(broken):,} lines are no JSON, the first is line {broken[0][0].number}: {broken[0][1]}"
        yield _unread(dump, [line for line, _ in broken], message)


def _is_whole(text: str, names: Mapping[str, str]) -> bool:
    """Tell whether the values of a text go over several lines, or its first line holds many records."""
    line = next((line for line in _lines(text) if line.strip()), "")
    try:
        value, _ = _value(line, _skip(line, 0))
    except _Broken:
        return next(_Reading(text), None) is not None
    if isinstance(value, list):
        return any(isinstance(one, Mapping) for one in value)
    return not is_record(value, names) and _wrapped(value, names) is not None


def _line_items(text: str, broken: list[tuple[Line, str]]) -> Iterator[Item]:
    """Yield the values of the lines; those that hold none are added to ``broken``, with the reason."""
    for number, line in enumerate(_lines(text), start=1):
        if not line.strip(" \t\r,\ufeff"):
            continue
        try:
            start = _skip(line, 0)
            value, end = _value(line, start)
            after = _skip(line, end)
            if after < len(line):
                raise _Broken(after, f"more than one value (column {after + 1})")
            for _ in leaves(value):
                pass
        except (_Broken, ReadError) as error:
            broken.append((Line(line, number, "row"), str(error)))
        else:
            yield Item(value, number)


def _lines(text: str) -> Iterator[str]:
    """Yield the lines of a text without a list of all of them."""
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def _skip(text: str, position: int) -> int:
    found = _GAP.match(text, position)
    return found.end() if found else position


# --- JSON ---


def read_json(data: bytes, *, name: str, options: ReadOptions) -> Iterator[Source]:
    """Read an array of records, an object that holds one, a single record, or several of them in a row.

    JSON that holds no records gives one source of rows. Raises DecodingError, and ReadError where it is no JSON.
    """
    text, encoding = decode(data)
    yield from _whole(text, Dump(name, encoding, options.names))


def _whole(text: str, dump: Dump) -> Iterator[Source]:
    reading = _Reading(text)
    head = list(islice(reading, 2))
    if not head and reading.broken:
        raise ReadError(f"it is no JSON: line {reading.line}: {reading.broken}", hint="if it is text, call it .txt")
    if len(head) == 1:
        yield from _single(head[0], dump)
    else:
        yield from sources(chain(head, reading), dump)
    if reading.broken:
        message = f"line {reading.line} and what follows is no JSON: {reading.broken}"
        yield _unread(dump, reading.rest(), message)


class _Reading(Iterator[Item]):
    """The values of a text one after the other, those in its outermost arrays each by itself.

    Where it ends early, ``broken`` says why, and ``line`` is the place.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self._counted = 0
        self._inside = False
        self.line = 1
        self.broken = ""

    def __next__(self) -> Item:
        text = self._text
        while not self.broken:
            close = _CLOSE.match(text, self._position) if self._inside else None
            start = close.end() if close else _skip(text, self._position)
            if close:
                self._inside, self._position = False, start
            elif start >= len(text):
                self.broken = "it ends inside of an array" if self._inside else ""
                break
            elif text[start] == "[" and not self._inside:
                self._inside, self._position = True, start + 1
            else:
                return self._take(start)
        raise StopIteration

    def _take(self, start: int) -> Item:
        self.line += self._text.count("\n", self._counted, start)
        self._counted = self._position = start
        try:
            value, self._position = _value(self._text, start)
        except _Broken as error:
            self.broken = str(error)
            raise StopIteration from None
        return Item(value, self.line)

    def rest(self) -> Sequence[Line]:
        """Return the lines that were not read."""
        lines = self._text[self._position :].split("\n")
        return [Line(line, number, "row") for number, line in enumerate(lines, start=self.line) if line.strip()]


def _single(item: Item, dump: Dump) -> Iterator[Source]:
    """Read a lone value: a record, a table, or an object around an array of records."""
    wrapped = None if is_record(item.value, dump.names) else _wrapped(item.value, dump.names)
    if wrapped is None:
        yield from sources((item,), dump)
        return
    path, records = wrapped
    yield from sources((Item(value, item.line) for value in records), dump)
    around = table_source([Item(_without(item.value, path), item.line)], dump)
    if any(any(map(str.isalpha, line.text.partition("\t")[2])) for line in around.lines):
        yield around


def _wrapped(value: object, names: Mapping[str, str], above: tuple[str, ...] = ()) -> _Wrapped | None:
    """Return the first array of records in an object, and the names that lead to it."""
    if not isinstance(value, Mapping) or len(above) == _DEEPEST_WRAPPER:
        return None
    for name, inner in value.items():
        if isinstance(inner, list) and any(is_record(one, names) for one in inner[:10]):
            return (*above, name), inner
        below = _wrapped(inner, names, (*above, name))
        if below:
            return below
    return None


def _without(value: object, path: tuple[str, ...]) -> object:
    """Return an object without what lies at the end of ``path``."""
    if not path or not isinstance(value, Mapping):
        return None
    return {name: _without(inner, path[1:]) if name == path[0] else inner for name, inner in value.items()}


def _unread(dump: Dump, lines: Sequence[Line], message: str) -> Source:
    """Return a source of what is no JSON: its text is kept, and the failure told."""
    table = Source(dump.path, "table", dump.encoding, tuple(lines))
    return replace(table, failures=(Failure(dump.path, message, _HINT),))
