"""Make ``searcher/data/pinyin.txt``: how is each Chinese character read?

Run: ``python scripts/make_pinyin.py``. It needs pypinyin, whose readings come from Unicode's Unihan database. Kept are
the characters that the index can hold after folding and that jieba's dictionary knows, without tones.
"""

from __future__ import annotations

from collections import defaultdict
from importlib.resources import files
from pathlib import Path

from pypinyin import Style, pinyin

from searcher.analyzer import fold

PATH = Path(__file__).resolve().parent.parent / "searcher" / "data" / "pinyin.txt"
HEAD = "# The readings of Chinese characters, without tones: a line for each reading. Made by scripts/make_pinyin.py.\n"


def made() -> str:
    """Return what the file should hold."""
    dictionary = (files("jieba") / "dict.txt").read_text("utf-8")
    characters = {mark for mark in fold(dictionary) if "\u4e00" <= mark <= "\u9fff"}
    readings: dict[str, list[str]] = defaultdict(list)
    for character in sorted(characters):
        for reading in dict.fromkeys(pinyin(character, style=Style.NORMAL, heteronym=True, v_to_u=False)[0]):
            if reading.isascii() and reading.isalpha():
                readings[reading].append(character)
    return HEAD + "".join(f"{reading} {''.join(readings[reading])}\n" for reading in sorted(readings))


if __name__ == "__main__":
    PATH.write_text(made(), encoding="utf-8")
