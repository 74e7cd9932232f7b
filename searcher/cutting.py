"""Which words of the index is a text made of? No dictionary is loaded for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import log

from searcher.analyzer import runs
from searcher.snapshot import Snapshot

USUAL = 10  # a word is usual that stands in one of so many articles
MAX_WORD = 12  # code points; no word of the dictionaries that matters is longer


def cut(snapshot: Snapshot, folded: str) -> tuple[str, ...]:
    """Cut a folded text into the likeliest words that the index holds; no dictionary is loaded for it.

    Two characters side by side that are left single, and neither of which is usual as a word, are a word as well where
    they stand somewhere: a name, most often (祭遵).

    Of all ways to cut a run of Han characters the one with the greatest product of word frequencies wins (the unigram
    model that jieba cuts by, with the number of articles that hold a word).
    """
    found: list[str] = []
    for run, is_han in runs(folded):
        words = _cut_run(snapshot, run) if is_han else [run]
        found += [*words, *_unlisted(snapshot, words)]
    return tuple(dict.fromkeys(found))


def _unlisted(snapshot: Snapshot, words: Sequence[str]) -> Iterator[str]:
    """Yield the pairs that are words beside those that the index holds as words."""
    for one, other in pairwise(words):
        pair = one + other
        if len(one) == len(other) == 1 and pair not in words and snapshot.frequency("grams", pair):
            usual = (snapshot.frequency("words", mark) * USUAL >= snapshot.articles for mark in (one, other))
            if not any(usual):
                yield pair


def boundaries(snapshot: Snapshot, folded: str) -> set[int]:
    """Return where the words of a folded text, as ``cut`` cuts it, begin and end."""
    found: set[int] = set()
    start = 0
    for run, is_han in runs(folded):
        start = folded.index(run, start)
        found.add(start)
        for word in _cut_run(snapshot, run) if is_han else [run]:
            start += len(word)
            found.add(start)
    return found


def _cut_run(snapshot: Snapshot, run: str) -> list[str]:
    total = log(snapshot.articles + 1)
    best: list[tuple[float, int]] = [(0.0, 0)] * (
        len(run) + 1
    )  # from each place to the end: weight, length of the word
    for start in range(len(run) - 1, -1, -1):
        choices = []
        for end in range(start + 1, min(len(run), start + MAX_WORD) + 1):
            frequency = snapshot.frequency("words", run[start:end])
            if frequency or end == start + 1:
                choices.append((log(max(frequency, 0.5)) - total + best[end][0], end - start))
        best[start] = max(choices)
    words, start = [], 0
    while start < len(run):
        words.append(run[start : start + best[start][1]])
        start += best[start][1]
    return words
