"""How do tests make files of records, and what comes out of them?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from searcher.models import Article, Source
from searcher.split import extract
from tests.reading import assert_nothing_lost


def articles(sources: Sequence[Source]) -> list[Article]:
    """Return the articles of sources; nothing of them is lost."""
    found: list[Article] = []
    for source in sources:
        extraction = extract(source)
        assert_nothing_lost(source, extraction)
        found += extraction.articles
    return found


def texts(article: Article) -> list[str]:
    return [paragraph.text for paragraph in article.paragraphs]


def write(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value, ensure_ascii=False), "utf-8")
    return path


def lines(path: Path, *values: object) -> Path:
    path.write_text("".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values), "utf-8")
    return path
