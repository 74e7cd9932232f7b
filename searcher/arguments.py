"""How are the words of a command line read?

What the commands share: what is a command and what a query, a minus that is no option, and the options that say which
index is meant.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from searcher import engines

_Command = TypeVar("_Command", bound=Callable[..., Any])
# Stands for a minus that is part of the query while click reads the options; a code point that no text holds.
_HIDDEN_MINUS = "\ufdd0"
_UNDECODED = re.compile("[\udc80-\udcff]")
_QUERY_MINUS = re.compile(r"-[^A-Za-z-]")


class Group(click.Group):
    """A group that takes what is no command for a query: ``policy-search X`` is ``policy-search search X``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``search`` before the first argument that is neither an option of the group nor a command."""
        place = 0
        while place < len(args) and args[place].split("=")[0] in ("--index", "--engine"):
            place += 1 if "=" in args[place] else 2
        if place < len(args) and args[place] not in self.commands and args[place] not in ("--help", "-h", "--version"):
            args = [*args[:place], "search", *args[place:]]
        return super().parse_args(ctx, args)


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


def index_option(command: _Command) -> _Command:
    """Add --index DIR."""
    return click.option(
        "--index", "index_folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
        help="Where the index lies  [$POLICY_SEARCH_INDEX, else ./index]",
    )(command)  # fmt: skip


def engine_option(command: _Command) -> _Command:
    """Add --engine NAME."""
    return click.option(
        "--engine", type=click.Choice(engines.NAMES), metavar="NAME",
        help="Engine of a new index; an existing one keeps its own  [$POLICY_SEARCH_ENGINE, else whoosh]",
    )(command)  # fmt: skip


def json_option(command: _Command) -> _Command:
    """Add --json."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON")(command)


def chosen_index(given: Path | None) -> Path:
    """Return the folder of the index: given after the command, before it, by the environment, or ./index."""
    context = click.get_current_context().obj or {}
    return given or context.get("index") or Path(os.environ.get("POLICY_SEARCH_INDEX") or "index")


def chosen_engine(given: str | None) -> str | None:
    """Return the engine asked for, in the same order, or None."""
    context = click.get_current_context().obj or {}
    return given or context.get("engine") or os.environ.get("POLICY_SEARCH_ENGINE") or None


def need_at_most_one(**flags: bool) -> None:
    """Raise UsageError where more than one of these options is given."""
    given = [f"--{name.replace('_', '-')}" for name, value in flags.items() if value]
    if len(given) > 1:
        raise click.UsageError(f"{' and '.join(given)} cannot be used together.")
