"""How does a terminal ask for a search?"""

from __future__ import annotations

import gc
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Literal

import click

from searcher import layout
from searcher.arguments import (
    NOTHING,
    SearchCommand,
    chosen_engine,
    chosen_index,
    engine_option,
    index_is_named,
    index_option,
    json_option,
    named_engine,
    need_at_most_one,
    query_text,
)
from searcher.details import Bounds, Earlier
from searcher.errors import SearcherError
from searcher.history import last, remember
from searcher.index import Index
from searcher.messages import progress, say, say_report
from searcher.models import Results
from searcher.wrapping import safe

Form = Literal["text", "json", "jsonl", "count", "paths"]

_UNREAD = re.compile(r"[*＊?!！]")  # marks that may be taken for wildcards, or for a minus
CORPUS = Path("corpus")
_REMEMBERED = tuple(field.name for field in fields(Bounds))


@click.command(cls=SearchCommand, name="search", short_help="Search the index; the word “search” can be left out")
@click.argument("query", nargs=-1, required=True, metavar="QUERY...")
@index_option
@engine_option
@click.option("-n", "--limit", type=click.IntRange(min=0), metavar="N", help="Articles to show  [10]")
@click.option("--offset", type=click.IntRange(min=0), default=0, metavar="N", help="Skip the first N")
@click.option("--sort", type=click.Choice(["relevance", "date", "-date"]), default="relevance",
              help="Best first, oldest first, newest first  [relevance]")  # fmt: skip
@click.option("--since", metavar="DATE", help="From this date: 2018, 2018-05 or 2018-05-21")
@click.option("--until", metavar="DATE", help="Up to this date")
@click.option("--issuer", metavar="TEXT", help="Part of the 发文机关 or source, or of another name of it")
@click.option("--in", "where", type=click.Choice(["title", "body", "all"]), default="all", help="Where to look  [all]")
@click.option("--within", type=click.Choice(["sentence", "paragraph", "article"]), default="article",
              help="What all the words must stand in together  [article]")  # fmt: skip
@click.option("--no-expand", "expand", is_flag=True, flag_value=False, default=True,
              help="Do not look for other names of a word")  # fmt: skip
@click.option("--in-results", is_flag=True, help="Look only among the matches of the last search that found any")
@click.option("--facet", "facets", multiple=True, type=click.Choice(["issuer", "year", "source", "type"]),
              help="Also count the matches by this; may be given more than once")  # fmt: skip
@click.option("--explain", is_flag=True, help="Tell how words were looked for, and each part of each score")
@click.option("--context", type=click.IntRange(min=0), default=0, metavar="N", help="Also N paragraphs around")
@click.option("--paragraphs", type=click.IntRange(min=0), default=3, metavar="N",
              help="Best paragraphs shown per article  [3]")  # fmt: skip
@click.option("--all-copies", is_flag=True, help="Show every copy of a document, not only the best")
@json_option
@click.option("--jsonl", is_flag=True, help="Print a JSON object a line for each article")
@click.option("--count", "only_count", is_flag=True, help="Print only the totals")
@click.option("-l", "--files-with-matches", "only_paths", is_flag=True,
              help="Print only the paths of the files that match in full")  # fmt: skip
def search_command(
    query: tuple[str, ...],
    index_folder: Path | None,
    engine: str | None,
    limit: int | None,
    as_json: bool,
    jsonl: bool,
    only_count: bool,
    only_paths: bool,
    in_results: bool,
    **options: Any,
) -> None:
    """Search the index; the word “search” can be left out.

    \b
    工业互联网 安全      both words; articles with only some come after
    "工业互联网平台"     exactly this text (also “…”, 「…」, 《…》)
    -德国               without          A OR B, A | B, ( … ), AND, NOT
    标题:工业互联网      a field: 标题 机关 文号 来源 作者 关键词 日期
    文号:国发〔2016〕28号   日期:2016..2018   国办发〔2023〕* all of a year
    国发〔2016〕28号 国务院令第722号 GB/T 1.1-2020   numbers, in every writing
    数据 同句 安全        in one sentence; 同段 in one paragraph, 同篇 in one article

    Put a query in '…' when it holds quotes, brackets or | so that the shell leaves them alone.
    """  # noqa: D301
    text = query_text(query)
    form = _form(as_json=as_json, jsonl=jsonl, only_count=only_count, only_paths=only_paths)
    _refuse_unseen(form, facets=bool(options["facets"]), explain=options["explain"])
    folder = chosen_index(index_folder)
    if not layout.exists(folder) and CORPUS.is_dir() and not index_is_named():
        _build_first(folder, chosen_engine(engine))
    if in_results:
        options["among"] = _earlier(folder)
    asked = Earlier(query=text, **{name: options[name] for name in _REMEMBERED})
    gc.freeze()  # what has been loaded stays: to look through it for garbage takes longer than most searches
    with Index.open(folder) as index:
        _say_before(index, named_engine(engine), options.get("among", ()))
        wanted = 0 if only_count else limit
        if form == "paths":
            results = _with_paths(index, text, wanted, options)
        else:
            wanted = 10 if wanted is None else wanted
            results = index.search(text, limit=wanted, suggest=wanted > 0, **options)
        searches = (*options.get("among", ()), asked)
        if results.total.articles or results.total.partial:  # else there is nothing to look within
            remember(folder, searches)
        _print(results, form)
        if form not in ("json", "jsonl"):
            _say_what_lacks(results, query, index, searches, form, offset=0 if wanted == 0 else options["offset"])
        elif form == "jsonl":
            _say_more(results, limit=wanted or 0)
    total = results.total
    if not total.articles and (form == "paths" or not total.partial):
        raise SystemExit(NOTHING)


def _form(*, as_json: bool, jsonl: bool, only_count: bool, only_paths: bool) -> Form:
    """Return which output was asked for. Raises UsageError for two of them; --json may hold the totals only."""
    need_at_most_one(json=as_json, jsonl=jsonl, count=only_count and not as_json, files_with_matches=only_paths)
    asked: dict[Form, bool] = {"json": as_json, "jsonl": jsonl, "count": only_count, "paths": only_paths}
    return next((form for form, given in asked.items() if given), "text")


def _refuse_unseen(form: Form, *, facets: bool, explain: bool) -> None:
    """Raise UsageError for what was asked for and has no place in the output."""
    option = "-l" if form == "paths" else "--jsonl"
    if facets and form in ("paths", "jsonl"):
        raise click.UsageError(
            f"--facet cannot be used with {option}. A plain search, --count and --json have the facets."
        )
    if explain and form == "paths":
        raise click.UsageError(f"--explain cannot be used with {option}. A plain search, --count and --json explain.")


def _say_before(index: Index, engine: str | None, searches: Sequence[Earlier]) -> None:
    """Say what is not as it was asked, and within which searches is looked."""
    if engine or searches:
        from searcher.hints import say_engine_kept, say_within  # read only where there is something to say

        if engine:
            say_engine_kept(index, engine)
        if searches:
            say_within(index, searches)


def _say_what_lacks(
    results: Results, query: Sequence[str], index: Index, searches: Sequence[Earlier], form: Form, *, offset: int
) -> None:
    """Say what was perhaps meant where little is found, and that all that is found was skipped."""
    if results.suggestions:
        from searcher.hints import say_suggestions

        say_suggestions(results, query)
    if _UNREAD.search(results.query):
        from searcher.hints import say_unread

        say_unread(results.query)
    total = results.total
    if total.articles and (results.hits or not offset):
        return
    from searcher.hints import say_skipped, say_why_nothing

    say_why_nothing(results, query, index, searches, plain=form == "text")
    found = total.articles if form == "paths" else total.articles + total.partial
    if offset and found and not results.hits:
        say_skipped(total, offset)


def _say_more(results: Results, *, limit: int) -> None:
    """Say how many articles are left, where not all are printed."""
    if results.total.articles + results.total.partial > len(results.hits) == limit:
        from searcher.hints import say_more

        say_more(results)


def _earlier(folder: Path) -> tuple[Earlier, ...]:
    """Return the last search in an index, with those within whose results it looked."""
    found = last(folder)
    if not found:
        raise SearcherError(
            f"no search in {folder} is known whose results could be looked through",
            hint="Search without --in-results first.",
        )
    return found


def _build_first(folder: Path, engine: str | None) -> None:
    say(f"There is no index in {folder} yet: indexing {CORPUS}/ first.")
    with progress() as shown:
        report = Index.build(folder, CORPUS, engine=engine, progress=shown)
    say_report(report)


def _with_paths(index: Index, text: str, limit: int | None, options: dict[str, Any]) -> Results:
    """Return the articles that match in full, every copy among them: each is a file that matches."""
    options = options | {"all_copies": True, "paragraphs": 0}
    total = index.search(text, limit=0, **options).total.articles
    room = max(0, total - options["offset"])
    return index.search(text, limit=room if limit is None else min(limit, room), **options)


def _print(results: Results, form: Form) -> None:
    if form in ("json", "jsonl"):
        _print_json(results, whole=form == "json")
    elif form == "paths":
        for path in dict.fromkeys(hit.article.path for hit in results if hit.article.path):
            click.echo(safe(path) if sys.stdout.isatty() else os.fsencode(path))
    elif form == "count":
        _print_counts(results)
    elif results.hits or results.total.articles or results.total.partial:
        from searcher import render
        from searcher.drawing import console

        render.print_results(console(), results)


def _print_json(results: Results, *, whole: bool) -> None:
    from searcher import jsonout

    if whole:
        click.echo(jsonout.dumps(jsonout.results_object(results), indent=1))
        return
    for hit in results:
        click.echo(jsonout.dumps(jsonout.hit_object(hit)))


def _print_counts(results: Results) -> None:
    for name, value in asdict(results.total).items():
        click.echo(f"{name}: {value}")
    for term in results.terms:
        click.echo(f"paragraphs with {safe(term.term)}: {term.paragraphs}")
    if results.facets:
        from searcher.drawing import console
        from searcher.render_details import print_facets

        print_facets(console(), results)
