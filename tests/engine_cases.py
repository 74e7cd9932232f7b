"""What must a reader of an engine say, seeing which articles were added? Told by looking at every one of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby, pairwise
from pathlib import Path
from typing import get_args

from searcher.analyzer import BREAK, END
from searcher.engines import Engine, Kind, Reader
from searcher.keys import EVERYWHERE, FIRST_PARAGRAPH, FRONT, TITLE, WHOLE, Places, article_of, is_in, key_of, place_of
from searcher.units import ArticleUnits, TextUnits, article_units

KINDS: tuple[Kind, ...] = get_args(Kind)
PLACES: tuple[Places, ...] = (
    EVERYWHERE,
    *(frozenset((place,)) for place in (FRONT, TITLE, FIRST_PARAGRAPH)),
    frozenset((TITLE, FIRST_PARAGRAPH)),
    frozenset((FRONT, FIRST_PARAGRAPH)),
)
ABSENT = ("无此词", "", "\x00", "\ud800", "鑫", "鑫鑫")  # units, and most of them runs, that no article here has


def article(*texts: str, front: bool = True) -> ArticleUnits:
    """Return the units of an article: metadata lines, title, paragraphs; or paragraphs only."""
    return article_units(list(enumerate(texts, FRONT if front else FIRST_PARAGRAPH)))


def made(length: int, words: str, levels: str, grams: str, *texts: TextUnits) -> ArticleUnits:
    """Return the units of an article whose texts are cut already."""
    ends = [END.join(["", *units, ""]) for units in ([t.words for t in texts], [t.grams for t in texts])]
    return ArticleUnits(length, words, levels, grams, tuple(text.place for text in texts), *ends)


def grams(*runs: str) -> str:
    """Write the grams of runs as ``TextUnits`` has them."""
    return " ".join(chain.from_iterable([run[n : n + 2] for n in range(len(run))] for run in runs))


def runs_of(text: TextUnits) -> list[str]:
    """Return the runs that the grams of a text were made of: a gram of one character ends each."""
    runs, begun = [], ""
    for gram in text.grams.split():
        begun += gram[0]
        if len(gram) == 1:
            runs.append(begun)
            begun = ""
    return runs


class Expected:
    """Looks at every article that is held. ``runs`` are those of the texts, by their keys."""

    def __init__(self, held: Mapping[int, ArticleUnits]) -> None:
        self.held = held
        self.runs = {key_of(n, text.place): set(runs_of(text)) for n, one in held.items() for text in one.texts}
        self._with_run: dict[str, set[int]] = {}

    def units(self, kind: Kind) -> dict[int, set[str]]:
        return {number: set(getattr(one, kind).split()) for number, one in self.held.items()}

    def with_run(self, run: str) -> set[int]:
        """Return the keys of the texts that hold a run."""
        if run not in self._with_run:
            found = {key for key, runs in self.runs.items() if run and any(run in one for one in runs)}
            self._with_run[run] = found
        return self._with_run[run]

    def counts(self, runs: Iterable[str], places: Places, *, every: bool = False) -> dict[int, int]:
        texts = list(map(self.with_run, runs))
        found = set.intersection(*texts) if every and texts else set[int]().union(*texts)
        held = sorted(key for key in found if is_in(key, places))
        return {number: len(list(group)) for number, group in groupby(held, article_of)}

    def gains(self, articles: Collection[int], gains: Mapping[str, int]) -> dict[int, int]:
        sums = {
            key: sum(gain for run, gain in gains.items() if key in self.with_run(run))
            for key in self.runs
            if article_of(key) in articles
        }
        return {key: gain for key, gain in sums.items() if gain}

    def best(self, gains: Mapping[tuple[Kind, str], int], number: int) -> dict[int, int]:
        units = {kind: self.units(kind) for kind in KINDS}
        sums = {
            article: sum(gain for (kind, unit), gain in gains.items() if unit in units[kind][article])
            for article in self.held
        }
        ordered = sorted(filter(None, sums.values()), reverse=True)[:number]
        return {article: gain for article, gain in sums.items() if ordered and gain >= ordered[-1]}


def assert_holds(reader: Reader, held: Mapping[int, ArticleUnits], *, runs: Iterable[str] = ()) -> None:
    """Hold every answer of a reader against what was added; ask for these runs, too."""
    expected = Expected(held)
    _assert_documents(reader, held)
    for kind in KINDS:
        _assert_units(reader, expected, kind)
    _assert_best(reader, expected)
    short = sorted({gram for texts in expected.runs.values() for run in texts for gram in grams(run).split(" ")})
    singles = sorted({gram[0] for gram in short})
    for sought in dict.fromkeys([*short[:40], *singles[:20], *runs, *ABSENT]):
        assert_run(reader, expected, sought)
    for several in (short[:3], [*singles[:2], "鑫"], short[-2:]):
        _assert_several(reader, expected, several)


def _assert_documents(reader: Reader, held: Mapping[int, ArticleUnits]) -> None:
    live = list(reader.documents())
    assert live == sorted(set(live))
    texts = {key_of(number, text.place) for number, one in held.items() for text in one.texts}
    assert sorted(reader.keys[n] for n in live) == sorted(texts)
    assert reader.count == len(texts)
    assert list(reader.articles) == list(map(article_of, reader.keys))
    beside = [number for number, _ in groupby(article_of(key) for key in reader.keys if place_of(key) != WHOLE)]
    assert len(beside) == len(set(beside))
    of_texts = [key for key in reader.keys if place_of(key) != WHOLE]
    assert all(one < two for one, two in pairwise(of_texts) if article_of(one) == article_of(two))
    wholes = [key for key in reader.keys if place_of(key) == WHOLE]
    assert {key_of(number, WHOLE) for number in held} <= set(wholes)
    assert {number: reader.lengths[number] for number in held} == {n: one.length for n, one in held.items()}
    assert reader.total_length == sum(one.length for one in held.values())


def _assert_units(reader: Reader, expected: Expected, kind: Kind) -> None:
    units = expected.units(kind)
    known = set[str]().union(*units.values())
    for unit in known.union(ABSENT) - {BREAK}:
        holding = {number for number, held in units.items() if unit in held}
        assert reader.frequency(kind, unit) == len(holding), (kind, unit)
        assert reader.holding(kind, [unit]) == holding, (kind, unit)
    some = [*sorted(known)[::7], "无此词"]
    assert reader.holding(kind, some) == {number for number, held in units.items() if held.intersection(some)}
    assert reader.holding(kind, []) == set()
    if kind == "words":
        assert set(reader.lexicon()) >= {word for word in known if len(word) <= 1_000}


def _assert_best(reader: Reader, expected: Expected) -> None:
    gains = {
        (kind, unit): gain
        for kind in KINDS
        for gain, unit in enumerate([*sorted(set[str]().union(*expected.units(kind).values()))[:20], "无此词"], 1)
    }
    same = dict.fromkeys(gains, 5)
    one = dict(list(gains.items())[:1])
    absent: dict[tuple[Kind, str], int] = {("words", "无此词"): 3}
    for asked in (gains, same, one, absent, {}):
        for number in (1, 2, 3, len(expected.held), 1_000):
            assert_best(reader, expected, asked, number)


def assert_best(
    reader: Reader, expected: Expected, gains: Mapping[tuple[Kind, str], int], number: int
) -> list[tuple[int, int]]:
    found = reader.best(gains, number)
    assert [gain for _, gain in found] == sorted((gain for _, gain in found), reverse=True)
    assert len(found) == len(dict(found))
    assert dict(found) == expected.best(gains, number)
    return found


def assert_run(reader: Reader, expected: Expected, run: str) -> None:
    """Hold what a reader says of one run against the texts."""
    held = expected.with_run(run)
    certain, perhaps = reader.candidates([run])
    for documents in (certain, perhaps):
        assert list(documents) == sorted(set(documents))
    assert {reader.keys[n] for n in certain} <= held <= {reader.keys[n] for n in chain(certain, perhaps)}
    assert set(certain).isdisjoint(perhaps)
    assert reader.knows(run) or len(run) > 2
    if not reader.knows(run):
        return
    assert {reader.keys[n] for n in certain} == held, run
    assert not perhaps, run
    for places in PLACES:
        assert reader.counts([run], places) == expected.counts([run], places), (run, places)
        texts = reader.texts(run, places)
        assert list(texts) == sorted(set(texts))
        assert {reader.keys[n] for n in texts} == {key for key in held if is_in(key, places)}, (run, places)
    articles = [*expected.held, 999_999]
    for among in (articles, articles[::2], []):
        gained = reader.gains(among, {run: 7})
        assert {reader.keys[n]: gain for n, gain in gained.items()} == expected.gains(among, {run: 7}), run


def _assert_several(reader: Reader, expected: Expected, runs: Sequence[str]) -> None:
    for places in PLACES:
        for every in (False, True):
            counted = reader.counts(runs, places, every=every)
            assert counted == expected.counts(runs, places, every=every), (runs, places, every)
    gains = {run: gain for gain, run in enumerate(runs, 1)}
    gained = reader.gains(list(expected.held), gains)
    assert {reader.keys[n]: gain for n, gain in gained.items()} == expected.gains(expected.held, gains)
    assert reader.gains(list(expected.held), {}) == {}
    if runs:
        certain, perhaps = reader.candidates(runs)
        all_of = set[int].intersection(*map(expected.with_run, runs))
        assert all_of <= {reader.keys[n] for n in chain(certain, perhaps)}
        assert {reader.keys[n] for n in certain} <= all_of


@dataclass
class Batches:
    """An engine's folder, its last commit, and what must be in it."""

    engine: Engine
    folder: Path
    commit: str | None = None
    held: dict[int, ArticleUnits] = field(default_factory=dict)

    def apply(self, added: Mapping[int, ArticleUnits] | None = None, removed: Collection[int] = ()) -> str:
        with self.engine.writer(self.folder, self.commit) as writer:
            for number, one in (added or {}).items():
                writer.add(number, one)
                self.held[number] = one
            if removed:
                writer.remove(removed)
                self.held = {number: one for number, one in self.held.items() if number not in removed}
            self.commit = writer.commit()
        return self.commit

    def check(self, *, runs: Iterable[str] = ()) -> None:
        """Hold a reader of the last commit against what must be in it."""
        self.read(lambda reader: assert_holds(reader, self.held, runs=runs))

    def read(self, look: Callable[[Reader], object]) -> None:
        """Open a reader of the last commit for one look."""
        assert self.commit is not None
        reader = self.engine.open(self.folder, self.commit)
        try:
            look(reader)
        finally:
            reader.close()
