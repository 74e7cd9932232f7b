"""How does a text become a query that nothing but its words is read of?"""

from __future__ import annotations

SYNTAX = str.maketrans(dict.fromkeys('"“”„‟「」『』《》()（）[]|｜-－:：', " "))


def as_typed(query: str) -> tuple[str, bool]:
    """Return a query without the marks that the query language would read, and whether it had any."""
    plain = " ".join(query.translate(SYNTAX).split())
    return plain, plain != " ".join(query.split())
