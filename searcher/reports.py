"""What is told of an index, and of what was done to it? Frozen data classes, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from searcher.models import ArticleInfo


@dataclass(frozen=True, slots=True)
class Similar:
    """An article that is like another.

    ``score`` is from 0 to 1, which is the article itself; ``words`` are those that both hold, those that tell most
    first; ``copies`` counts further articles that are copies of this one.
    """

    score: float
    article: ArticleInfo
    words: tuple[str, ...]
    copies: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read: where, what is wrong, and what to do."""

    path: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an update of the index did, counted in files, and what it could not read.

    ``articles`` counts what was read now. ``passed_over`` counts files in the folders that are no documents, by
    ending. ``titles`` are those of the articles that were removed by id.
    """

    added: int = 0
    updated: int = 0
    removed: int = 0
    unchanged: int = 0
    articles: int = 0
    failures: tuple[Failure, ...] = ()
    passed_over: Mapping[str, int] = field(default_factory=dict)
    titles: tuple[str, ...] = ()

    @property
    def failed(self) -> int:
        """How many files could not be read."""
        return len(self.failures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """What an index holds.

    ``files`` were read, ``failed`` ones could not be; ``characters`` are code points of paragraphs, ``bytes`` what
    the index takes on the disk.
    """

    files: int
    failed: int
    articles: int
    paragraphs: int
    characters: int
    bytes: int
    engine: str
    analyzer: str
    created: str
    updated: str
    roots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Something that looks wrong in what was read: what it is, how many files or articles, and one of them."""

    what: str
    count: int
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What is wrong with an index, and what is known of its files.

    ``problems`` say what is wrong with the index itself, each with the command that mends it; ``failures`` are
    files that could not be read; ``changed`` files differ from what was indexed, ``missing`` ones are gone,
    ``new`` ones lie in the indexed folders; ``empty`` files gave no article, and why; ``recognized`` ones hold text
    that was recognized in pictures; ``suspicions`` tell what else may have been read wrongly; ``removed`` counts code
    points taken out as navigation and the like.
    """

    problems: tuple[Failure, ...]
    failures: tuple[Failure, ...]
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    new: tuple[str, ...]
    empty: tuple[Failure, ...]
    recognized: tuple[str, ...]
    suspicions: tuple[Suspicion, ...]
    removed: int

    @property
    def sound(self) -> bool:
        """Whether nothing needs to be done."""
        return not (self.problems or self.failures or self.changed or self.missing or self.new)


@dataclass(frozen=True, slots=True)
class Count:
    """A text, folded, and how many paragraphs of the index hold it."""

    text: str
    paragraphs: int


@dataclass(frozen=True, slots=True)
class TermDetails:
    """How a term was looked for.

    ``paragraphs`` is how many paragraphs of the index hold ``term`` or one of ``also``, which mean the same, where
    it was looked for; ``words`` are those the term is made of, for partial matches.
    """

    term: str
    paragraphs: int
    also: tuple[Count, ...]
    words: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet, None where an article has none, and how many articles that match in full have it."""

    value: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word that tells an article from the others, folded, and its weight; the greatest comes first."""

    word: str
    weight: float
