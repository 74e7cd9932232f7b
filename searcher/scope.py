"""How near must terms stand? What is one sentence, and which groups of a query stand in one."""

from __future__ import annotations

import re
from collections.abc import Callable

from searcher.tree import And, DateTerm, FieldTerm, Leaf, Node, Not, NumberTerm, Or, Scope, Term, Within, leaves

# A sentence ends at 。！？ and the quotes or brackets that close after it, or with its line. In folded text.
_SENTENCE = re.compile(r"[^。!?\n]*(?:[。!?]+[\"')>」』】]*|\n|$)")

Holds = Callable[[Leaf | Within, str], bool]


def sentences(folded: str) -> list[str]:
    """Cut a folded text into sentences: put together again they are the text."""
    return [found[0] for found in _SENTENCE.finditer(folded) if found[0]]


def scoped(query: Node, scope: Scope) -> Node:
    """Return a query whose groups of wanted texts must each stand in one ``scope``.

    Fields, dates and what is excluded are asked of the article, and a scope that is written in the query stays.
    """
    if isinstance(query, Or):
        return Or(tuple(scoped(part, scope) for part in query.parts))
    if not isinstance(query, And):
        return query
    texts = tuple(part for part in query.parts if _is_text(part))
    others = tuple(part for part in query.parts if not _is_text(part))
    if len(texts) < 2:
        return And(tuple(scoped(part, scope) for part in query.parts))
    group = Within(And(texts), scope)
    return And((group, *(scoped(part, scope) for part in others))) if others else group


def _is_text(node: Node) -> bool:
    """Tell whether a node asks for nothing but texts. A number is one, though it may be that of the document itself."""
    if isinstance(node, And | Or):
        return all(map(_is_text, node.parts))
    return isinstance(node, Term | NumberTerm)


def is_true_of(node: Node, sentence: str, holds: Holds) -> bool:
    """Tell whether a node is true of a sentence, where ``holds`` answers for the leaves."""
    if isinstance(node, And):
        return all(is_true_of(part, sentence, holds) for part in node.parts)
    if isinstance(node, Or):
        return any(is_true_of(part, sentence, holds) for part in node.parts)
    if isinstance(node, Not):
        return not is_true_of(node.part, sentence, holds)
    if isinstance(node, Within) and node.scope != "article":
        return is_true_of(node.part, sentence, holds)
    return holds(node, sentence)


def possible(node: Node) -> Node:
    """Return a node that is true of every paragraph which has a sentence that ``node`` is true of."""
    if isinstance(node, And):
        return And(tuple(possible(part) for part in node.parts if not isinstance(part, Not)))
    if isinstance(node, Or):
        return Or(tuple(possible(part) for part in node.parts))
    if isinstance(node, Within) and node.scope != "article":
        return possible(node.part)
    return And(()) if isinstance(node, Not) else node


def groups(query: Node, leaf: Leaf) -> list[Within | None]:
    """Return for each place of a leaf in a query the outermost sentence or paragraph that it stands in, or None."""
    if isinstance(query, And | Or):
        return [group for part in query.parts for group in groups(part, leaf)]
    if isinstance(query, Within):
        if query.scope == "article":
            return groups(query.part, leaf)
        return [query] if leaf in leaves(query.part) else []
    return [None] if query == leaf else []


def asks_for_nearness(query: Node) -> bool:
    """Tell whether anything in a query must stand in one sentence or paragraph."""
    if isinstance(query, And | Or):
        return any(map(asks_for_nearness, query.parts))
    if isinstance(query, Not):
        return asks_for_nearness(query.part)
    return isinstance(query, Within) and (query.scope != "article" or asks_for_nearness(query.part))


def asks_of_article(node: Node) -> bool:
    """Tell whether a node is about the article and not about one of its texts."""
    return isinstance(node, FieldTerm | DateTerm) or (isinstance(node, Within) and node.scope == "article")
