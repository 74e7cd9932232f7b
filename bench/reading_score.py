"""How near is what was read to what should have come out?

``scored`` reads the documents of the cases and compares, field by field and character by character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from rapidfuzz.distance import Indel

from bench.reading_gold import FIELDS, Case
from searcher.analyzer import fold
from searcher.errors import SearcherError
from searcher.models import Article, Source
from searcher.readers import read
from searcher.split import extract

CHECKS = (*FIELDS, "articles", "begins", "ends")
"""What is right or wrong of a document, beside its text."""
LEAST_TEXT = 0.90
"""The character F1 below which a text is a difference."""

Reasons = Mapping[tuple[Path, str], str]
Repeated = Mapping[Path, frozenset[int]]
"""By folder, the lines that its pages have in common."""
_SHOWN = 160  # characters of a value in a list of differences
_SEPARATORS = re.compile(r"[、，,;；]")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that came out otherwise than the gold says."""

    name: str
    field: str
    wanted: str
    found: str


@dataclass(frozen=True, slots=True)
class Score:
    """How one document came out.

    ``right`` holds what was asked for, of ``CHECKS``; ``f1`` is the character F1 of the text, from 0 to 1, or None
    where the gold has no text. ``excused`` names what was asked for but has a reason not to be scored. ``failure`` says
    why nothing came out of the file.
    """

    case: Case
    right: Mapping[str, bool]
    f1: float | None
    differences: tuple[Difference, ...] = ()
    excused: tuple[str, ...] = ()
    failure: str | None = None


def scored(cases: Iterable[Case], *, reasons: Reasons, repeated: Repeated) -> Iterator[Score]:
    """Yield the score of every case, in order; each file is read once for the cases that follow one another."""
    for path, group in groupby(cases, key=lambda case: case.path):
        try:
            sources: Sequence[Source] | str = read(path)
        except SearcherError as error:
            sources = error.message
        for case in group:
            excused = tuple(name for name in _asked(case) if (case.path, name) in reasons)
            if isinstance(sources, str):
                yield _nothing(case, excused, failure=sources)
            else:
                yield _score(case, _articles(case, sources, repeated.get(path.parent, frozenset())), excused)


def _score(case: Case, articles: Sequence[Article], excused: tuple[str, ...]) -> Score:
    if case.ordinal >= len(articles):
        return _nothing(case, excused)
    asked = [name for name in _asked(case) if name not in excused]
    article = articles[case.ordinal]
    found = _differences(case, article, len(articles))
    f1 = character_f1(_text(article, case), case.text or "", folded=case.folded) if "text" in asked else None
    if f1 is not None and f1 < LEAST_TEXT:
        found["text"] = Difference(case.name, "text", f"F1 of {LEAST_TEXT:.2f} or more", f"{f1:.4f}")
    right = {name: name not in found for name in asked if name != "text"}
    return Score(case, right, f1, tuple(found[name] for name in asked if name in found), excused)


def _nothing(case: Case, excused: tuple[str, ...], *, failure: str | None = None) -> Score:
    """Return the score of a document that did not come out: everything is wrong."""
    asked = [name for name in _asked(case) if name not in excused]
    right = {name: False for name in asked if name != "text"}
    difference = Difference(case.name, "all", "an article", failure or "none")
    return Score(case, right, 0.0 if "text" in asked else None, (difference,), excused, failure)


def _asked(case: Case) -> Iterator[str]:
    yield from (name for name in FIELDS if name in case.wanted)
    for name, value in (("articles", case.articles), ("begins", case.begins), ("ends", case.ends), ("text", case.text)):
        if value is not None:
            yield name


def _articles(case: Case, sources: Sequence[Source], repeated: frozenset[int]) -> list[Article]:
    """Return the articles of the file, or of the one record that the case is about."""
    if case.record is not None:
        sources = [source for source in sources if source.record == case.record]
    return [article for source in sources for article in extract(source, repeated=repeated).articles]


def _differences(case: Case, article: Article, articles: int) -> dict[str, Difference]:
    found: dict[str, Difference] = {}
    for name, values in case.wanted.items():
        value = getattr(article, name)
        if same(value, name) not in {same(wanted, name) for wanted in values}:
            found[name] = Difference(case.name, name, " or ".join(str(wanted) for wanted in values), str(value))
    if case.articles not in (None, articles):
        found["articles"] = Difference(case.name, "articles", str(case.articles), str(articles))
    body = squeezed("".join(paragraph.text for paragraph in article.paragraphs))
    if case.begins and not body.startswith(squeezed(case.begins)):
        found["begins"] = Difference(case.name, "begins", case.begins, body[:24])
    if case.ends and not body.endswith(squeezed(case.ends)):
        found["ends"] = Difference(case.name, "ends", case.ends, body[-24:])
    return found


def _text(article: Article, case: Case) -> str:
    front = [line.text for line in article.front if line.kind != "meta"] if case.with_head else []
    return "".join([*front, *(paragraph.text for paragraph in article.paragraphs)])


def squeezed(text: str) -> str:
    """Return ``text`` without space, full-width and other compatibility characters made plain (NFKC)."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def same(value: str | None, name: str) -> str | None:
    """Return a value as it is compared: space, width, and what parts joint issuers do not count."""
    if value is None:
        return None
    return _SEPARATORS.sub("", squeezed(value)) if name == "issuer" else squeezed(value)


def character_f1(found: str, wanted: str, *, folded: bool = False) -> float:
    """Return the character F1 of two texts by their longest common subsequence: 2 LCS / (a + b), space not counted.

    ``folded``: both are folded first, so that traditional characters equal simplified ones. Two empty texts give 1.
    """
    if folded:
        found, wanted = fold(found), fold(wanted)
    return float(Indel.normalized_similarity(squeezed(found), squeezed(wanted)))


def shown(text: str) -> str:
    """Return a value on one line, cut where it is long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN else flat[: _SHOWN - 1] + "…"
