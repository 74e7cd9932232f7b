"""How does a person see it?

Results become rich text on a terminal and plain lines in a pipe. A document's text is only ever shown as text with
spans: it cannot act as markup or as a control sequence.
"""

from __future__ import annotations

from collections.abc import Sequence

from searcher.drawing import (
    MAX_WIDTH,
    PLACE,
    QUIET,
    TITLE,
    Drawn,
    Output,
    count,
    linked,
    print_line,
    print_wrapped,
    styled,
)
from searcher.models import Hit, Passage, Results
from searcher.query import Term, leaves, parse
from searcher.render_details import (
    beside,
    facts,
    more_copies,
    print_expansions,
    print_facets,
    print_parts,
    print_terms,
)
from searcher.wrapping import excerpt

EXCERPT_LINES = 4  # of a paragraph, on a terminal
_INDENT = 4
_PARTED = "--"  # between paragraphs that do not stand side by side, where there is context; as grep writes it


def _labels(passages: Sequence[Passage]) -> list[str]:
    """Return what to name each paragraph by: its line or page, or ``#`` and its number where there is no such thing.

    Lines must tell paragraphs apart; pages need not.
    """
    if passages and all(passage.page is not None for passage in passages):
        return [f"p.{passage.page}" for passage in passages]
    lines = {passage.line for passage in passages}
    if None in lines or len(lines) < len(passages):
        return [f"#{passage.ordinal}" for passage in passages]
    return [f"{passage.line}" for passage in passages]


def _place(label: str) -> str:
    """Return what follows a path to say where in the file: ``:12`` as editors and grep write it, or a page."""
    return f" {label}" if label.startswith("p.") else f":{label}"


def _passage(output: Output, passage: Passage, path: str, *, label: str, digits: int) -> None:
    mark = "- " if passage.context else "  "
    first = Drawn(" " * (_INDENT + digits - len(label))) + styled(label, linked(PLACE, path)) + styled(mark, QUIET)
    text = styled(passage.text, QUIET if passage.context else "", passage.highlights)
    if output.is_terminal:
        room = (min(output.width, MAX_WIDTH) - len(first.plain)) * EXCERPT_LINES // 2
        part = excerpt(passage.text, passage.highlights, max(40, room))
        before, after = Drawn("…" if part.start else ""), Drawn("…" if part.end < len(passage.text) else "")
        text = before + text.part(part) + after
    print_wrapped(output, text, indent=len(first.plain), first=first)


def _hit(output: Output, hit: Hit, *, partial: str) -> None:
    article = hit.article
    number = styled(f"{hit.rank:>2}. ", QUIET)
    title = styled(article.title or "(no title)", TITLE, hit.title_highlights)
    print_wrapped(output, title, indent=_INDENT, first=number)
    known = facts(article)
    if hit.partial:
        known = f"{known} · {partial}" if known else partial
    if known:
        print_wrapped(output, styled(known, QUIET), indent=_INDENT)
    if hit.copies:
        said = f"and {more_copies(hit.copies)} (--all-copies shows them)"
        print_wrapped(output, styled(said, QUIET), indent=_INDENT)
    print_parts(output, hit, indent=_INDENT)
    labels = _labels(hit.paragraphs)
    named = next((label for label, passage in zip(labels, hit.paragraphs, strict=True) if not passage.context), "")
    place = article.path if not named or named.startswith("#") else f"{article.path}{_place(named)}"
    print_line(output, Drawn(" " * _INDENT) + styled(article.id, QUIET) + beside(article.path, place))
    digits = max(map(len, labels), default=1)
    label_of = {passage.ordinal: label for label, passage in zip(labels, hit.paragraphs, strict=True)}
    for nth, group in enumerate(_groups(hit.paragraphs)):
        if nth:
            print_line(output, styled(f"{' ' * _INDENT}{_PARTED}", QUIET))
        for passage in group:
            _passage(output, passage, article.path, label=label_of[passage.ordinal], digits=digits)
    print_line(output)


def _groups(passages: Sequence[Passage]) -> list[list[Passage]]:
    """Return paragraphs amid their context as they stand side by side, first the group of the best.

    Without context there is one group, best first.
    """
    if not any(passage.context for passage in passages):
        return [list(passages)]
    left = {passage.ordinal: passage for passage in passages}
    groups = []
    for passage in passages:
        if passage.ordinal in left:
            first = end = passage.ordinal
            while first - 1 in left:
                first -= 1
            while end in left:
                end += 1
            groups.append([left.pop(ordinal) for ordinal in range(first, end)])
    return groups


def _is_one_term(query: str) -> bool:
    """Tell whether a query looks for one run of characters: a partial match of it holds parts of that text."""
    return len([leaf for leaf in leaves(parse(query)) if isinstance(leaf, Term)]) == 1


def summary(results: Results) -> str:
    """Return the totals of a search and its time as one line."""
    total = results.total
    one = bool(total.partial) and _is_one_term(results.query)
    said = f"{count(total.articles, 'article')}, {count(total.paragraphs, 'paragraph')}"
    if total.partial and not total.articles:
        wanted, held = ("exactly this text", "parts of it") if one else ("all of the words", "some of them")
        said = f"no article with {wanted}, {total.partial:,} with {held}"
    elif total.partial:
        said += f"; {total.partial:,} more with {'parts of it' if one else 'some of the words'}"
    return f"{said} · {results.took_ms:g} ms"


def print_results(output: Output, results: Results) -> None:
    """Print the other names of terms, hits, totals, and what else was asked for."""
    one = bool(results.total.partial) and _is_one_term(results.query)
    print_expansions(output, results)
    for hit in results.hits:
        _hit(output, hit, partial="parts of the text" if one else "some of the words")
    print_wrapped(output, styled(f"{_shown(results)}{summary(results)}", QUIET), indent=0)
    print_terms(output, results)
    print_facets(output, results)


def _shown(results: Results) -> str:
    """Return which of the articles are shown, where that is not all: ``1–10 of ``."""
    every = results.total.articles + results.total.partial
    if not results.hits or len(results.hits) == every:
        return ""
    first, last = results.hits[0].rank, results.hits[-1].rank
    shown = f"{first}–{last}" if last > first else f"{first}"
    return f"{shown} of {every:,}: " if results.total.partial else f"{shown} of "
