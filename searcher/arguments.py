"""How are the words of a command line read?

What the commands share: what is a command and what a query, a minus that is no option, the options that say which
index is meant, and what becomes of errors that name a command.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from searcher import engines
from searcher.errors import SearcherError

NOTHING, ERROR, INTERRUPTED = 1, 2, 130  # exit statuses
_Command = TypeVar("_Command", bound=Callable[..., Any])
# Stands for a minus that is part of the query while click reads the options; a code point that no text holds.
_HIDDEN_MINUS = "\ufdd0"
BARE = "searcher.bare"  # in the context of a search whose command was left out: its first word
_UNDECODED = re.compile("[\udc80-\udcff]")
_QUERY_MINUS = re.compile(r"-[^A-Za-z-]")
_NAMED = re.compile(r"\bpolicy-search (?=(?:search|index|rebuild|remove|show|similar|keywords|list|stats|doctor)\b)")


class ClosedPipe(Exception):  # noqa: N818  # no error: the reader of what we print has seen enough
    """Nobody reads on. An exception of our own: click's versions each leave in another way on BrokenPipeError."""


@contextmanager
def _closed_pipe_told() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError as error:
        raise ClosedPipe from error
    except SystemExit as leave:
        if isinstance(leave.__context__, BrokenPipeError):  # so leaves rich
            raise ClosedPipe from leave
        raise


class GivenPath(click.Path):
    """A path that was given: an empty one, as an unset variable leaves it, is not the current folder."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path."""
        if value == "":
            self.fail("the path is empty; for the current folder write .", param, ctx)
        return super().convert(value, param, ctx)


class Group(click.Group):
    """A group that takes what is no command for a query: ``policy-search X`` is ``policy-search search X``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``search`` before the first argument that is neither an option of the group nor a command.

        ``help`` alone, or before the name of a command, is ``--help``. Options of a search may stand before the word
        ``search``, too. Raises UsageError where they stand before another command.
        """
        place = 0
        while place < len(args) and args[place].split("=")[0] in ("--index", "--engine"):
            place += 1 if "=" in args[place] else 2
        if args[place : place + 1] == ["help"] and all(name in self.commands for name in args[place + 1 :]):
            args = [*args[:place], *args[place + 1 :], "--help"]
        args = self._behind_search(ctx, args, place)
        if place < len(args) and args[place] not in self.commands and args[place] not in ("--help", "-h", "--version"):
            args = [*args[:place], "search", *args[place:]]
            ctx.meta[BARE] = args[place + 1]
        with _closed_pipe_told():
            return super().parse_args(ctx, args)

    def _behind_search(self, ctx: click.Context, args: list[str], start: int) -> list[str]:
        """Put options of a search that stand before the word ``search`` behind it."""
        place = start
        options = {name: option for option in self.commands["search"].params for name in option.opts}
        while place < len(args) and args[place].startswith("-"):
            name, attached = _option_of(args[place])
            if name not in options:
                break
            place += 1 if attached or getattr(options[name], "is_flag", True) else 2
        command = args[place] if start < place < len(args) else ""
        if command == "search":
            return [*args[:start], command, *args[start:place], *args[place + 1 :]]
        if command in self.commands:
            given = " ".join(args[start:place])
            raise click.UsageError(
                f"Options stand behind the command: policy-search {command} … {given}\n"
                f"To search for the word {command}: policy-search search {command} {given}",
                ctx,
            )
        return args

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; errors tell commands for the index that was meant."""
        try:
            with _closed_pipe_told():
                return super().invoke(ctx)
        except SearcherError as error:
            error.hint = for_this_index(error.hint, ctx)
            raise


def _option_of(arg: str) -> tuple[str, bool]:
    """Return the name of an option that an argument gives; whether its value is attached: ``--limit=3``, ``-n3``."""
    if arg.startswith("--"):
        name, equals, _ = arg.partition("=")
        return name, bool(equals)
    return arg[:2], len(arg) > 2


class SearchCommand(click.Command):
    """A command whose arguments may begin with a minus: ``policy-search 工业互联网 -德国``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Hide the minus of what cannot be an option while the options are read."""
        with_value = {name for option in self.params if not getattr(option, "is_flag", True) for name in option.opts}
        hidden = [
            _HIDDEN_MINUS + arg[1:] if _QUERY_MINUS.match(arg) and before not in with_value else arg
            for before, arg in zip(["", *args], args, strict=False)
        ]
        return super().parse_args(ctx, hidden)


def query_text(words: Sequence[str]) -> str:
    """Return the query that the arguments of a SearchCommand make."""
    text = " ".join(words).replace(_HIDDEN_MINUS, "-")
    if _UNDECODED.search(text):  # the locale knows no Chinese; a terminal all the same sends UTF-8
        text = os.fsencode(text).decode("utf-8", "replace")
    return text


_FOLDER = click.Path(file_okay=False, path_type=Path)  # one for all: click asks for translations whenever it makes one


def index_option(command: _Command) -> _Command:
    """Add --index DIR."""
    return click.option(
        "--index", "index_folder", type=_FOLDER, metavar="DIR",
        help="Where the index lies  [$POLICY_SEARCH_INDEX, else ./index]",
    )(command)  # fmt: skip


def engine_option(command: _Command) -> _Command:
    """Add --engine NAME."""
    return click.option(
        "--engine", type=click.Choice(engines.USERS), metavar="NAME",
        help="Engine of a new index; an existing one keeps its own  [$POLICY_SEARCH_ENGINE, else tantivy where it is "
        "installed, else whoosh]",
    )(command)  # fmt: skip


def json_option(command: _Command) -> _Command:
    """Add --json."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON")(command)


def chosen_index(given: Path | None) -> Path:
    """Return the folder of the index: given after the command, before it, by the environment, or ./index."""
    context = click.get_current_context().ensure_object(dict)
    context["index"] = given or context.get("index")
    return context["index"] or Path(os.environ.get("POLICY_SEARCH_INDEX") or "index")


def index_is_named() -> bool:
    """Tell whether an option names the index, now that ``chosen_index`` has looked."""
    return click.get_current_context().ensure_object(dict).get("index") is not None


def for_this_index(text: str, context: click.Context) -> str:
    """Return a text whose commands name the index that --index named, so that they can be copied as they stand."""
    folder = context.ensure_object(dict).get("index")
    if folder is None:
        return text
    import shlex  # only where a command is told

    program = f"policy-search --index {shlex.quote(str(folder))} "
    return _NAMED.sub(lambda _: program, text)


def chosen_engine(given: str | None) -> str | None:
    """Return the engine asked for, in the same order, or None."""
    return named_engine(given) or os.environ.get("POLICY_SEARCH_ENGINE") or None


def named_engine(given: str | None) -> str | None:
    """Return the engine that an option names, after the command or before it, or None."""
    context = click.get_current_context().obj or {}
    return given or context.get("engine")


def need_at_most_one(**flags: bool) -> None:
    """Raise UsageError where more than one of these options is given."""
    given = [f"--{name.replace('_', '-')}" for name, value in flags.items() if value]
    if len(given) > 1:
        raise click.UsageError(f"{' and '.join(given)} cannot be used together.")
