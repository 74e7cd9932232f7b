"""How does a person see it?

Results become rich text on a terminal and plain lines in a pipe. A document's text is only ever shown as text with
spans: it cannot act as markup or as a control sequence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from rich.text import Text

from searcher.models import Article, ArticleInfo, Diagnosis, Failure, Hit, Passage, Removed, Results, Span, Stats
from searcher.query import Term, leaves, parse
from searcher.wrapping import excerpt, safe, wrap

MATCH = Style(bold=True, color="red")
TITLE = Style(bold=True, color="cyan")
QUIET = Style(dim=True)
PLACE = Style(color="green")
WARNING = Style(color="yellow")
EXCERPT_LINES = 4  # of a paragraph, on a terminal
_INDENT = 4
_MAX_WIDTH = 120  # longer lines are hard to read


def console() -> Console:
    """Return what prints to stdout, as rich leaves it: nothing in a text is markup, an emoji or a number to colour."""
    return Console(highlight=False, markup=False, emoji=False)


def _text(text: str, style: Style | str = "", spans: Iterable[Span] = ()) -> Text:
    shown = Text(safe(text), no_wrap=True, overflow="ignore", end="")
    shown.stylize(style)  # as a span: a text's own style would spread to all that is added to it
    for span in spans:
        shown.stylize(MATCH, span.start, span.end)
    return shown


def _line(console: Console, text: Text) -> None:
    console.print(text, soft_wrap=True)


def _wrapped(console: Console, text: Text, *, indent: int, first: Text | None = None) -> None:
    """Print a text in lines as wide as the terminal; in a pipe, as one line."""
    lead = first or Text(" " * indent)
    if not console.is_terminal:
        _line(console, lead + text)
        return
    width = max(20, min(console.width, _MAX_WIDTH) - indent)
    for span in wrap(text.plain, width):
        _line(console, lead + text[span.start : span.end])
        lead = Text(" " * indent)


def _facts(article: ArticleInfo) -> str:
    """Return one line with issuer, number, date and source of an article, as far as known."""
    inferred = " (inferred)" if "date" in article.inferred else ""
    date = f"{article.date}{inferred}" if article.date else article.published
    facts = [
        article.issuer,
        article.number,
        date,
        article.source if article.source != article.issuer else None,
    ]
    return " · ".join(fact for fact in facts if fact)


def _link(path: str) -> Style:
    return Style(link=Path(path).absolute().as_uri()) if path else Style()


def _beside(path: str, place: str) -> Text:
    return Text("  ") + _text(place, PLACE + _link(path)) if path else Text()


def _labels(passages: Sequence[Passage]) -> list[str]:
    """Return what to name each paragraph by: its line, or ``#`` and its number where lines do not tell them apart."""
    lines = {passage.line for passage in passages}
    if None in lines or len(lines) < len(passages):
        return [f"#{passage.ordinal}" for passage in passages]
    return [f"{passage.line}" for passage in passages]


def _passage(console: Console, passage: Passage, path: str, *, label: str, digits: int) -> None:
    mark = "- " if passage.context else "  "
    first = Text(" " * (_INDENT + digits - len(label))) + _text(label, PLACE + _link(path)) + _text(mark, QUIET)
    text = _text(passage.text, QUIET if passage.context else "", passage.highlights)
    if console.is_terminal:
        room = (min(console.width, _MAX_WIDTH) - len(first.plain)) * EXCERPT_LINES // 2
        part = excerpt(passage.text, passage.highlights, max(40, room))
        cut = text[part.start : part.end]
        before, after = Text("…" if part.start else ""), Text("…" if part.end < len(passage.text) else "")
        text = before + cut + after
    _wrapped(console, text, indent=len(first.plain), first=first)


def _hit(console: Console, hit: Hit, *, partial: str) -> None:
    article = hit.article
    number = _text(f"{hit.rank:>2}. ", QUIET)
    title = _text(article.title or "(no title)", TITLE, hit.title_highlights)
    _wrapped(console, title, indent=_INDENT, first=number)
    facts = _facts(article)
    if hit.partial:
        facts = f"{facts} · {partial}" if facts else partial
    if facts:
        _wrapped(console, _text(facts, QUIET), indent=_INDENT)
    if hit.copies:
        more = "1 more copy" if hit.copies == 1 else f"{hit.copies:,} more copies"
        _wrapped(console, _text(f"and {more} (--all-copies shows them)", QUIET), indent=_INDENT)
    labels = _labels(hit.paragraphs)
    named = next((label for label, passage in zip(labels, hit.paragraphs, strict=True) if not passage.context), "")
    place = article.path if not named or named.startswith("#") else f"{article.path}:{named}"
    _line(console, Text(" " * _INDENT) + _text(article.id, QUIET) + _beside(article.path, place))
    digits = max(map(len, labels), default=1)
    for label, passage in zip(labels, hit.paragraphs, strict=True):
        _passage(console, passage, article.path, label=label, digits=digits)
    console.print()


def count(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 article``, ``2,000 articles``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


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


def print_results(console: Console, results: Results) -> None:
    """Print hits and totals."""
    one = bool(results.total.partial) and _is_one_term(results.query)
    for hit in results.hits:
        _hit(console, hit, partial="parts of the text" if one else "some of the words")
    _wrapped(console, _text(f"{_shown(results)}{summary(results)}", QUIET), indent=0)


def _shown(results: Results) -> str:
    """Return which of the articles are shown, where that is not all: ``1–10 of ``."""
    every = results.total.articles + results.total.partial
    if not results.hits or len(results.hits) == every:
        return ""
    first, last = results.hits[0].rank, results.hits[-1].rank
    shown = f"{first}–{last}" if last > first else f"{first}"
    return f"{shown} of {every:,}: " if results.total.partial else f"{shown} of "


_LABELS = (
    ("issuer", "issuer 发文机关"),
    ("number", "number 发文字号"),
    ("date", "date 成文日期"),
    ("published", "published 发布日期"),
    ("source", "source 来源"),
    ("author", "author 作者"),
    ("addressee", "to 主送机关"),
    ("topic", "topic 主题分类"),
    ("index_no", "index no. 索引号"),
    ("original_title", "original title 原标题"),
    ("url", "url"),
    ("id", "id"),
)


_LABEL_WIDTH = 23  # columns: the widest label and two spaces


def print_article(console: Console, article: Article, *, removed: Sequence[Removed] = ()) -> None:
    """Print a whole article: what is known of it, its paragraphs, and what was taken out of its file, if given."""
    _wrapped(console, _text(article.title or "(no title)", TITLE), indent=0)
    facts = [(label, name, getattr(article, name)) for name, label in _LABELS]
    facts.insert(6, ("keywords 关键词", "keywords", "、".join(article.keywords)))
    for label, name, value in facts:
        if value:
            inferred = " (inferred)" if name in article.inferred else ""
            first = _text(label + " " * (_LABEL_WIDTH - cell_len(label)), QUIET)
            _wrapped(console, _text(f"{value}{inferred}"), indent=_LABEL_WIDTH, first=first)
    if article.path:
        first = _text(f"{'file 文件':<{_LABEL_WIDTH - 2}}", QUIET)
        _line(console, first + _text(article.path, PLACE + _link(article.path)))
    console.print()
    for paragraph in article.paragraphs:
        style = Style(bold=True) if paragraph.kind == "heading" else Style()
        first = _text(f"{paragraph.ordinal:>4}  ", QUIET)
        _wrapped(console, _text(paragraph.text, style), indent=6, first=first)
    if removed:
        console.print()
        _line(console, _text(f"taken out of the file ({len(removed)}):", QUIET))
        for item in removed:
            where = f"line {item.line}: " if item.line is not None else ""
            _wrapped(console, _text(f"{where}{item.text}  ({item.reason})", QUIET), indent=6)


def print_list(console: Console, articles: Iterable[ArticleInfo]) -> int:
    """Print the articles under their files; in a pipe, a line each, parted by tabs. Return how many there are."""
    number, path = 0, None
    for article in articles:
        number += 1
        title = article.title or "(no title)"
        date = f"{article.date or ''}{' (inferred)' if 'date' in article.inferred else ''}"
        if not console.is_terminal:
            console.file.write("\t".join(map(safe, (article.id, date, title, article.path))) + "\n")
            continue
        if article.path != path:
            path = article.path
            _line(console, _text(path or "(added by a script)", PLACE + _link(path)))
        first = _text(f"  {article.id}  ", QUIET) + _text(f"{date:<10}  ")
        _wrapped(console, _text(title, TITLE), indent=len(first.plain), first=first)
    return number


def print_stats(console: Console, stats: Stats) -> None:
    """Print what an index holds."""
    rows = (
        ("files", f"{stats.files:,}{f' (and {stats.failed:,} that could not be read)' if stats.failed else ''}"),
        ("articles", f"{stats.articles:,}"),
        ("paragraphs", f"{stats.paragraphs:,}"),
        ("characters", f"{stats.characters:,}"),
        ("size", f"{stats.bytes / 1e6:,.1f} MB"),
        ("engine", stats.engine),
        ("analyzer", stats.analyzer),
        ("built", stats.created),
        ("updated", stats.updated),
        ("from", ", ".join(stats.roots)),
    )
    for name, value in rows:
        _line(console, _text(f"{name:<12}", QUIET) + _text(value))


def _complaints(console: Console, heading: str, lines: Sequence[str], *, most: int = 20) -> None:
    if lines:
        _line(console, _text(f"{heading} ({len(lines):,}):", WARNING))
        for line in lines[:most]:
            _line(console, _text(f"  {line}"))
        if len(lines) > most:
            _line(console, _text(f"  … and {len(lines) - most:,} more (--json lists all)", QUIET))


def failure_line(failure: Failure) -> str:
    """Return one line that says which file failed, why, and what to do."""
    hint = f" ({failure.hint})" if failure.hint else ""
    return safe(f"{failure.path}: {failure.message}{hint}")


def print_diagnosis(console: Console, found: Diagnosis, *, command: Callable[[str], str] = str) -> None:
    """Print what is wrong with an index and what to do; ``command`` puts the index into a command that is named."""
    problems = [replace(problem, hint=command(problem.hint)) for problem in found.problems]
    _complaints(console, "the index needs to be made anew", list(map(failure_line, problems)))
    _complaints(console, "files that could not be read", [failure_line(failure) for failure in found.failures])
    _complaints(console, "files that have changed since they were indexed", found.changed)
    _complaints(console, "files that are gone", found.missing)
    _complaints(console, "files that are not indexed yet", found.new)
    _complaints(console, "files in which no article was found", found.empty)
    if found.changed or found.missing or found.new:
        _line(console, _text(command("Bring the index up to date with: policy-search index")))
    if found.removed:
        said = f"{found.removed:,} characters were taken out as navigation and the like"
        _wrapped(console, _text(f"{said} ({command('policy-search show ID --removed')})", QUIET), indent=0)
    if found.sound:
        _line(console, _text("The index is sound and up to date.", PLACE))
