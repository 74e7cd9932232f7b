"""Which words of the index is a text made of? No dictionary is loaded for it."""

from __future__ import annotations

from math import log

from searcher.analyzer import runs
from searcher.snapshot import Snapshot

MAX_WORD = 12  # code points; no word of the dictionaries that matters is longer


def cut(snapshot: Snapshot, folded: str) -> tuple[str, ...]:
    """Cut a folded text into the likeliest words that the index holds; no dictionary is loaded for it.

    Of all ways to cut a run of Han characters the one with the greatest product of word frequencies wins (the unigram
    model that jieba cuts by, with the number of articles that hold a word).
    """
    found: list[str] = []
    for run, is_han in runs(folded):
        found += _cut_run(snapshot, run) if is_han else [run]
    return tuple(dict.fromkeys(found))


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
