"""How does a terminal call it?

Click only: arguments, exit codes, progress. Exit status 0: something matched or the work was done; 1: nothing
matched; 2: an error, also where a part failed; 130: interrupted. Results go to stdout, everything else to stderr.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from searcher import layout
from searcher.arguments import (
    ERROR,
    INTERRUPTED,
    ClosedPipe,
    GivenPath,
    Group,
    chosen_engine,
    chosen_index,
    engine_option,
    for_this_index,
    index_option,
    json_option,
    named_engine,
    need_at_most_one,
)
from searcher.cli_search import search_command
from searcher.cli_similar import keywords_command, similar_command
from searcher.errors import IndexDamagedError, IndexNotFoundError, IndexStaleError, SearcherError
from searcher.index import Index
from searcher.messages import progress, say, say_error, say_report
from searcher.reading_options import reading_options
from searcher.wrapping import safe

if TYPE_CHECKING:
    from searcher.models import ReadOptions, Removed, Report


@click.group(cls=Group, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="policy-search", message="%(prog)s %(version)s")
@index_option
@engine_option
@click.pass_context
def cli(ctx: click.Context, index_folder: Path | None, engine: str | None) -> None:
    """Search Chinese policy documents.

    \b
    policy-search 工业互联网 安全          articles with both words, best first
    policy-search '"工业互联网平台"'       exactly this text
    policy-search 工业互联网 -德国         without a word
    policy-search index FOLDER           index a folder, or what changed in it

    Options of a search: policy-search search --help
    """  # noqa: D301  # click's mark for lines to be left as they are
    ctx.obj = {"index": index_folder, "engine": engine}
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


cli.add_command(search_command)
cli.add_command(similar_command)
cli.add_command(keywords_command)


# ---- keeping an index


def _work_done(report: Report, *, rebuilt: bool = False) -> None:
    say_report(report, rebuilt=rebuilt)
    if report.failures:
        raise SystemExit(ERROR)


@cli.command(name="index", short_help="Add documents, or update those that changed")
@click.argument("paths", nargs=-1, type=GivenPath(), metavar="[PATH...]")
@index_option
@engine_option
@reading_options
def index_command(
    paths: tuple[Path, ...], index_folder: Path | None, engine: str | None, options: ReadOptions, jobs: int | None
) -> None:
    """Add documents, or update those that changed.

    PATH is a file or a folder. Files that are gone from a folder are taken out. Without a PATH, everything that
    was indexed before is brought up to date.
    """
    folder = chosen_index(index_folder)
    _check_paths(paths, folder)
    with progress() as shown:
        report = Index.build(
            folder, *paths, engine=chosen_engine(engine), options=options, jobs=jobs, progress=shown
        )  # fmt: skip
    if asked := named_engine(engine):
        from searcher.hints import say_engine_kept

        with Index.open(folder) as index:
            say_engine_kept(index, asked)
    _work_done(report)


def _check_paths(paths: Sequence[Path], folder: Path) -> None:
    if not paths and not layout.exists(folder):
        raise click.UsageError(f"There is no index in {folder} yet: say which files or folders to index.")
    for path in paths:
        if not os.path.lexists(path):
            raise SearcherError(
                f"there is no file or folder {path}", hint="Check the spelling, and the folder you are in."
            )


@cli.command(name="rebuild", short_help="Make a fresh index, and use it when it is complete")
@click.argument("paths", nargs=-1, type=GivenPath(), metavar="[PATH...]")
@index_option
@engine_option
@reading_options
def rebuild_command(
    paths: tuple[Path, ...], index_folder: Path | None, engine: str | None, options: ReadOptions, jobs: int | None
) -> None:
    """Make a fresh index, and use it when it is complete.

    Without a PATH, from the files and folders that the index was made from. The old index answers until then.
    """
    folder = chosen_index(index_folder)
    _check_paths(paths, folder)
    chosen = chosen_engine(engine)
    index = _open_to_rebuild(folder, known=not paths)
    with index or nullcontext(), progress() as shown:
        if index is None:
            report = Index.build(
                folder, *paths, engine=chosen, replace=True, options=options, jobs=jobs, progress=shown
            )  # fmt: skip
        else:
            report = index.rebuild(*paths, engine=chosen, options=options, jobs=jobs, progress=shown)
    _work_done(report, rebuilt=True)


def _open_to_rebuild(folder: Path, *, known: bool) -> Index | None:
    """Open an index; None for one that cannot be opened, where it is said what to make it from."""
    try:
        return Index.open(folder)
    except (IndexDamagedError, IndexNotFoundError, IndexStaleError):
        if known:
            raise
        return None


@cli.command(name="remove", short_help="Take documents out of the index")
@click.argument("targets", nargs=-1, required=True, metavar="PATH|ID...")
@index_option
def remove_command(targets: tuple[str, ...], index_folder: Path | None) -> None:
    """Take documents out of the index, by path or id; the files themselves are left alone."""
    from searcher.drawing import count

    with Index.open(chosen_index(index_folder)) as index:
        report = index.remove(*targets)
    say(f"removed {count(report.articles, 'article')}")
    for title in report.titles:
        say(f"  {title}")


# ---- looking at an index


@cli.command(name="show", short_help="Show one article, whole")
@click.argument("identifier", metavar="ID")
@index_option
@click.option("--paragraph", type=click.IntRange(min=0), metavar="N", help="Only paragraph N, counted from 0")
@click.option("--removed", is_flag=True, help="Also what was taken out of the file as navigation and the like")
@json_option
def show_command(
    identifier: str, index_folder: Path | None, paragraph: int | None, removed: bool, as_json: bool
) -> None:
    """Show one article, whole. ID may be the beginning of an id."""
    need_at_most_one(paragraph=paragraph is not None, removed=removed)
    from searcher import jsonout, render_index
    from searcher.drawing import console

    with Index.open(chosen_index(index_folder)) as index:
        article = index.get(identifier.lower())
        taken_out = sorted(index.removed_text(article.id), key=_by_line) if removed else []
    if paragraph is not None:
        if paragraph >= len(article.paragraphs):
            raise SearcherError(
                f"article {article.id} has no paragraph {paragraph}",
                hint=f"Its paragraphs are 0 to {len(article.paragraphs) - 1}.",
            )
        if not as_json:
            click.echo(safe(article.paragraphs[paragraph].text))
            return
    if as_json:
        shown = jsonout.whole_article(article)
        if paragraph is not None:
            shown["paragraphs"] = [shown["paragraphs"][paragraph]]
        if removed:
            shown["removed"] = [asdict(item) for item in taken_out]
        click.echo(jsonout.dumps(shown, indent=1))
        return
    render_index.print_article(console(), article, removed=taken_out)


def _by_line(removed: Removed) -> tuple[bool, int]:
    return removed.line is None, removed.line or 0


@cli.command(name="list", short_help="List what is indexed")
@index_option
@json_option
def list_command(index_folder: Path | None, as_json: bool) -> None:
    """List what is indexed: id, date, title and path of each article."""
    from searcher import jsonout, render_index
    from searcher.drawing import console, count

    with Index.open(chosen_index(index_folder)) as index:
        if as_json:
            listed = [jsonout.article_object(info) for info in index.infos()]
            click.echo(jsonout.dumps({"version": jsonout.VERSION, "articles": listed}, indent=1))
            return
        number = render_index.print_list(console(), index.infos())
    say(count(number, "article"))


@cli.command(name="stats", short_help="Count what is indexed")
@index_option
@json_option
def stats_command(index_folder: Path | None, as_json: bool) -> None:
    """Count what is indexed, and say when and from what the index was built."""
    from searcher import jsonout, render_index
    from searcher.drawing import console

    with Index.open(chosen_index(index_folder)) as index:
        stats = index.stats()
    if as_json:
        click.echo(jsonout.dumps({"version": jsonout.VERSION} | asdict(stats), indent=1))
    else:
        render_index.print_stats(console(), stats)


@cli.command(name="doctor", short_help="Tell whether the index is sound and up to date")
@index_option
@json_option
def doctor_command(index_folder: Path | None, as_json: bool) -> None:
    """Tell whether the index is sound and up to date, and which files could not be read and why."""
    from searcher import jsonout, render_index
    from searcher.drawing import console

    with Index.open(chosen_index(index_folder)) as index:
        found = index.doctor()
    if as_json:
        click.echo(jsonout.dumps({"version": jsonout.VERSION, "sound": found.sound} | asdict(found), indent=1))
    else:
        context = click.get_current_context()
        render_index.print_diagnosis(console(), found, command=lambda text: for_this_index(text, context))
    if not found.sound:
        raise SystemExit(ERROR)


# ---- the process


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a locale without Chinese is no reason to fail
    try:
        cli.main(args=None if args is None else list(args), prog_name="policy-search", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except (ClosedPipe, BrokenPipeError):
        _leave_closed_pipe()
    except click.Abort:
        say("Interrupted; the index is as it was.")
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        _show_usage_error(error)
        sys.exit(ERROR)
    except SearcherError as error:
        say_error(error)
        sys.exit(ERROR)
    except (OSError, sqlite3.Error) as error:
        say(f"error: {error}")
        sys.exit(ERROR)


def _leave_closed_pipe() -> NoReturn:
    """Leave with 0; what is still to be written goes nowhere, or Python would complain when it flushes stdout."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
    sys.exit(0)


def _show_usage_error(error: click.ClickException) -> None:
    error.show()
    if isinstance(error, click.NoSuchOption) and not error.option_name.startswith("--"):
        say("To leave out a word that begins with a letter, write: NOT word")
    if isinstance(error, click.UsageError) and error.ctx:
        from searcher.hints import meant_command  # hints are read only where there is something to say

        if name := meant_command(error.ctx):
            say(f"Did you mean the command “{name}”?")
