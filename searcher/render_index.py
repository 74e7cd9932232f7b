"""How does a person see what is in an index? One article whole, the list of all, counts, what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from rich.cells import cell_len

from searcher.drawing import (
    HEADING,
    PLACE,
    QUIET,
    TITLE,
    WARNING,
    Drawn,
    Output,
    failure_line,
    linked,
    print_line,
    print_wrapped,
    styled,
)
from searcher.models import Article, ArticleInfo, Diagnosis, Removed, Stats
from searcher.wrapping import safe

_LABELS = (
    ("issuer", "issuer 发文机关"),
    ("issuers", "jointly 联合发文"),
    ("number", "number 发文字号"),
    ("date", "date 成文日期"),
    ("published", "published 发布日期"),
    ("effective", "effective 施行日期"),
    ("status", "status 时效性"),
    ("source", "source 来源"),
    ("author", "author 作者"),
    ("keywords", "keywords 关键词"),
    ("addressee", "to 主送机关"),
    ("attachments", "attachments 附件"),
    ("topic", "topic 主题分类"),
    ("index_no", "index no. 索引号"),
    ("original_title", "original title 原标题"),
    ("url", "url"),
    ("record", "record 记录"),
    ("record_id", "record id"),
    ("id", "id"),
)


_LABEL_WIDTH = 23  # columns: the widest label and two spaces


def print_article(output: Output, article: Article, *, removed: Sequence[Removed] = ()) -> None:
    """Print a whole article: what is known of it, its paragraphs, and what was taken out of its file, if given."""
    print_wrapped(output, styled(article.title or "(no title)", TITLE), indent=0)
    for name, label in _LABELS:
        value = getattr(article, name)
        if isinstance(value, tuple):
            value = "、".join(value if name != "issuers" or len(value) > 1 else ())
        if value:
            inferred = " (inferred)" if name in article.inferred else ""
            first = styled(label + " " * (_LABEL_WIDTH - cell_len(label)), QUIET)
            print_wrapped(output, styled(f"{value}{inferred}"), indent=_LABEL_WIDTH, first=first)
    if article.path:
        first = styled(f"{'file 文件':<{_LABEL_WIDTH - 2}}", QUIET)
        print_line(output, first + styled(article.path, linked(PLACE, article.path)))
    print_line(output)
    page: int | str | None = None
    for paragraph in article.paragraphs:
        if (here := paragraph.page or paragraph.sheet) != page:
            page = here
            print_line(output, styled(f"      {'page' if paragraph.page else 'sheet'} {here}", QUIET))
        style = HEADING if paragraph.kind == "heading" else ""
        first = styled(f"{paragraph.ordinal:>4}  ", QUIET)
        print_wrapped(output, styled(paragraph.text, style), indent=6, first=first)
    if removed:
        print_line(output)
        print_line(output, styled(f"taken out of the file ({len(removed)}):", QUIET))
        for item in removed:
            where = f"line {item.line}: " if item.line is not None else ""
            print_wrapped(output, styled(f"{where}{item.text}  ({item.reason})", QUIET), indent=6)


def print_list(output: Output, articles: Iterable[ArticleInfo]) -> int:
    """Print the articles under their files; in a pipe, a line each, parted by tabs. Return how many there are."""
    number, path = 0, None
    for article in articles:
        number += 1
        title = article.title or "(no title)"
        date = f"{article.date or ''}{' (inferred)' if 'date' in article.inferred else ''}"
        if not output.is_terminal:
            print_line(output, Drawn("\t".join(map(safe, (article.id, date, title, article.path)))))
            continue
        if article.path != path:
            path = article.path
            print_line(output, styled(path or "(added by a script)", linked(PLACE, path)))
        first = styled(f"  {article.id}  ", QUIET) + styled(f"{date:<10}  ")
        print_wrapped(output, styled(title, TITLE), indent=len(first.plain), first=first)
    return number


def print_stats(output: Output, stats: Stats) -> None:
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
        print_line(output, styled(f"{name:<12}", QUIET) + styled(value))


def _complaints(output: Output, heading: str, lines: Sequence[str], *, most: int = 20) -> None:
    if lines:
        print_line(output, styled(f"{heading} ({len(lines):,}):", WARNING))
        for line in lines[:most]:
            print_line(output, styled(f"  {line}"))
        if len(lines) > most:
            print_line(output, styled(f"  … and {len(lines) - most:,} more (--json lists all)", QUIET))


def print_diagnosis(output: Output, found: Diagnosis, *, command: Callable[[str], str] = str) -> None:
    """Print what is wrong with an index and what to do; ``command`` puts the index into a command that is named."""
    problems = [replace(problem, hint=command(problem.hint)) for problem in found.problems]
    _complaints(output, "the index needs to be made anew", list(map(failure_line, problems)))
    _complaints(output, "files that could not be read", [failure_line(failure) for failure in found.failures])
    _complaints(output, "files that have changed since they were indexed", found.changed)
    _complaints(output, "files that are gone", found.missing)
    _complaints(output, "files that are not indexed yet", found.new)
    _complaints(output, "files in which no article was found", list(map(failure_line, found.empty)))
    _complaints(output, "files with text that was recognized in pictures", found.recognized)
    for suspicion in found.suspicions:
        said = f"{suspicion.what}: {suspicion.count:,}, as {suspicion.example}"
        print_wrapped(output, styled(said, QUIET), indent=0)
    if found.changed or found.missing or found.new:
        print_line(output, styled(command("Bring the index up to date with: policy-search index")))
    if found.removed:
        said = f"{found.removed:,} characters were taken out as navigation and the like"
        print_wrapped(output, styled(f"{said} ({command('policy-search show ID --removed')})", QUIET), indent=0)
    if found.sound:
        print_line(output, styled("The index is sound and up to date.", PLACE))
