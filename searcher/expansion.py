"""What else does a name in a query go by? Abbreviations, former names, and numerals in the other writing.

The table is ``searcher/data/synonyms.txt``, whose head tells its format, and the user's own file, which adds to it.
Only bare terms and the names of issuers are expanded, never quoted texts. A term that is an entry gets the entry's
others; a longer one that holds an entry as a whole word (工信部文件) gets its own text with each of them put in.
In a number, 市场监管总局令第20号, the issuer has the other names of the same body only: order 20 of the body that was
there before it is another order.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from searcher.analyzer import fold, is_findable
from searcher.cachedir import config_dir
from searcher.errors import SynonymsError
from searcher.numbers import KINDS
from searcher.numerals import other_writings
from searcher.tree import And, FieldTerm, Node, Not, NumberTerm, Or, Term, Within

_DATA = Path(__file__).parent / "data"  # found sooner than by importlib.resources

Table = Mapping[str, tuple[str, ...]]  # folded: a text, and what means the same
Boundaries = Callable[[str], set[int]]  # where the words of a folded text begin and end

MAX_TERM = 24  # code points of a term that is looked through for entries; what is longer is a sentence
MAX_OTHERS = 12  # of one term
_YEARS = re.compile(r"\s*\(\d{4}-\d{4}\)$")
_MARK = re.compile("[=>]")


@cache
def shipped() -> Table:
    """Return the table that comes with the package."""
    return read((_DATA / "synonyms.txt").read_text("utf-8"), "synonyms.txt")


def table() -> Table:
    """Return the shipped table with what the user's own file adds.

    That file is ``$POLICY_SEARCH_SYNONYMS``, else ``synonyms.txt`` in the platform's folder for settings, if there is
    one. Raises SynonymsError where it cannot be read, with the line that is wrong.
    """
    own = _own()
    return _merged(shipped(), read(*own)) if own else shipped()


@cache
def _shipped_bodies() -> Table:
    return bodies_of((_DATA / "synonyms.txt").read_text("utf-8"))


def bodies() -> Table:
    """Return what else bodies are called, as ``bodies_of`` says, of the same two files. Raises SynonymsError."""
    own = _own()
    return _merged(_shipped_bodies(), bodies_of(own[0])) if own else _shipped_bodies()


def _own() -> tuple[str, str] | None:
    """Return the text of the user's own file, and its path; None where there is none."""
    given = os.environ.get("POLICY_SEARCH_SYNONYMS")
    path = Path(given) if given else config_dir() / "synonyms.txt"
    try:
        return path.read_text("utf-8-sig"), str(path)
    except FileNotFoundError as error:
        if not given:
            return None
        raise SynonymsError(f"there is no file {path}", hint="Correct $POLICY_SEARCH_SYNONYMS, or unset it.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SynonymsError(f"{path} cannot be read: {error}", hint="Write it as plain text in UTF-8.") from error


def _merged(one: Table, two: Table) -> Table:
    both = {text: tuple(dict.fromkeys((*one.get(text, ()), *others))) for text, others in two.items()}
    return {**one, **both}


def read(text: str, name: str) -> Table:
    """Read the lines of a table; ``name`` is what an error calls the file. Raises SynonymsError."""
    same: dict[str, list[str]] = {}
    further: dict[str, list[str]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        left, *right = _MARK.split(line, 1)
        names = [_name(part) for part in (left, *"".join(right).split("|"))]
        if not right or not all(map(is_findable, names)) or len(set(names)) < 2:
            raise SynonymsError(
                f"{name}, line {number}: “{line.strip()}” is no entry",
                hint="Write: full form = other | other, or: short > full form",
            )
        if line[len(left)] == "=":
            for one in names:
                same.setdefault(one, []).extend([other for other in names if other != one])
        else:
            further.setdefault(names[0], []).extend(names[1:])
    return {one: _others(one, same, further) for one in (*same, *further)}


def bodies_of(text: str) -> Table:
    """Return the other names that each body in a table had at one time: those of one line with ``=`` and one period.

    The period is the years behind a name, or that there are none.
    """
    same: dict[str, list[str]] = {}
    for line in text.splitlines():
        left, *right = _MARK.split(line, 1)
        if not right or line[len(left)] == ">" or line.lstrip().startswith("#"):
            continue
        at_one_time: dict[str, list[str]] = {}
        for part in (left, *right[0].split("|")):
            years = _YEARS.search(fold(part).strip())
            at_one_time.setdefault(years[0].strip() if years else "", []).append(_name(part))
        for names in at_one_time.values():
            for one in names:
                same.setdefault(one, []).extend(other for other in names if other != one)
    return {one: tuple(dict.fromkeys(others)) for one, others in same.items() if others}


def _others(one: str, same: Mapping[str, list[str]], further: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Return what a name finds: names that mean the same, and what each of these finds one way."""
    alike = same.get(one, [])
    found = dict.fromkeys((*alike, *(other for name in (one, *alike) for other in further.get(name, ()))))
    found.pop(one, None)
    return tuple(found)


def _name(written: str) -> str:
    """Return a name as it is looked for, without the years behind it."""
    folded = fold(written).strip()
    return _YEARS.sub("", folded) if folded.endswith(")") else folded


def expanded(query: Node, known: Table, boundaries: Boundaries) -> Node:
    """Return a query whose bare terms have their others. ``boundaries`` tell the words of a term."""
    if isinstance(query, And):
        return And(tuple(expanded(part, known, boundaries) for part in query.parts))
    if isinstance(query, Or):
        return Or(tuple(expanded(part, known, boundaries) for part in query.parts))
    if isinstance(query, Not):
        return Not(expanded(query.part, known, boundaries))
    if isinstance(query, Within):
        return replace(query, part=expanded(query.part, known, boundaries))
    if isinstance(query, Term) and not query.exact:
        return _term(query, known, boundaries)
    if isinstance(query, FieldTerm) and query.field == "issuer" and not query.exact:
        return replace(query, others=issuer_names(query.text, known, boundaries))
    if isinstance(query, NumberTerm) and query.code.endswith(KINDS):
        return replace(query, others=_codes(query.code, bodies(), boundaries))
    return query


def issuer_names(name: str, known: Table, boundaries: Boundaries) -> tuple[str, ...]:
    """Return what else an issuer is called; ``name`` is folded."""
    return _term(Term(name), known, boundaries).others


def _codes(code: str, known: Table, boundaries: Boundaries) -> tuple[str, ...]:
    """Return a code, as 市场监管总局令, with the other names of its issuer."""
    kind = next(kind for kind in KINDS if code.endswith(kind))
    issuer = code.removesuffix(kind)
    others = known.get(issuer) or _with_entries(issuer, known, boundaries)
    return tuple(other + kind for other in others[:MAX_OTHERS])


def _term(term: Term, known: Table, boundaries: Boundaries) -> Term:
    written, bare = other_writings(term.text) if len(term.text) <= MAX_TERM else ((), False)
    if term.text in known:
        return replace(term, others=(*known[term.text], *written)[:MAX_OTHERS], named=True)
    held = _with_entries(term.text, known, boundaries) if len(term.text) <= MAX_TERM else ()
    return replace(term, others=(*held, *written)[:MAX_OTHERS], named=bare and bool(written))


def _with_entries(text: str, known: Table, boundaries: Boundaries) -> tuple[str, ...]:
    """Return a text with the first and longest entry in it replaced by each of its others."""
    if not any(text[start:end] in known for start in range(len(text)) for end in range(start + 2, len(text) + 1)):
        return ()
    places = boundaries(text)
    for start in sorted(places):
        for end in sorted(places, reverse=True):
            if end - start > 1 and (others := known.get(text[start:end])):
                return tuple(text[:start] + other + text[end:] for other in others if other not in text)
    return ()
