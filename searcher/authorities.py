"""Which authorities does a text name as those that made a document?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from searcher.fields import AUTHORITY_ENDS, squeeze

_NAME = re.compile(r"[\u4e00-\u9fff（）()]{2,40}")
_BRACKETED = re.compile(r"[（(][^（）()]*[）)]")
_LISTED = re.compile(r"[、，,；;]")
# Names that stand side by side are further apart than the characters of a name that is spread out.
_FAR = re.compile(r"\s{2,}|　|\t")
_SHORTEST = 3


def is_authority(name: str) -> bool:
    """Tell whether a text reads as the name of one body that makes documents."""
    return bool(_NAME.fullmatch(name)) and _BRACKETED.sub("", name).endswith(AUTHORITY_ENDS)


def authorities(text: str) -> tuple[str, ...]:
    """Part a line of names (甲部、乙局; 甲　部　　乙　局; 甲委 乙局) into each; empty where any is none."""
    names = tuple(name for part in _LISTED.split(text.strip()) for name in _side_by_side(part))
    return names if names and all(map(is_authority, names)) else ()


def _side_by_side(text: str) -> Iterator[str]:
    for pattern in (_FAR, None):
        names = [squeeze(part) for part in (pattern.split(text) if pattern else text.split()) if part.strip()]
        if len(names) > 1 and all(len(name) >= _SHORTEST and is_authority(name) for name in names):
            yield from names
            return
    if text.strip():
        yield squeeze(text)


def split_names(text: str) -> tuple[str, ...]:
    """Part what a page or a record states as issuer into each of them; what cannot be parted stays whole."""
    return authorities(text) or ((text.strip(),) if text.strip() else ())
