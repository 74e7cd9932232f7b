"""Every engine finds runs of any length where they stand, and does what any batches of any texts say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher import engines
from searcher.engines import tantivy as on_tantivy
from searcher.engines import whoosh as on_whoosh
from searcher.engines import whoosh_segment
from searcher.units import ArticleUnits
from tests.engine_cases import Batches, article

ARTICLES = {
    3: article("发布机关：某市", "工业互联网办法", "工业，互联网。", "工业互联网工业互联网"),
    4: article("第5号2024", "ABC工业x互联", "\U00020000\U0002a6d6〇\U00020000网", "互"),
    8: article("工 业 互 联", "业务互联", "网", "大" * 3_000 + "小", front=False),
}


@pytest.fixture(params=engines.NAMES)
def batches(request: pytest.FixtureRequest, tmp_path: Path) -> Batches:
    return Batches(engines.load(request.param), tmp_path / "engine")


@pytest.mark.parametrize(
    "run",
    [
        "工", "网", "小", "5", "x", "〇", "\U00020000",  # alone, at the beginning, at the end, in the middle
        "工业", "联网", "业互", "互联", "大小", "网工", "5号", "c工", "x互", "\U0002a6d6〇", "〇\U00020000",
        "工业互", "业互联网", "工业互联网", "网工业", "号2024", "abc工业x", "\U00020000\U0002a6d6〇", "〇\U00020000网",
        "业，互", "工业 互联", "工业互联网办法吧", "工业互联互", "工互", "x\x00互", "工业\ud800", "\ud800\ud801",
        "工业互联网工业互联网", "互联网工业互", "大" * 399, "大" * 401, "大" * 3_000, "大" * 2_999 + "小", "大" * 3_001,
    ],
)  # fmt: skip
def test_a_run_is_found_where_it_stands_and_nowhere_else(batches: Batches, run: str) -> None:
    batches.apply(ARTICLES)
    batches.check(runs=[run])


@pytest.mark.parametrize(
    "runs", [["工业", "互联"], ["工业互联网", "办法"], ["大", "大小"], ["工业x", "鑫"], ["网"] * 2]
)
def test_texts_that_may_hold_all_of_some_runs_are_among_the_candidates(batches: Batches, runs: list[str]) -> None:
    batches.apply(ARTICLES)

    def look(reader: engines.Reader) -> None:
        certain, perhaps = reader.candidates(runs)
        found = {reader.keys[n] for n in (*certain, *perhaps)}
        single = [set(reader.candidates([run]).certain) for run in runs]
        assert {reader.keys[n] for n in set[int].intersection(*single)} <= found

    batches.read(look)


def test_a_removed_article_gains_and_counts_nothing(batches: Batches) -> None:
    batches.apply(ARTICLES)
    batches.apply(removed=[4])

    def look(reader: engines.Reader) -> None:
        assert {reader.articles[n] for n in reader.gains([3, 4, 8], {"互": 1})} == {3, 8}
        assert set(reader.counts(["互"], frozenset((0, 1, 2)))) == {3, 8}
        assert reader.holding("grams", ["互"]) == {3, 8}

    batches.read(look)
    batches.check(runs=["abc工业x", "工业互联网"])


# ---- whatever is done

_TEXT = st.lists(
    st.sampled_from(["工业互联网", "工业", "互", "网安", "全", "，", " ", "ab", "b1", "é", "〇", "\U00020000", "\x00"])
    | st.characters(exclude_categories=["Cs"]),
    max_size=8,
).map("".join)
_ARTICLE = st.builds(article, _TEXT, _TEXT, _TEXT) | st.builds(
    lambda *texts: article(*texts, front=False), _TEXT, _TEXT
)
_BATCH = st.tuples(st.lists(_ARTICLE, max_size=4), st.sets(st.integers(1, 12), max_size=4))
_RUN = st.lists(st.sampled_from("工业互联网安全ab1é〇\U00020000，\x00"), min_size=1, max_size=6).map("".join)
_Plan = Sequence[tuple[Sequence[ArticleUnits], set[int]]]


def follow(engine: str, folder: Path, plan: _Plan, runs: Sequence[str]) -> Batches:
    """Apply batches of articles and removals, looking after each."""
    made = Batches(engines.load(engine), folder)
    count = 0
    for articles, removed in plan:
        made.apply(dict(enumerate(articles, count + 1)), sorted(removed))
        made.check(runs=runs)
        count += len(articles)
    return made


@settings(max_examples=20)
@given(plan=st.lists(_BATCH, max_size=6), runs=st.lists(_RUN, max_size=6))
@pytest.mark.parametrize("engine", engines.NAMES)
def test_every_engine_does_what_the_batches_say(
    tmp_path_factory: pytest.TempPathFactory, engine: str, plan: _Plan, runs: list[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(on_whoosh, "FLUSH", 40)
        patch.setattr(on_whoosh, "MAX_SEGMENTS", 2)
        patch.setattr(on_whoosh, "MERGE", 2)
        patch.setattr(whoosh_segment, "BLOCK", 2)
        patch.setattr(whoosh_segment, "FEW", 1)
        patch.setattr(on_tantivy, "PER_MARK", 1_000_000)
        follow(engine, tmp_path_factory.mktemp(engine) / "engine", plan, runs)
