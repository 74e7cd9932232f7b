"""The same cases over every engine, each held against what was added."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from whoosh.index import open_dir
from whoosh.qparser import QueryParser

from searcher import engines
from searcher.analyzer import fold, words
from searcher.engines import tantivy as on_tantivy
from searcher.engines import tantivy_reader, whoosh_segment
from searcher.engines import whoosh as on_whoosh
from searcher.engines.postings import Kept
from searcher.engines.whoosh_schema import NAME, GramAnalyzer, PolicyAnalyzer
from searcher.errors import EngineError
from searcher.keys import article_of
from searcher.units import ArticleUnits, TextUnits, article_units
from tests.engine_cases import Batches, Expected, article, assert_best, assert_holds, grams, made


@pytest.fixture(params=engines.NAMES)
def batches(request: pytest.FixtureRequest, tmp_path: Path) -> Batches:
    return Batches(engines.load(request.param), tmp_path / "engine")


@pytest.fixture
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the engines write many segments, and merge them, over a few articles."""
    monkeypatch.setattr(on_whoosh, "FLUSH", 300)
    monkeypatch.setattr(on_whoosh, "MAX_SEGMENTS", 3)
    monkeypatch.setattr(on_whoosh, "MERGE", 3)
    monkeypatch.setattr(whoosh_segment, "BLOCK", 4)
    monkeypatch.setattr(whoosh_segment, "FEW", 2)
    monkeypatch.setattr(on_tantivy, "PER_MARK", 1_000_000)
    monkeypatch.setattr(on_tantivy, "APART", 0)
    monkeypatch.setattr(tantivy_reader, "_FEW", 0)


TEXTS = (
    "国办发〔2023〕7号 2023年5月1日",
    "工业互联网发展办法",
    "深入实施工业互联网创新发展战略，工业互联网平台。",
    "  ，。 ",
    "GB/T 26341-2010 和 5.1.1",
    "\U00020000\U0002a6d6〇é",
    "安全安全安全 安全",
)


def some(numbers: Iterable[int]) -> dict[int, ArticleUnits]:
    """Return articles that differ in what they have of the texts above."""
    return {number: article(*TEXTS[: number % 7 + 1], front=number % 5 > 0) for number in numbers}


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


def test_an_engine_needs_the_words_of_single_texts_only_where_it_says_so(batches: Batches) -> None:
    texts = list(enumerate(TEXTS))
    batches.apply({1: article_units(texts, text_words=batches.engine.text_words)})
    batches.held = {1: article_units(texts)}
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
    assert set(batches.held) == {2}


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
        for number, one in some([2, 3]).items():
            writer.add(number, one)
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
    run = "".join(f"{one}{other}" for one in odd[1:] for other in odd[1:])  # the first one parts texts
    text = TextUnits(2, " ".join([*odd[1:], *long, *odd[1:]]), grams(run, *odd[1:]))
    pairs = " ".join({*grams(run).split(" "), *odd})
    batches.apply({1: made(9, " ".join([*odd, *long]), " ".join(odd), pairs, text)})
    batches.check(runs=[run[:3], run[-3:], run])


def test_a_megabyte_in_one_text(batches: Batches) -> None:
    batches.apply({1: article("a " * 1_000_000 + "b" + "工业互联网" * 10_000 + "完")})
    batches.check(runs=["网完", "互联网完", "完工业"])


def test_words_of_a_text_may_repeat_and_have_breaks_among_them(batches: Batches) -> None:
    text = TextUnits(2, "安全 | 安全 安全生产 |", grams("安全", "安全生产"))
    batches.apply({3: made(7, "安全 安全生产", "A安全 B安全", "安全 全生 生产 安 全 生 产", text)})
    batches.check(runs=["安全生产"])
    batches.read(lambda reader: reader.frequency("words", "|") == 0)


def test_an_article_may_have_no_text(batches: Batches) -> None:
    batches.apply({1: made(0, "", "", ""), 2: article("甲乙"), 3: made(0, "", "", "")})
    batches.check()
    batches.apply(removed=[1])
    batches.check()


def test_the_texts_of_an_article_may_stand_far_apart(batches: Batches) -> None:
    placed = article_units(list(zip((0, 4, 5, 7_000, 7_001), TEXTS[:5], strict=True)))
    batches.apply({1: placed, 2: article(*TEXTS)})
    batches.apply({3: placed}, [2])
    batches.check()


def test_more_articles_than_a_block_of_postings_holds(batches: Batches, small_segments: None) -> None:
    batches.apply({number: article("甲乙", "丙" * (number % 5), f"丁 {number % 7}") for number in range(1, 200)})
    batches.apply(removed=[1, 12, 13, 124, 199])
    batches.check(runs=["丙丙丙"])


def test_the_best_articles_come_with_all_that_gain_as_much_as_the_last(batches: Batches) -> None:
    plain, both = article("甲"), article("甲", "乙")
    batches.apply({number: both if number % 100 == 0 else plain for number in range(1, 301)})

    def look(reader: engines.Reader) -> None:
        gains: dict[tuple[engines.Kind, str], int] = {("grams", "甲"): 2, ("grams", "乙"): 1}
        expected = Expected(batches.held)
        lengths = [len(assert_best(reader, expected, gains, number)) for number in (0, 1, 3, 4, 300, 301, 1 << 62)]
        assert lengths == [0, 3, 3, 300, 300, 300, 300]

    batches.read(look)


def test_gains_may_add_up_to_whatever_an_engine_must_add(batches: Batches) -> None:
    batches.apply({1: article("甲乙"), 2: article("甲丙")})

    def look(reader: engines.Reader) -> None:
        most = engines.MOST - 1
        assert reader.best({("grams", "甲"): most - 1, ("grams", "乙"): 1}, 2) == [(1, most), (2, most - 1)]
        assert sorted(reader.gains([1, 2], {"甲": most - 1, "甲乙": 1}).values()) == [most - 1, most]

    batches.read(look)


@pytest.mark.usefixtures("small_segments")
def test_many_segments_are_made_into_few(batches: Batches) -> None:
    for number in range(1, 25):
        batches.apply(some([number]), removed=[number - 5] if number > 5 and number % 3 else [])
        batches.check()
    if batches.engine.name == "whoosh":
        assert len(list(batches.folder.glob("*.trm"))) > on_whoosh.MAX_SEGMENTS
        batches.engine.clear(batches.folder, batches.commit)
        assert len(list(batches.folder.glob("*.trm"))) <= on_whoosh.MAX_SEGMENTS
        batches.read(_assert_ascending)


def _assert_ascending(reader: engines.Reader) -> None:
    assert list(reader.keys) == sorted(reader.keys)


@pytest.mark.usefixtures("small_segments")
@pytest.mark.parametrize("name", ["whoosh", "memory"])
def test_segments_that_are_mostly_removed_are_written_anew(tmp_path: Path, name: str) -> None:
    """tantivy does so when it merges them with others, and lets go of a segment of which nothing is left."""
    batches = Batches(engines.load(name), tmp_path / "engine")
    batches.apply(some(range(1, 20)))
    batches.apply(removed=range(1, 15))
    batches.check()
    batches.read(lambda reader: _assert_few_removed(reader, batches))


def _assert_few_removed(reader: engines.Reader, batches: Batches) -> None:
    assert len(reader.keys) < 2 * (reader.count + len(batches.held))


# ---- the default engine's folder is an ordinary Whoosh index


@pytest.fixture
def whoosh_folder(tmp_path: Path) -> Path:
    made = Batches(engines.load("whoosh"), tmp_path / "engine")
    made.apply({number: article(text, front=False) for number, text in enumerate(TEXTS, start=1)})
    made.apply(removed=[7])
    return made.folder


@pytest.mark.parametrize(
    ("query", "articles"),
    [("工业互联网", {2, 3}), ("工業互聯網", {2, 3}), ("7 号", {1}), ("26341 OR 平台", {3, 5}), ("安全", set())],
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


# ---- what engines share that look up postings


def test_postings_are_kept_up_to_a_number_of_them_the_last_ones_first() -> None:
    asked: list[str] = []

    def look_up(field: str, unit: str) -> list[int]:
        asked.append(field + unit)
        return [1, 2, 3]

    kept = Kept(most=8)
    for unit in "abacab":
        assert kept.get(("x", unit), look_up) == [1, 2, 3]
    assert asked == ["xa", "xb", "xc", "xb"]
