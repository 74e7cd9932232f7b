"""How does a terminal ask for a search?"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import click

from searcher import layout
from searcher.arguments import (
    NOTHING,
    SearchCommand,
    chosen_engine,
    chosen_index,
    engine_option,
    for_this_index,
    index_option,
    json_option,
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
@click.option("--issuer", metavar="TEXT", help="Part of the 发文机关 or source")
@click.option("--in", "where", type=click.Choice(["title", "body", "all"]), default="all", help="Where to look  [all]")
@click.option("--within", type=click.Choice(["sentence", "paragraph", "article"]), default="article",
              help="What all the words must stand in together  [article]")  # fmt: skip
@click.option("--no-expand", "expand", is_flag=True, flag_value=False, default=True,
              help="Do not look for other names of a word")  # fmt: skip
@click.option("--in-results", is_flag=True, help="Look only among the matches of the last search")
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
    数据 同句 安全        in one sentence; 同段 in one paragraph, 同篇 in one article

    Put a query in '…' when it holds quotes, brackets or | so that the shell leaves them alone.
    """  # noqa: D301
    text = query_text(query)
    need_at_most_one(json=as_json, jsonl=jsonl, count=only_count and not as_json, files_with_matches=only_paths)
    folder = chosen_index(index_folder)
    if not layout.exists(folder) and CORPUS.is_dir():
        _build_first(folder, chosen_engine(engine))
    if only_count:
        limit = 0
    if in_results:
        options["among"] = _earlier(folder)
    asked = Earlier(query=text, **{name: options[name] for name in _REMEMBERED})
    with Index.open(folder) as index:
        if only_paths:
            _print_paths(index, text, limit, options)
            remember(folder, (*options.get("among", ()), asked))
            return
        wanted = 10 if limit is None else limit
        results = index.search(text, limit=wanted, suggest=wanted > 0, **options)
    remember(folder, (*options.get("among", ()), asked))
    _print(results, as_json=as_json, jsonl=jsonl, only_count=only_count)
    if results.suggestions and not (as_json or jsonl):
        say(f"Did you mean: {' · '.join(results.suggestions)}")
    if not results.total.articles and not results.total.partial:
        if not (as_json or jsonl or only_count):
            _say_nothing_found(query)
        raise SystemExit(NOTHING)


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


def _print_paths(index: Index, text: str, limit: int | None, options: dict[str, Any]) -> None:
    options = options | {"all_copies": True}  # each of them is a file that matches
    total = index.search(text, limit=0, **options).total.articles
    results = index.search(text, limit=total if limit is None else min(limit, total), **options)
    paths = dict.fromkeys(hit.article.path for hit in results if not hit.partial and hit.article.path)
    for path in paths:
        click.echo(safe(path) if sys.stdout.isatty() else os.fsencode(path))
    if not paths:
        raise SystemExit(NOTHING)


def _print(results: Results, *, as_json: bool, jsonl: bool, only_count: bool) -> None:
    from searcher import jsonout

    if as_json:
        click.echo(jsonout.dumps(jsonout.results_object(results), indent=1))
    elif jsonl:
        for hit in results:
            click.echo(jsonout.dumps(jsonout.hit_object(hit)))
    elif only_count:
        for name, value in asdict(results.total).items():
            click.echo(f"{name}: {value}")
        for term in results.terms:
            click.echo(f"paragraphs with {safe(term.term)}: {term.paragraphs}")
    elif results.hits or results.total.articles or results.total.partial:
        from searcher import render
        from searcher.drawing import console

        render.print_results(console(), results)


def _say_nothing_found(query: Sequence[str]) -> None:
    say("Nothing found.")
    context = click.get_current_context()
    group = context.find_root().command
    known = group.commands if isinstance(group, click.Group) else ()
    from difflib import get_close_matches  # only where a command was misspelt

    close = get_close_matches(query[0], known, n=1, cutoff=0.75)
    if close:
        said = f"If you meant the command: policy-search {close[0]}"
        say(for_this_index(said, context))
