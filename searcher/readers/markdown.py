"""What text is in a Markdown file?

Lines are kept as written, marks and all, so that nothing is lost here; ``clean`` takes the marks off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from searcher.models import Line, LineKind, Source
from searcher.readers.encoding import decode
from searcher.readers.text import split_lines

_KEY = re.compile(r"(?P<key>[A-Za-z_][\w-]{0,40})\s*:(?:\s+(?P<value>.*))?$")
_HEADING = re.compile(r" {0,3}#{1,6}(?:\s|$)")


def read_markdown(data: bytes, *, name: str) -> Source:
    """Read Markdown: front matter as ``meta``, ``#`` lines as ``heading``, comments as ``boilerplate``.

    Raises DecodingError.
    """
    text, encoding = decode(data)
    lines = split_lines(text)
    end = _front_matter_end(lines)
    read = [Line(line, number, "meta") for number, line in enumerate(lines[:end], start=1) if line.strip()]
    read.extend(_body(lines[end:], first=end + 1))
    return Source(
        path=name,
        format="markdown",
        encoding=encoding,
        lines=tuple(read),
        metadata=_front_matter(lines[:end]),
    )


def _front_matter_end(lines: list[str]) -> int:
    """Return how many lines the front matter takes up, 0 if there is none."""
    if not lines or lines[0].rstrip() != "---":
        return 0
    for number, line in enumerate(lines[1:], start=2):
        if line.rstrip() in ("---", "..."):
            return number
    return 0


def _front_matter(lines: list[str]) -> dict[str, str]:
    """Read the ``key: value`` lines, and the items of a list as one value parted by commas."""
    found: dict[str, str] = {}
    key = ""
    for line in lines:
        match = _KEY.match(line)
        if match:
            key = match["key"].lower()
            found.setdefault(key, (match["value"] or "").strip().strip("\"'[]"))
        elif key and line.lstrip().startswith("- "):
            item = line.lstrip()[2:].strip().strip("\"'")
            found[key] = f"{found[key]},{item}" if found[key] else item
    return {key: value for key, value in found.items() if value}


def _body(lines: list[str], *, first: int) -> Iterator[Line]:
    inside = False
    for number, line in enumerate(lines, start=first):
        if not line or line.isspace():
            continue
        if not inside and "<!--" not in line:
            yield Line(line, number, "heading" if "#" in line[:4] and _HEADING.match(line) else "text")
            continue
        for piece, comment in _pieces(line, inside=inside):
            inside = comment and not piece.endswith("-->")
            kind: LineKind = "boilerplate" if comment else "text"
            if piece.strip():
                yield Line(piece, number, kind)


def _pieces(line: str, *, inside: bool) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a line, each with whether it is a comment (marks included)."""
    position = 0
    while position < len(line):
        mark = "-->" if inside else "<!--"
        found = line.find(mark, position)
        if found < 0:
            yield line[position:], inside
            return
        end = found + 3 if inside else found
        if end > position:
            yield line[position:end], inside
        position, inside = end, not inside
