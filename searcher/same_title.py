"""When are two titles the same?

Spaces and marks do not matter, nor does 中华人民共和国 at the beginning, which is left out of the names of most laws.
The subject of a title begins at its 关于; before it stands the issuer.
"""

from __future__ import annotations

from hashlib import blake2b

from searcher.analyzer import fold

_STATE = "中华人民共和国"
_SUBJECT = "关于"


def title_name(title: str) -> str:
    """Return what is the same for titles that are the same: their letters and digits, folded."""
    name = "".join(filter(str.isalnum, fold(title)))
    return name.removeprefix(_STATE) or name


def subject(name: str) -> str:
    """Return a title, as ``title_name`` gives it, without the issuer before 关于."""
    return name[max(0, name.find(_SUBJECT)) :]


def subject_key(name: str) -> int:
    """Return a number of 64 bits, with sign, for the subject of a title that ``title_name`` has given."""
    digest = blake2b(subject(name).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
