"""How is a Chinese character read, and which are read so? In pinyin without tones; ü is v."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"  # found sooner than by importlib.resources

_LONGEST = 6  # letters of a syllable: zhuang
_MOST = 8  # ways to part letters into syllables that are tried


@cache
def characters() -> dict[str, frozenset[str]]:
    """Return the characters of each reading."""
    lines = (_DATA / "pinyin.txt").read_text("utf-8").splitlines()
    return {
        reading: frozenset(marks) for reading, _, marks in (line.partition(" ") for line in lines if line[0] != "#")
    }


@cache
def _readings() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for reading, marks in characters().items():
        for mark in marks:
            found[mark] = (*found.get(mark, ()), reading)
    return found


def sounds_like(character: str) -> frozenset[str]:
    """Return the characters that share a reading with one, which is among them."""
    return frozenset((character,)).union(*(characters()[reading] for reading in _readings().get(character, ())))


def syllables(letters: str) -> list[tuple[str, ...]]:
    """Return the ways to read letters as syllables, those of the fewest first; none where they are no pinyin."""
    found = list(_parted(letters.replace("u:", "v")))
    return sorted(found, key=len)[:_MOST]


def _parted(letters: str) -> Iterator[tuple[str, ...]]:
    ways: list[list[tuple[str, ...]]] = [[()]]
    for end in range(1, len(letters) + 1):
        here = [
            (*way, letters[start:end])
            for start in range(max(0, end - _LONGEST), end)
            if letters[start:end] in characters()
            for way in ways[start]
        ]
        ways.append(sorted(here, key=len)[:_MOST])
    yield from ways[-1]
