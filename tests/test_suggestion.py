"""Did you mean: words that sound or look alike are suggested, and nothing that finds no more."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher import Article, Index, Paragraph, engines
from searcher.pinyin import characters, sounds_like, syllables
from searcher.suggestion import FEW
from tests.cli import ROOT, call, with_samples

TEXTS = (
    "工业互联网平台建设指南", "企业应当加快工业互联网应用。", "数据安全和个人信息保护。", "知识产权保护条例",
    "劳动合同应当采用书面形式。", "营商环境评价指标", "工业 与 互联网 融合", "blockchain platform",
    "护士的执业注册，护理服务。",
)  # fmt: skip


@pytest.fixture(scope="module", params=engines.NAMES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(tmp_path_factory.mktemp("suggestion") / "index", create=True, engine=request.param) as made:
        made.add([Article(record_id=str(n), paragraphs=(Paragraph(text),)) for n, text in enumerate(TEXTS)])
        yield made


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("工业护联网", "工业互联网"),
        ("gongyehulianwang", "工业互联网"),
        ("gongye hulianwang", "工业互联网"),
        ("laodong hetong", "劳动合同"),
        ("劳动和同", "劳动合同"),
        ("个人信息报护", "个人信息保护"),
        ("知识产全", "知识产权"),
        ("知识产", None),
        ("blockchian", "blockchain"),
        ("数据安全 zhishichanquan", None),
        ("劳动合同 shumian", "劳动合同 书面"),
    ],
)
def test_what_was_meant_is_suggested(index: Index, typed: str, meant: str | None) -> None:
    results = index.search(typed, suggest=True)
    if meant is None:
        assert meant not in results.suggestions
    else:
        assert meant in results.suggestions
        assert index.search(meant).total.articles > results.total.articles


@pytest.mark.parametrize(
    "typed", ["工业互联网", "数据安全", "没有的机关", '"工业护联网"', "标题:护联网", "zzzz", "的", "-工业护联网"]
)
def test_nothing_is_suggested_for_what_is_found_quoted_or_not_like_anything(index: Index, typed: str) -> None:
    assert index.search(typed).suggestions == ()


@given(st.text(st.sampled_from('工业护联网数据全 abnghulianwg"()同句'), max_size=14))
def test_every_suggestion_finds_more(index: Index, typed: str) -> None:
    from searcher import QueryError

    try:
        results = index.search(typed, suggest=True)
    except QueryError:
        return
    assert len(results.suggestions) <= 3
    assert not results.suggestions or results.total.articles < FEW
    for other in results.suggestions:
        assert index.search(other).total.articles > results.total.articles


def test_suggestions_never_take_the_place_of_results(tmp_path: Path) -> None:
    folder = with_samples(tmp_path)
    call("index", "corpus", folder=folder, check=0)
    done = call("工业护联网", folder=folder)
    assert "Did you mean: 工业互联网" in done.stderr.decode()
    assert "Did you mean" not in done.stdout.decode()
    assert call("shuju anquan", folder=folder).stderr.decode().count("数据安全") == 1


def test_syllables_are_parted_in_every_way() -> None:
    assert syllables("xian")[:2] == [("xian",), ("xi", "an")]
    assert syllables("gongye") == [("gong", "ye")]
    assert syllables("qqq") == []
    assert "互" in characters()["hu"]
    assert {"互", "护"} <= sounds_like("护")
    assert sounds_like("A") == {"A"}


def test_the_table_of_readings_is_what_would_be_made() -> None:
    pytest.importorskip("pypinyin")
    script = runpy.run_path(str(ROOT / "scripts" / "make_pinyin.py"))
    assert script["PATH"].read_text("utf-8") == script["made"](), "run: python scripts/make_pinyin.py"
