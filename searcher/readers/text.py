"""What text is in a plain text file?"""

from __future__ import annotations

from searcher.models import Line, Source
from searcher.readers.encoding import decode


def split_lines(text: str) -> list[str]:
    """Split at line ends (LF, CRLF, CR) and nowhere else, so that numbers agree with an editor's."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def read_text(data: bytes, *, name: str) -> Source:
    """Read plain text; blank lines are left out, numbers count them. Raises DecodingError."""
    text, encoding = decode(data)
    lines = tuple(
        Line(line, number) for number, line in enumerate(split_lines(text), start=1) if line and not line.isspace()
    )
    return Source(path=name, format="text", encoding=encoding, lines=lines)
