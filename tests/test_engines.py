"""The same cases over every engine, and the default engine held against the small one that is always right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.index import open_dir
from whoosh.qparser import QueryParser

from searcher import engines
from searcher.analyzer import BREAK, fold, units, words
from searcher.engines import Document, Engine, Field, Reader
from searcher.engines import tantivy as on_tantivy
from searcher.engines import whoosh as on_whoosh
from searcher.engines.whoosh_schema import NAME, GramAnalyzer, PolicyAnalyzer
from searcher.errors import EngineError
from searcher.keys import article_of, key_of

FIELDS: tuple[Field, Field] = ("words", "grams")


@dataclass
class Batches:
    """An engine's folder, its last commit, and what must be in it."""

    engine: Engine
    folder: Path
    commit: str | None = None
    held: dict[int, Document] = field(default_factory=dict)

    def apply(self, added: Iterable[Document] = (), removed: Sequence[int] = ()) -> str:
        with self.engine.writer(self.folder, self.commit) as writer:
            for document in added:
                writer.add(document)
                self.held[document.key] = document
            if removed:
                writer.remove(removed)
                self.held = {key: one for key, one in self.held.items() if article_of(key) not in removed}
            self.commit = writer.commit()
        return self.commit

    def check(self) -> None:
        """Hold a reader of the last commit against what must be in it."""
        assert self.commit is not None
        reader = self.engine.open(self.folder, self.commit)
        assert_holds(reader, self.held)
        reader.close()


def document(article: int, place: int, text: str) -> Document:
    return Document(key_of(article, place), *units([text])[0])


def held_by(document: Document, kind: Field) -> Counter[str]:
    return Counter(document.word_list() if kind == "words" else document.gram_set())


def found(reader: Reader, kind: Field, unit: str) -> dict[int, float | None]:
    """Return the keys of the documents that hold a unit, each with its frequency."""
    postings = reader.postings(kind, unit)
    assert list(postings.documents) == sorted(set(postings.documents))
    assert reader.document_frequency(kind, unit) == len(postings.documents)
    assert (postings.frequencies is None) == (kind == "grams")
    none: list[float | None] = [None] * len(postings.documents)
    frequencies = none if postings.frequencies is None else postings.frequencies
    return {reader.keys[n]: frequency for n, frequency in zip(postings.documents, frequencies, strict=True)}


def assert_holds(
    reader: Reader, held: dict[int, Document], *, beside: Iterable[str] = ("无此词", "", "\x00", "\ud800")
) -> None:
    live = reader.documents()
    assert list(live) == sorted(set(live))
    assert sorted(reader.keys[n] for n in live) == sorted(held)
    assert [reader.lengths[n] for n in live] == [len(held[reader.keys[n]].word_list()) for n in live]
    assert reader.count == len(held)
    assert reader.total_length == sum(len(one.word_list()) for one in held.values())
    assert set(reader.lexicon()) >= {word for one in held.values() for word in one.word_list() if len(word) <= 1_000}
    for kind in FIELDS:
        counts = {key: held_by(one, kind) for key, one in held.items()}
        for unit in set(beside).union(*counts.values()):
            expected = {key: count[unit] if kind == "words" else None for key, count in counts.items() if unit in count}
            assert found(reader, kind, unit) == expected, (kind, unit)


@pytest.fixture(params=engines.NAMES)
def batches(request: pytest.FixtureRequest, tmp_path: Path) -> Batches:
    return Batches(engines.load(request.param), tmp_path / "engine")


@pytest.fixture
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the engines write many segments, and merge them, over a few documents."""
    monkeypatch.setattr(on_whoosh, "FLUSH", 40)
    monkeypatch.setattr(on_whoosh, "MAX_SEGMENTS", 3)
    monkeypatch.setattr(on_whoosh, "MERGE", 3)
    monkeypatch.setattr(on_tantivy, "PER_MARK", 1_000_000)


TEXTS = (
    "深入实施工业互联网创新发展战略，工业互联网平台。",
    "国办发〔2023〕7号",
    "  ，。 ",
    "GB/T 26341-2010 和 5.1.1",
    "\U00020000\U0002a6d6〇é",
    "安全安全安全 安全",
)


def some(numbers: Iterable[int]) -> list[Document]:
    return [document(number, place, text) for number in numbers for place, text in enumerate(TEXTS)]


# ---- one case after another, over every engine


def test_an_engine_says_its_name() -> None:
    assert [engines.load(name).name for name in engines.NAMES] == list(engines.NAMES)
    assert engines.default() in engines.NAMES


def test_an_unknown_engine_is_refused_with_the_names_of_the_others() -> None:
    with pytest.raises(EngineError, match="nonesuch") as caught:
        engines.load("nonesuch")
    assert all(name in caught.value.hint for name in engines.USERS)


def test_an_empty_index_holds_nothing(batches: Batches) -> None:
    batches.apply()
    batches.check()


def test_what_was_added_is_found(batches: Batches) -> None:
    batches.apply(some([1, 2, 3]))
    batches.check()


def test_batches_come_on_top_of_each_other(batches: Batches) -> None:
    batches.apply(some([1, 2]))
    batches.apply(some([3]))
    batches.apply(some([4, 5]), removed=[2])
    batches.check()
    batches.apply(removed=[1, 3, 4])
    batches.check()


def test_what_was_added_in_the_same_batch_can_be_removed(batches: Batches) -> None:
    batches.apply(some([1, 2, 3]), removed=[1, 3])
    batches.check()
    assert {article_of(key) for key in batches.held} == {2}


def test_everything_can_be_removed_and_added_again(batches: Batches) -> None:
    batches.apply(some([1, 2]))
    batches.apply(removed=[1, 2])
    batches.check()
    batches.apply(some([3]))
    batches.check()


def test_removing_what_is_not_there_changes_nothing(batches: Batches) -> None:
    batches.apply(some([1]))
    batches.apply(removed=[7])
    batches.check()


def test_an_older_commit_stays_as_it_was_until_it_is_cleared(batches: Batches) -> None:
    first = batches.apply(some([1, 2]))
    held = dict(batches.held)
    open_before = batches.engine.open(batches.folder, first)
    second = batches.apply(some([3]), removed=[1])
    reopened = batches.engine.open(batches.folder, first)
    assert_holds(reopened, held)
    reopened.close()
    batches.engine.clear(batches.folder, second)
    assert_holds(open_before, held)
    open_before.close()
    with pytest.raises(FileNotFoundError):
        batches.engine.open(batches.folder, first)
    batches.check()


def test_a_batch_that_is_left_without_commit_is_discarded(batches: Batches) -> None:
    commit = batches.apply(some([1]))
    batches.engine.clear(batches.folder, commit)
    files = sorted(path.name for path in batches.folder.iterdir())
    with pytest.raises(KeyboardInterrupt), batches.engine.writer(batches.folder, commit) as writer:
        for one in some([2, 3]):
            writer.add(one)
        writer.remove([1])
        raise KeyboardInterrupt
    batches.check()
    batches.engine.clear(batches.folder, commit)
    assert sorted(path.name for path in batches.folder.iterdir()) == files
    batches.apply(some([4]))
    batches.check()


def test_clearing_with_nothing_to_keep_leaves_nothing(batches: Batches) -> None:
    batches.apply(some([1]))
    batches.engine.clear(batches.folder, None)
    assert list(batches.folder.iterdir()) == []
    batches.engine.clear(batches.folder / "not there", None)


def test_a_unit_may_be_anything_that_utf_8_can_write(batches: Batches) -> None:
    odd = ["\x00", "\x7f", ".", "*", "\\", "[", "\ue000", "\uffff", "\U0010ffff", "\U00020000", "é"]
    long = ["a" * 65_000, "词" * 20_000, "词" * 40_000]
    grams = [*odd, *(f"{one}{other}" for one in odd for other in odd)]
    batches.apply(
        [
            Document(key_of(1, 0), " ".join([*odd, *long, *odd]), " ".join(grams)),
            Document(key_of(1, 1), " ".join(odd[:3]), ""),
        ]
    )
    batches.check()


def test_a_megabyte_in_one_document(batches: Batches) -> None:
    batches.apply([Document(key_of(1, 0), "a " * 1_000_000 + "b", "cc " * 1_000_000)])
    batches.check()


def test_more_documents_than_a_block_of_postings_holds(batches: Batches) -> None:
    many = [Document(key_of(n, 0), " ".join("甲" * (n % 5 + 1)), f"甲 {n % 7}") for n in range(1, 1_300)]
    batches.apply(many)
    batches.apply(removed=[1, 512, 513, 1_024, 1_299])
    batches.check()


@pytest.mark.usefixtures("small_segments")
def test_many_segments_are_made_into_few(batches: Batches) -> None:
    for number in range(1, 30):
        batches.apply(some([number]), removed=[number - 5] if number > 5 and number % 3 else [])
        batches.check()
    if batches.engine.name == "whoosh":
        assert len(list(batches.folder.glob("*.trm"))) > on_whoosh.MAX_SEGMENTS
        batches.engine.clear(batches.folder, batches.commit)
        assert len(list(batches.folder.glob("*.trm"))) <= on_whoosh.MAX_SEGMENTS


@pytest.mark.usefixtures("small_segments")
@pytest.mark.parametrize("name", ["whoosh", "memory"])
def test_segments_that_are_mostly_removed_are_written_anew(tmp_path: Path, name: str) -> None:
    """tantivy does so when it merges them with others, and lets go of a segment of which nothing is left."""
    batches = Batches(engines.load(name), tmp_path / "engine")
    batches.apply(some(range(1, 20)))
    batches.apply(removed=range(1, 15))
    batches.check()
    assert batches.commit is not None
    reader = batches.engine.open(batches.folder, batches.commit)
    assert len(reader.keys) < 2 * reader.count
    reader.close()


# ---- the default engine equals the memory engine, whatever is done

_MARK = st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters=BREAK)
_WORDS = st.lists(st.text(_MARK, min_size=1, max_size=3) | st.just(BREAK), max_size=6).map(" ".join)
_GRAMS = st.lists(st.text(_MARK, min_size=1, max_size=2), max_size=6).map(" ".join)
_DOCUMENT = st.tuples(_WORDS, _GRAMS)
_BATCH = st.tuples(st.lists(_DOCUMENT, max_size=6), st.sets(st.integers(1, 20), max_size=4))


def run(engine: str, folder: Path, plan: Sequence[tuple[Sequence[tuple[str, str]], set[int]]]) -> Batches:
    """Apply batches of documents and removals; every two documents make an article."""
    made = Batches(engines.load(engine), folder)
    count = 0
    for documents, removed in plan:
        added = [Document(key_of(*divmod(count + n + 2, 2)), *one) for n, one in enumerate(documents)]
        count += len(documents)
        made.apply(added, sorted(removed))
        made.check()
    return made


@settings(max_examples=25)
@given(plan=st.lists(_BATCH, max_size=7))
def test_every_engine_does_what_the_batches_say(
    tmp_path_factory: pytest.TempPathFactory, plan: list[tuple[list[tuple[str, str]], set[int]]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(on_whoosh, "FLUSH", 12)
        patch.setattr(on_whoosh, "MAX_SEGMENTS", 2)
        patch.setattr(on_whoosh, "MERGE", 2)
        patch.setattr(on_tantivy, "PER_MARK", 1_000_000)
        held = [run(name, tmp_path_factory.mktemp(name) / "engine", plan).held for name in engines.NAMES]
    assert all(one == held[0] for one in held)


# ---- the default engine's folder is an ordinary Whoosh index


@pytest.fixture
def whoosh_folder(tmp_path: Path) -> Path:
    made = Batches(engines.load("whoosh"), tmp_path / "engine")
    made.apply([document(n, 0, text) for n, text in enumerate(TEXTS, start=1)])
    made.apply(removed=[6])
    return made.folder


@pytest.mark.parametrize(
    ("query", "articles"),
    [("工业互联网", {1}), ("工業互聯網", {1}), ("7 号", {2}), ("26341 OR 平台", {1, 4}), ("安全", set())],
)
def test_whooshs_own_parser_searches_it(whoosh_folder: Path, query: str, articles: set[int]) -> None:
    index = open_dir(str(whoosh_folder), indexname=NAME)
    with index.searcher() as searcher:
        hits = searcher.search(QueryParser("words", index.schema).parse(query), limit=None)
        assert {article_of(hit["key"]) for hit in hits} == articles
    index.close()


def test_tokens_for_whoosh_are_objects_of_their_own() -> None:
    """The usual analyzer yields one object again and again, so ``list(analyzer(text))`` repeats the last token."""
    text = "推進工業互聯網，５Ｇ！"
    tokens = list(PolicyAnalyzer()(text))
    assert len({id(token) for token in tokens}) == len(tokens)
    assert [token.pos for token in tokens] == list(range(len(tokens)))
    assert [fold(text[token.startchar : token.endchar]) for token in tokens] == [token.text for token in tokens]
    assert [token.text for token in tokens] == words(fold(text))


def test_grams_for_whoosh_are_those_of_the_index() -> None:
    assert [token.text for token in GramAnalyzer()("７号文")] == ["7", "7号", "号", "号文", "文"]
