"""How does a person see what is told of a search beside its hits?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from searcher.drawing import PLACE, QUIET, TITLE, Drawn, Output, count, linked, print_line, print_wrapped, styled
from searcher.models import ArticleInfo, Hit, Results

if TYPE_CHECKING:
    from searcher.reports import Count, Keyword, Similar

_INDENT = 4
MOST_VALUES = 20  # of a facet; JSON has them all


def facts(article: ArticleInfo) -> str:
    """Return one line with issuer, number, date and source of an article, as far as known."""
    inferred = " (inferred)" if "date" in article.inferred else ""
    date = f"{article.date}{inferred}" if article.date else article.published
    known = [
        article.issuer,
        article.number,
        date,
        article.source if article.source != article.issuer else None,
    ]
    return " · ".join(fact for fact in known if fact)


def beside(path: str, place: str) -> Drawn:
    """Return a place in a file, linked to the file, as it stands beside an id; nothing where there is no file."""
    return Drawn("  ") + styled(place, linked(PLACE, path)) if path else Drawn()


def more_copies(number: int) -> str:
    """Return how many more copies of an article there are, in words."""
    return "1 more copy" if number == 1 else f"{number:,} more copies"


def print_expansions(output: Output, results: Results) -> None:
    """Print a line for each term that stood for other names, too."""
    for expansion in results.expansions:
        print_wrapped(output, styled(f"{expansion.term}, also: {', '.join(expansion.also)}", QUIET), indent=0)
    if results.expansions:
        print_line(output)


def print_parts(output: Output, hit: Hit, *, indent: int) -> None:
    """Print what the score of a hit is made of."""
    if hit.parts:
        parts = " + ".join(f"{name} {value:.2f}" for name, value in hit.parts)
        print_wrapped(output, styled(f"score {hit.score:.2f} = {parts}", QUIET), indent=indent)


def print_terms(output: Output, results: Results) -> None:
    """Print of each term how many paragraphs hold it, its other names and its words."""
    for term in results.terms:
        print_wrapped(output, styled(f"{term.term}: {count(term.paragraphs, 'paragraph')}"), indent=0)
        for name, counts in (("also", term.also), ("words", term.words)):
            if counts:
                print_wrapped(output, styled(f"{name}: {_counts(counts)}", QUIET), indent=4)


def _counts(counts: Sequence[Count]) -> str:
    return ", ".join(f"{held.text} {held.paragraphs:,}" for held in counts)


def print_facets(output: Output, results: Results) -> None:
    """Print how many articles have each value of a facet."""
    for name, values in results.facets.items():
        print_line(output)
        print_line(output, styled(f"{name}:"))
        digits = max((len(f"{value.count:,}") for value in values), default=0)
        for value in values[:MOST_VALUES]:
            print_line(output, styled(f"  {value.count:>{digits},}  {value.value or '(none)'}"))
        if len(values) > MOST_VALUES:
            print_line(output, styled(f"  … and {len(values) - MOST_VALUES:,} more (--json lists all)", QUIET))


def print_keywords(output: Output, keywords: Sequence[Keyword]) -> None:
    """Print words with their weights."""
    from rich.cells import cell_len

    widest = max((cell_len(keyword.word) for keyword in keywords), default=0)
    for keyword in keywords:
        space = " " * (widest - cell_len(keyword.word))
        print_line(output, styled(f"{keyword.word}{space}  {keyword.weight:.2f}"))


def print_similar(output: Output, found: Sequence[Similar]) -> None:
    """Print articles as a search does, each with its likeness to another and the words that both hold."""
    for place, one in enumerate(found, 1):
        article = one.article
        title = styled(article.title or "(no title)", TITLE)
        print_wrapped(output, title, indent=_INDENT, first=styled(f"{place:>2}. ", QUIET))
        if known := facts(article):
            print_wrapped(output, styled(known, QUIET), indent=_INDENT)
        if one.copies:
            print_wrapped(output, styled(f"and {more_copies(one.copies)}", QUIET), indent=_INDENT)
        print_line(output, Drawn(" " * _INDENT) + styled(article.id, QUIET) + beside(article.path, article.path))
        print_wrapped(output, styled(f"{one.score:.2f}: {', '.join(one.words)}", QUIET), indent=_INDENT)
        print_line(output)
