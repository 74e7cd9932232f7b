"""Write ``searcher/data/folding.txt``: which character is folded into which.

Each line of the table is two characters: one that is folded, and what it becomes. Run it again when OpenCC or
Unicode moves on, and raise ``ANALYZER_VERSION`` in ``searcher/analyzer.py``; a test compares the table with what
this script would write.

    python scripts/make_folding.py
"""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

from opencc import OpenCC

TABLE = Path(__file__).parent.parent / "searcher" / "data" / "folding.txt"

# Variants that Unicode does not relate to each other, each group folded into its first character.
VARIANTS = (
    "([{〔〖【〘〚﹙﹛﹝",
    ")]}〕〗】〙〛﹚﹜﹞",
    '"“”„‟〝〞〟「」『』',
    "'‘’‚‛`´",
    "<《〈«‹⟨",
    ">》〉»›⟩",
    "-‐‑‒–—―−",
    "·•‧・･∙⋅",
    "~∼〜",
    " \t\v\f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
)
WIDTH = {"<wide>", "<narrow>"}
RADICALS = range(0x2E80, 0x2FE0)  # CJK and Kangxi radicals, which PDF files hold in place of characters


def unicode_fold(character: str) -> str:
    """Return the character that Unicode calls the same but for width, case or compatibility, or itself."""
    kind, _, rest = unicodedata.decomposition(character).partition(" ")
    canonical = not kind.startswith("<") and not rest
    if kind in WIDTH or canonical or ord(character) in RADICALS:
        plain = unicodedata.normalize("NFKC", character)
        character = plain if len(plain) == 1 else character
    lower = character.lower()
    return lower if len(lower) == 1 else character


def build() -> dict[str, str]:
    """Return the whole table; folding twice is folding once."""
    simplify = OpenCC("t2s").convert
    variants = {other: group[0] for group in VARIANTS for other in group[1:]}

    def step(character: str) -> str:
        folded = unicode_fold(character)
        simple = simplify(folded)
        folded = simple if len(simple) == 1 else folded
        return variants.get(folded, folded)

    table = {}
    for code in range(1, sys.maxunicode + 1):
        character = chr(code)
        if 0xD800 <= code < 0xE000 or character == "\n":
            continue
        folded = step(character)
        if folded == character:
            continue
        while (further := step(folded)) != folded:
            folded = further
        table[character] = folded
    return table


def text() -> str:
    """Return the table as the file holds it."""
    return "".join(f"{old}{new}\n" for old, new in build().items())


if __name__ == "__main__":
    TABLE.write_bytes(text().encode("utf-8"))
