"""How would a Whoosh user describe the engine's fields? Their analyzers, for Whoosh's own query parser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh.analysis import Analyzer, Token
from whoosh.fields import ID, NUMERIC, FieldType, Schema
from whoosh.formats import Existence

from searcher.analyzer import fold, grams, tokens
from searcher.engines import Kind

NAME = "MAIN"  # of the index, as Whoosh names it in its files
ARTICLE_FIELDS: dict[Kind, str] = {"words": "article_words", "levels": "article_levels", "grams": "article_grams"}
TEXT_FIELDS = ("grams", "words")


class PolicyAnalyzer(Analyzer):  # type: ignore[misc]  # whoosh has no type information
    """Cuts text into the words that the index holds: ``searcher.analyzer`` as Whoosh users know analyzers.

    Each token is an object of its own; ``pos`` counts tokens, ``startchar`` and ``endchar`` are code points.
    """

    def __call__(self, value: str, **options: Any) -> Iterator[Token]:
        """Yield the tokens of a text."""
        mode = options.get("mode", "")
        for position, (word, start) in enumerate(tokens(fold(value))):
            yield Token(
                text=word, pos=position, startchar=start, endchar=start + len(word), mode=mode,
                positions=True, chars=True, stopped=False, boost=1.0, removestops=False,
            )  # fmt: skip


class GramAnalyzer(Analyzer):  # type: ignore[misc]
    """Cuts text into single characters and pairs, as the ``grams`` field holds them, in no order."""

    def __call__(self, value: str, **options: Any) -> Iterator[Token]:
        """Yield the grams of a text."""
        for gram in sorted(grams(fold(value))):
            yield Token(text=gram, mode=options.get("mode", ""), stopped=False, boost=1.0, removestops=False)


def schema() -> Schema:
    """Return the Whoosh schema: what ``whoosh.qparser.QueryParser("words", schema)`` needs.

    Texts have ``words`` and ``grams``; what stands for an article as a whole has the three fields named in
    ``ARTICLE_FIELDS``, so a search for words finds texts. ``Existence`` keeps no positions and no frequencies.
    """
    return Schema(
        words=FieldType(format=Existence(), analyzer=PolicyAnalyzer(), scorable=True),
        grams=FieldType(format=Existence(), analyzer=GramAnalyzer(), scorable=False),
        key=NUMERIC(int, 64, sortable=True, signed=False),
        **{name: ID() for name in ARTICLE_FIELDS.values()},
    )
