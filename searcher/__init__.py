"""Full-text search for Chinese policy documents.

from searcher import Index

with Index.open("index", create=True) as index:
    index.update("corpus")
    for hit in index.search("工业互联网 安全"):
        print(hit.article.title, hit.article.date, hit.score)
"""

from searcher.details import Count, Earlier, Expansion, FacetValue, Keyword, TermDetails
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
    Article,
    ArticleInfo,
    Diagnosis,
    Failure,
    Hit,
    Line,
    Paragraph,
    Passage,
    ReadOptions,
    Removed,
    Report,
    Results,
    Similar,
    Span,
    Stats,
    Suspicion,
    Total,
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
