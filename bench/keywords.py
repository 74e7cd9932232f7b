"""Whose keywords are better: the index's own statistics, jieba's TF-IDF, or its TextRank?

Usage: ``python -m bench.keywords FOLDER [NUMBER]``. Titles say what an article is about. Its body, without the title,
is asked for ten keywords; counted is the share of the title's words that are among them, averaged over NUMBER files.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import jieba.analyse

from searcher import Article, Index
from searcher.analyzer import fold, words
from searcher.similarity import keywords
from searcher.snapshot import Snapshot

ASKED = 10


def share(title: str, found: Iterable[str]) -> float:
    """Return how many of a title's words stand in keywords, from 0 to 1."""
    wanted = {word for word in words(fold(title)) if len(word) > 1}
    said = [fold(word) for word in found]
    return sum(any(word in other for other in said) for word in wanted) / len(wanted) if wanted else 0.0


def body(article: Article) -> str:
    """Return the text of an article without its title."""
    return "\n".join(paragraph.text for paragraph in article.paragraphs if paragraph.text != article.title)


def main() -> None:
    """Print the average of each."""
    files = sorted(path for path in Path(sys.argv[1]).rglob("*") if path.suffix in (".md", ".txt", ".html"))
    chosen = random.Random(1).sample(files, min(len(files), int(sys.argv[2]) if len(sys.argv) > 2 else 200))
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder) / "index", create=True) as index:
        index.update(*chosen)
        snapshot = Snapshot(index._reader, index._store)
        ways: dict[str, Callable[[Article], list[str]]] = {
            "index": lambda one: [k.word for k in keywords(snapshot, replace(one, title=None), limit=ASKED)],
            "jieba TF-IDF": lambda one: list(jieba.analyse.extract_tags(body(one), topK=ASKED)),
            "jieba TextRank": lambda one: list(jieba.analyse.textrank(body(one), topK=ASKED)),
        }
        articles = [article for article in index.articles() if article.title and len(body(article)) > 200]
        for name, way in ways.items():
            print(f"{name:<16}{sum(share(one.title or '', way(one)) for one in articles) / len(articles):.3f}")


if __name__ == "__main__":
    main()
