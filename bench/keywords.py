"""Whose keywords are better: the index's own statistics, jieba's TF-IDF, or its TextRank?

Usage: ``python -m bench.keywords FOLDER [NUMBER]``. Titles say what an article is about. Its body, without the title,
is asked for ten keywords; counted is the share of the title's words that are in them, averaged over NUMBER files, and
the share of keywords that jieba's dictionary calls a conjunction, preposition, pronoun, adverb, numeral or the like.
``tf-idf`` is our own without density and with the parts of longer words.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import jieba.analyse
import jieba.posseg

from searcher import Article, Index
from searcher.analyzer import fold, words
from searcher.gains import idf
from searcher.similarity import keywords
from searcher.snapshot import Snapshot

ASKED = 10
FUNCTION = tuple("cdefkmopqruxy")  # as jieba's parts of speech begin


def share(title: str, found: Iterable[str]) -> float:
    """Return how many of a title's words stand in keywords, from 0 to 1."""
    wanted = {word for word in words(fold(title)) if len(word) > 1}
    said = [fold(word) for word in found]
    return sum(any(word in other for other in said) for word in wanted) / len(wanted) if wanted else 0.0


def function_words(found: Sequence[str]) -> float:
    """Return the share of words that have a grammatical meaning only, from 0 to 1."""
    kinds = [jieba.posseg.dt.word_tag_tab.get(word, "n") for word in found]
    return sum(kind.startswith(FUNCTION) for kind in kinds) / len(kinds) if kinds else 0.0


def body(article: Article) -> str:
    """Return the text of an article without its title."""
    return "\n".join(paragraph.text for paragraph in article.paragraphs if paragraph.text != article.title)


def plain(snapshot: Snapshot, article: Article) -> list[str]:
    """Return the words with the greatest tf-idf."""
    counts = Counter(word for word in words(fold(body(article))) if len(word) > 1 and not word[0].isdigit())
    weights = {word: n * idf(snapshot.frequency("words", word), snapshot.articles) for word, n in counts.items()}
    return sorted(weights, key=lambda word: -weights[word])[:ASKED]


def main() -> None:
    """Print the averages of each."""
    files = sorted(path for path in Path(sys.argv[1]).rglob("*") if path.suffix in (".md", ".txt", ".html", ".jsonl"))
    chosen = random.Random(1).sample(files, min(len(files), int(sys.argv[2]) if len(sys.argv) > 2 else 200))
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder) / "index", create=True) as index:
        index.update(*chosen)
        snapshot = Snapshot(index._reader, index._store)
        jieba.posseg.initialize()
        ways: dict[str, Callable[[Article], list[str]]] = {
            "index": lambda one: [k.word for k in keywords(snapshot, one, limit=ASKED)],
            "tf-idf": lambda one: plain(snapshot, one),
            "jieba TF-IDF": lambda one: list(jieba.analyse.extract_tags(body(one), topK=ASKED)),
            "jieba TextRank": lambda one: list(jieba.analyse.textrank(body(one), topK=ASKED)),
        }
        articles = [article for article in index.articles() if article.title and len(body(article)) > 200]
        print(f"{len(articles)} of {snapshot.articles} articles")
        for name, way in ways.items():
            said = [(one.title or "", way(_untitled(one))) for one in articles]
            titles = sum(share(title, found) for title, found in said) / len(said)
            print(f"{name:<16}{titles:.3f}  {sum(function_words(found) for _, found in said) / len(said):.3f}")


def _untitled(article: Article) -> Article:
    paragraphs = tuple(paragraph for paragraph in article.paragraphs if paragraph.text != article.title)
    return replace(article, title=None, paragraphs=paragraphs)


if __name__ == "__main__":
    main()
