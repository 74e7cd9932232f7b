"""How do tests read a text, and hold law 4 against what came out?"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from searcher import readers
from searcher.models import Article, Extraction, Line, Source
from searcher.split import extract


def source(text: str, *, form: str = "text", path: str = "notes.txt") -> Source:
    """Make a source of the lines of ``text``."""
    lines = tuple(Line(line, number) for number, line in enumerate(text.split("\n"), start=1) if line.strip())
    return Source(path=path, format=form, encoding="utf-8", lines=lines)


def read(path: Path, *, name: str | None = None) -> Source:
    """Return the one source of a file."""
    (only,) = readers.read(path, name=name)
    return only


def article(text: str, *, path: str = "notes.txt") -> Article:
    """Return the one article of a plain text."""
    extraction = extract(source(text, path=path))
    assert_nothing_lost(source(text, path=path), extraction)
    (only,) = extraction.articles
    return only


def bag(*texts: str) -> Counter[str]:
    """Count the characters that are not space."""
    return Counter(character for text in texts for character in "".join(text.split()))


def assert_nothing_lost(read: Source, extraction: Extraction) -> None:
    """Law 4: every non-space character is in exactly one front line, paragraph or removed text."""
    given = bag(*(line.text for line in read.lines))
    front = (line.text for one in extraction.articles for line in one.front)
    paragraphs = (paragraph.text for one in extraction.articles for paragraph in one.paragraphs)
    found = bag(*front, *paragraphs, *(removed.text for removed in extraction.removed))
    assert found == given, f"lost {given - found}, twice {found - given}"
