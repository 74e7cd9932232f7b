"""How does a program see it? The JSON of version 1; its names are those of the library's attributes."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from searcher.models import Article, ArticleInfo, Hit, Passage, Results
    from searcher.reports import Similar

VERSION = 1
# Controls beyond those that JSON itself escapes, marks that turn the direction, line separators, surrogates.
_ESCAPED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_ARTICLE = (
    "id", "title", "issuer", "number", "date", "source", "author", "keywords", "url", "path", "ordinal", "record_id",
)  # fmt: skip
_MORE = (
    "issuers", "published", "effective", "status", "original_title", "addressee", "attachments", "index_no", "topic",
    "record", "inferred",
)  # fmt: skip


def article_object(article: ArticleInfo) -> dict[str, Any]:
    """Return what a result says of an article."""
    values = {name: getattr(article, name) for name in _ARTICLE}
    return values | {"keywords": list(article.keywords), "path": article.path or None}


def hit_object(hit: Hit) -> dict[str, Any]:
    """Return one hit."""
    return {
        "rank": hit.rank,
        "score": hit.score,
        "partial": hit.partial,
        "copies": hit.copies,
        "article": article_object(hit.article),
        "paragraphs": [_passage(passage) for passage in hit.paragraphs],
    } | ({"parts": dict(hit.parts)} if hit.parts else {})


def similar_object(rank: int, one: Similar) -> dict[str, Any]:
    """Return one article that is like another."""
    return {
        "rank": rank,
        "score": one.score,
        "copies": one.copies,
        "article": article_object(one.article),
        "words": list(one.words),
    }


def _passage(passage: Passage) -> dict[str, Any]:
    return {
        "ordinal": passage.ordinal,
        "line": passage.line,
        "page": passage.page,
        "score": passage.score,
        "text": passage.text,
        "highlights": [[span.start, span.end] for span in passage.highlights],
    }


def results_object(results: Results) -> dict[str, Any]:
    """Return a whole answer; ``facets`` and ``terms`` are in it where they were asked for."""
    asked: dict[str, Any] = {}
    if results.facets:
        asked["facets"] = {name: [asdict(value) for value in values] for name, values in results.facets.items()}
    if results.terms:
        asked["terms"] = [asdict(term) for term in results.terms]
    return {
        "version": VERSION,
        "query": results.query,
        "engine": results.engine,
        "total": asdict(results.total),
        "took_ms": results.took_ms,
        "hits": [hit_object(hit) for hit in results.hits],
        "expansions": [asdict(expansion) for expansion in results.expansions],
        "suggestions": list(results.suggestions),
    } | asked


def whole_article(article: Article) -> dict[str, Any]:
    """Return an article with everything that is known of it."""
    more = {name: getattr(article, name) for name in _MORE}
    paragraphs = [
        {"ordinal": p.ordinal, "line": p.line, "page": p.page, "sheet": p.sheet, "kind": p.kind, "text": p.text}
        for p in article.paragraphs
    ]
    front = [line.text for line in article.front]
    return {"version": VERSION} | article_object(article) | more | {"front": front, "paragraphs": paragraphs}


def dumps(value: object, *, indent: int | None = None) -> str:
    """Return JSON text with Chinese as it is; what a terminal would act on, and lone surrogates, are escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=list)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
