"""Full-text search for Chinese policy documents.

from searcher import Index

with Index.open("index", create=True) as index:
    index.update("corpus")
    for hit in index.search("工业互联网 安全"):
        print(hit.article.title, hit.article.date, hit.score)
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from searcher.details import Earlier, Expansion
    from searcher.documents import Article, Removed
    from searcher.errors import (
        ArticleNotFoundError,
        DecodingError,
        EngineError,
        IndexDamagedError,
        IndexFolderError,
        IndexLockedError,
        IndexNotFoundError,
        IndexStaleError,
        QueryError,
        ReadError,
        SearcherError,
        SearchIndexError,
        SynonymsError,
        UnsupportedFormatError,
    )
    from searcher.index import Index
    from searcher.models import (
        ArticleInfo,
        Hit,
        Line,
        Paragraph,
        Passage,
        ReadOptions,
        Results,
        Span,
        Total,
    )
    from searcher.reports import (
        Count,
        Diagnosis,
        FacetValue,
        Failure,
        Keyword,
        Report,
        Similar,
        Stats,
        Suspicion,
        TermDetails,
    )

__all__ = [
    "Article",
    "ArticleInfo",
    "ArticleNotFoundError",
    "Count",
    "DecodingError",
    "Diagnosis",
    "Earlier",
    "EngineError",
    "Expansion",
    "FacetValue",
    "Failure",
    "Hit",
    "Index",
    "IndexDamagedError",
    "IndexFolderError",
    "IndexLockedError",
    "IndexNotFoundError",
    "IndexStaleError",
    "Keyword",
    "Line",
    "Paragraph",
    "Passage",
    "QueryError",
    "ReadError",
    "ReadOptions",
    "Removed",
    "Report",
    "Results",
    "SearchIndexError",
    "SearcherError",
    "Similar",
    "Span",
    "Stats",
    "Suspicion",
    "SynonymsError",
    "TermDetails",
    "Total",
    "UnsupportedFormatError",
]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Return a public name; what has it is loaded when it is asked for, and nothing else."""
        from importlib import import_module

        if name in __all__:
            for module in ("errors", "index", "models", "details"):
                if hasattr(found := import_module(f"searcher.{module}"), name):
                    return getattr(found, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return [*globals(), *__all__]
