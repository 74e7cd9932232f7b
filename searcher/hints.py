"""What may be in the way where a search finds nothing, or less than was wanted? Said on stderr, beside the results."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Sequence
from dataclasses import asdict
from itertools import pairwise
from unicodedata import normalize

import click

from searcher.analyzer import fold
from searcher.arguments import BARE, for_this_index, query_text
from searcher.details import Earlier
from searcher.drawing import count
from searcher.history import described
from searcher.index import Index
from searcher.lexer import FIELDS, Token, scan
from searcher.messages import say
from searcher.models import Results, Total
from searcher.narrowing import Narrowed
from searcher.tree import FieldTerm, Term

# What other tools call what our commands do.
ELSEWHERE = {
    word: name
    for name, words in {
        "index": "add import insert ingest reindex scan sync update upsert",
        "list": "dir ls",
        "remove": "del delete rm",
        "search": "find grep query",
        "show": "cat display get open print view",
        "stats": "count info status",
        "doctor": "check verify",
    }.items()
    for word in words.split()
}
_PLAIN = re.compile(r"[\w@%+=:,./-]+")  # what a shell leaves alone
# Letters directly before a colon, at the beginning of a word, and something to look for behind it.
_LIKE_A_FIELD = re.compile(r"(?<![^\s(|-])([^\W\d_]{2,12}):(?!/)")
_BANG = re.compile(r"(?:^|\s)[!！]$")  # right before a word, and no end of a sentence


def say_suggestions(results: Results, words: Sequence[str]) -> None:
    """Say what may have been meant, but for what is said of a command anyway; ``words`` are the query as typed."""
    command = None if results.total.articles else meant_command(click.get_current_context(), words[0])
    others = [text for text in results.suggestions if text.split()[0] != command]
    if others:
        say(f"Did you mean: {' · '.join(others)}")


def say_why_nothing(
    results: Results, words: Sequence[str], index: Index, searches: Sequence[Earlier], *, plain: bool
) -> None:
    """Say that nothing was found, and what may be the reason, where no article matches in full.

    ``words`` are the query as it was typed; ``searches`` are those that were made, each within the one before;
    ``plain`` says that the output is for a person.
    """
    if results.total.articles:
        return
    context = click.get_current_context()
    if not results.total.partial and not index.stats().articles:
        empty = f"The index in {index.path} is empty. Add documents with: policy-search index PATH"
        say(for_this_index(empty, context))
        return
    if not results.total.partial and plain:
        say("Nothing found.")
    if not results.total.partial:
        _say_bounds(Narrowed(index, searches[-1], searches[:-1]))
    if field := misspelt_field(results.query):
        say(f"“{field[0]}” is no field. Did you mean: {field[1]}")
    if typed := lower_operator(results.query):
        say(f"“{typed}” is read as a word. For the operator write {normalize('NFKC', typed).upper()} in capitals.")
    if name := meant_command(context, words[0]):
        rest = [*words[0].split()[1:], *(query_text([word]) for word in words[1:])]
        shown = " ".join(["policy-search", name, *map(_quoted, rest)])
        say(f"Did you mean the command “{name}”? {for_this_index(shown, context)}")


def _say_bounds(search: Narrowed) -> None:
    """Say what is found without a filter that lets nothing through, and that no issuer has such a name."""
    for name, near in search.unknown():
        nearest = f" The nearest: {' · '.join(near)}" if near else ""
        say(f"No issuer has “{name}” in its name.{nearest}")
    for typed, total in search.lifted():
        found = count(total.articles or total.partial, "article")
        matched = "matches" if (total.articles or total.partial) == 1 else "match"
        say(f"{found} {matched}{'' if total.articles else ' in part'} without {typed}")


def meant_command(context: click.Context, word: str | None = None) -> str | None:
    """Return the command that was meant, where none was named and the first word looks like one."""
    group = context.find_root().command
    if BARE not in context.meta or not isinstance(group, click.Group):
        return None
    return misspelt_command(word or context.meta[BARE], group.commands)


def misspelt_command(word: str, commands: Collection[str]) -> str | None:
    """Return the command that the first word of a query may have been meant for, also by the name of other tools."""
    first = word.split()[0].lower() if word.strip() else ""
    if first in ELSEWHERE or not first.isascii():
        return ELSEWHERE.get(first)
    return _near(first, commands) or (ELSEWHERE.get(_near(first, ELSEWHERE) or "") if len(first) > 3 else None)


def misspelt_field(query: str) -> tuple[str, str] | None:
    """Return what is written like a field and is none, and the query with the field that may have been meant."""
    for found in _LIKE_A_FIELD.finditer(fold(query)):
        if found[1] not in FIELDS and (name := _near(found[1], FIELDS)):
            return query[found.start(1) : found.end(1)], query[: found.start(1)] + name + query[found.end(1) :]
    return None


def lower_operator(query: str) -> str | None:
    """Return the first AND, OR or NOT of a query that is a word, since it is not in capitals, as it was typed."""
    tokens = scan(query)
    for place, token in enumerate(tokens):
        between = place + 1 < len(tokens) and (place or _plain_word(token) == "not")
        if between and _plain_word(token) in ("and", "or", "not"):
            return query[token.start : token.end]
    return None


def _plain_word(token: Token) -> str | None:
    """Return the word that a token is, folded, or None for what is quoted, a field or no word."""
    leaf = token.leaf
    return leaf.text if isinstance(leaf, Term) and not leaf.exact else None


def say_unread(query: str) -> None:
    """Say that a * or ? in a word stands for nothing, and that a ! before one leaves nothing out."""
    tokens = scan(query)
    for token in tokens:
        word = query[token.start : token.end]
        if _BANG.search(query, 0, token.start) and token.kind in ("leaf", "("):
            say(f"“!” leaves nothing out. To leave out what is behind it, write: -{word}")
        if isinstance(token.leaf, Term | FieldTerm) and not token.leaf.exact and "*" in fold(word):
            _say_star(word)
    for one, other in pairwise(tokens):
        if query[one.end : other.start] == "?" and one.kind == other.kind == "leaf":
            parts = query[one.start : one.end], query[other.start : other.end]
            say(f"“?” stands for no character: {'?'.join(parts)} is read as {' '.join(parts)}")


def _say_star(word: str) -> None:
    bare = word.strip("*＊")
    said = f"“*” is read only in a series of numbers, as 国发〔2016〕*, and not in {word}."
    inside = "*" in fold(bare)
    say(f"{said} Part it with a space." if inside else f"{said} {bare} is found in longer words as it is.")


def _near(word: str, names: Collection[str]) -> str | None:
    """Return the name that differs from a word by about one character, or None."""
    from difflib import get_close_matches  # only where nothing was found

    length = len(word)
    if length < 2:
        return None
    return next(iter(get_close_matches(word, names, n=1, cutoff=min(0.75, (length - 1) / length))), None)


def _quoted(word: str) -> str:
    return word if _PLAIN.fullmatch(word) else shlex.quote(word)


def say_engine_kept(index: Index, asked: str) -> None:
    """Say that an index was built with another engine than the one asked for, where that is so."""
    if asked != index.engine:
        kept = f"The index in {index.path} keeps its engine, {index.engine}. To change it: "
        command = f"policy-search rebuild --engine {asked}"
        say(kept + for_this_index(command, click.get_current_context()))


def say_skipped(total: Total, offset: int) -> None:
    """Say that there are articles, but none behind so many."""
    said = f"only {count(total.articles, 'article')} {'matches' if total.articles == 1 else 'match'}"
    if total.partial:
        said += f" and {total.partial:,} in part"
    if offset < total.articles + total.partial:
        said += ", copies of each other among them"
    say(f"Nothing is left to show: {said}, and --offset skips {offset:,}.")


def say_more(results: Results) -> None:
    """Say which of the articles are printed, where there are others than these and their copies."""
    if not results.hits:
        return
    total = results.total.articles + results.total.partial
    last = results.hits[-1].rank
    seen = last + sum(hit.copies for hit in results.hits)
    if total > seen:
        partial = f", {results.total.partial:,} of them in part" if results.total.partial else ""
        say(f"{results.hits[0].rank:,}–{last:,} of {count(total, 'article')}{partial}. For more: -n N, --offset N")


def say_within(index: Index, searches: Sequence[Earlier]) -> None:
    """Say which earlier searches a search looks within, and how many articles they found."""
    total = index.search(**asdict(searches[-1]), limit=0, among=searches[:-1]).total
    chain = ", then: ".join(map(described, searches))
    say(f"Looking among the {count(total.articles or total.partial, 'article')} found by: {chain}")
