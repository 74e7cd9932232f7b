"""What articles are in a source?

``extract`` turns a ``Source`` into articles: it parts the lines that ``clean`` kept, reads the head and the foot
of each part, and makes a paragraph of every other line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from searcher.clean import clean
from searcher.describe import context, describe
from searcher.markup import heading_level
from searcher.models import Article, Extraction, Line, Removed, Source
from searcher.parting import parts
from searcher.recorded import article_of_record


def extract(source: Source, *, repeated: frozenset[int] = frozenset()) -> Extraction:
    """Split a source into its articles, with ordinals from 0. Never raises; a source without text gives no article.

    ``repeated`` are the keys of lines that the pages of its folder have in common (``searcher.repeated``).
    """
    if source.format == "record":
        return article_of_record(source)
    cleaned = clean(source, repeated=repeated)
    whole = context(source, cleaned)
    removed = list(cleaned.removed)
    articles: list[Article] = []
    found = parts(cleaned.kept, source)
    for part in found:
        lines = list(_without_marks(part.lines, removed)) if cleaned.marked else part.lines
        if lines:
            # the file's own title is that of a lone article only
            metadata = whole.metadata if len(found) == 1 else {}
            year = None if part.whole and len(found) > 1 else whole.year
            own = replace(whole, day=part.day or whole.day, year=year, metadata=metadata, alone=len(found) == 1)
            articles.append(describe(lines, own, len(articles)))
    return Extraction(tuple(articles), tuple(removed), cleaned.candidates)


def _without_marks(lines: Sequence[Line], removed: list[Removed]) -> Iterator[Line]:
    """Yield the lines of Markdown without the marks of its headings, which go to ``removed``."""
    for line in lines:
        level = heading_level(line) if line.kind == "heading" else 0
        if not level:
            yield line
            continue
        removed.append(Removed("#" * level, line.number, "markup"))
        text = line.text.strip()[level:].strip()
        if text:
            yield replace(line, text=text)
