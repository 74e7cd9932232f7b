"""Nothing in the text is unfindable, any string is a query, and an update is a rebuild: over every engine."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from searcher import Index, QueryError, engines
from searcher.analyzer import fold, is_findable
from tests.making import QUERIES, answers, nasty_articles, policy, write_policies
from tests.nasty import NASTY

ARTICLES = nasty_articles(150)
TEXTS = [paragraph.text for article in ARTICLES for paragraph in article.paragraphs if paragraph.text]
FOLDED = [fold(text) for text in TEXTS]
# What a quoted text may be put between, and what must then not stand in it.
QUOTES = (
    ("“", "”", '”"'),
    ('"', '"', '"”“'),
    ("「", "」", "」"),
    ("『", "』", "』"),
    ("《", "》", "》"),
    ("〝", "〞", "〞〟"),
)


@pytest.fixture(scope="module", params=engines.NAMES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("laws") / "index"
    with Index.open(folder, create=True, engine=request.param) as made:
        made.add(ARTICLES)
        yield made


def quoted(text: str) -> str | None:
    """Put a text in quotes that do not stand in it, if there are any."""
    for opener, closer, forbidden in QUOTES:
        if not any(mark in text for mark in forbidden):
            return f"{opener}{text}{closer}"
    return None


_PLACE = st.integers(0, 100)


@settings(max_examples=250)
@given(which=st.integers(0, len(TEXTS) - 1), start=_PLACE, length=st.integers(1, 12))
@example(which=0, start=0, length=1_000)
def test_every_part_of_a_text_is_found_and_counted(index: Index, which: int, start: int, length: int) -> None:
    """Law 1."""
    text = TEXTS[which]
    part = text[start % len(text) :][:length]
    assume(is_findable(part))
    query = quoted(part)
    assume(query is not None)
    assert query is not None
    results = index.search(query, limit=len(ARTICLES), paragraphs=100)
    sought = fold(part).strip()
    assert results.total.paragraphs == sum(sought in folded for folded in FOLDED)
    assert text in {passage.text for hit in results for passage in hit.paragraphs}
    assert all(hit.partial is False for hit in results)
    assert results.total.articles == len(results)


@settings(max_examples=60)
@given(which=st.integers(0, len(TEXTS) - 1), start=_PLACE, length=st.integers(1, 6))
def test_highlights_of_a_hit_cover_the_quoted_text(index: Index, which: int, start: int, length: int) -> None:
    part = TEXTS[which][start % len(TEXTS[which]) :][:length]
    query = quoted(part) if is_findable(part) else None
    assume(query is not None)
    assert query is not None
    for hit in index.search(query, limit=len(ARTICLES)):
        for passage in hit.paragraphs:
            assert passage.highlights
            for span in passage.highlights:
                assert fold(part).strip() in fold(passage.text[span.start : span.end])


@pytest.mark.parametrize("query", NASTY, ids=range(len(NASTY)))
def test_any_string_is_answered_or_refused(index: Index, query: str) -> None:
    """Law 8."""
    try:
        results = index.search(query, context=1)
    except QueryError as error:
        assert 0 <= error.position <= len(query)
    else:
        assert results.query == query
        assert len(results) <= min(10, results.total.articles + results.total.partial)


_MIXED = [
    *'()"“”-| ', " OR ", " NOT ", " 同句 ", " 同段 ", " 同篇 ",
    "工业", "7号", "安全", "标题:", "ABC", "工信部", "2018年",
]  # fmt: skip


@settings(max_examples=80)
@given(query=st.lists(st.sampled_from(_MIXED), max_size=12).map("".join))
def test_any_mix_of_operators_is_answered_or_refused(index: Index, query: str) -> None:
    try:
        results = index.search(query, limit=1_000)
    except QueryError as error:
        assert error.hint
    else:
        assert len(results) == results.total.articles + results.total.partial
        assert [hit.partial for hit in results] == sorted(hit.partial for hit in results)
        assert [hit.rank for hit in results] == list(range(1, len(results) + 1))


# ---- law 7: indexing twice is indexing once, and an update gives the same index as a rebuild


class Twins:
    """One corpus, and an index of it by every engine that follows its changes."""

    def __init__(self, folder: Path) -> None:
        self.corpus = folder / "corpus"
        self._folder = folder
        write_policies(self.corpus, 40)
        self.indexes = [Index.open(folder / name, create=True, engine=name) for name in engines.NAMES]

    def check(self) -> None:
        """Update the indexes, and hold each of them against a fresh one and against the other."""
        fresh = Index.open(self._folder / "fresh", create=True)
        fresh.update(self.corpus)
        expected = answers(fresh)
        listed = list(fresh.articles())
        for index in self.indexes:
            index.update(self.corpus)
            assert answers(index) == expected, index.engine
            assert list(index.articles()) == listed
            report = index.update(self.corpus)
            assert (report.added, report.updated, report.removed) == (0, 0, 0)
            assert answers(index) == expected, index.engine
        fresh.close()
        shutil.rmtree(self._folder / "fresh")

    def rebuild(self) -> None:
        for index in self.indexes:
            before = answers(index)
            index.rebuild()
            assert answers(index) == before

    def close(self) -> None:
        for index in self.indexes:
            index.close()


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[Twins]:
    made = Twins(tmp_path)
    yield made
    made.close()


def test_an_update_equals_a_fresh_index(twins: Twins) -> None:
    twins.check()
    twins.rebuild()


CHANGES: dict[str, Callable[[Path, random.Random], object]] = {
    "modify": lambda file, chance: file.write_text(policy(chance, "改"), "utf-8"),
    "delete": lambda file, chance: file.unlink(),
    "empty": lambda file, chance: file.write_text("", "utf-8"),
    "double": lambda file, chance: file.with_stem(f"{file.stem}-copy").write_bytes(file.read_bytes()),
    "move": lambda file, chance: file.rename(file.with_stem(f"{file.stem}-moved")),
    "touch": lambda file, chance: file.touch(),
}


@pytest.mark.parametrize("seed", range(3))
def test_updates_after_random_changes_equal_fresh_indexes(twins: Twins, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(4):
        for _ in range(chance.randint(1, 6)):
            files = sorted(twins.corpus.iterdir())
            CHANGES[chance.choice(sorted(CHANGES))](chance.choice(files), chance)
        twins.check()
    twins.rebuild()


def test_pages_of_hits_make_up_the_whole(twins: Twins) -> None:
    twins.check()
    for index in twins.indexes:
        for query in QUERIES:
            whole = index.search(query, limit=1_000).hits
            pages = [hit for offset in range(0, len(whole), 7) for hit in index.search(query, limit=7, offset=offset)]
            assert [hit.article.id for hit in pages] == [hit.article.id for hit in whole], query
            assert tuple(pages) == whole
