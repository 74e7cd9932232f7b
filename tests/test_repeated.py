"""Lines that the pages of one folder have in common are found, and only those."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.models import Line, Source
from searcher.repeated import candidates, learned
from searcher.split import extract
from tests.reading import assert_nothing_lost

BODY = "城市公园应当免费向公众开放，开放的时间由各区根据季节确定，并在公园入口处公布。"


def page(*texts: str, title: str = "关于公园的通知") -> Source:
    lines = tuple(Line(text, number) for number, text in enumerate(texts, start=1))
    return Source(path="a.html", format="html", encoding="utf-8", lines=lines, metadata={"title": title})


def pages(count: int) -> list[Source]:
    return [
        page("晚报网友情频道", f"公园通知{n}", BODY, f"第{n}个附注的话", "关注城市绿化", title=f"公园通知{n}")
        for n in range(count)
    ]


def learn(sources: list[Source]) -> frozenset[int]:
    counts = Counter(key for one in sources for key in extract(one).candidates)
    return learned(counts, len(sources))


def test_what_repeats_at_the_edges_is_taken_out_and_the_rest_stays() -> None:
    sources = pages(6)
    repeated = learn(sources)
    for one in sources:
        extraction = extract(one, repeated=repeated)
        assert_nothing_lost(one, extraction)
        (article,) = extraction.articles
        assert [removed.text for removed in extraction.removed] == ["晚报网友情频道", "关注城市绿化"]
        assert {removed.reason for removed in extraction.removed} == {"repeated in its folder"}
        assert article.paragraphs[0].text == BODY


def test_the_candidates_are_the_same_whatever_was_learned() -> None:
    sources = pages(6)
    repeated = learn(sources)
    assert [extract(one, repeated=repeated).candidates for one in sources] == [
        extract(one).candidates for one in sources
    ]


def test_too_few_files_teach_nothing() -> None:
    assert learn(pages(4)) == frozenset()
    assert learned({1: 5, 2: 4}, 10) == frozenset({1})
    assert learned({1: 5}, 100) == frozenset()


@pytest.mark.parametrize(
    "line",
    [
        "第一章 总则", "一、总体要求", "（二）基本原则", "1.总体目标", "特此通知", "某市人民政府办公厅",
        "2018年5月21日", "附件：公园名录", "（此件公开发布）",
        "各区人民政府：", "某政发〔2018〕3号", "公园全年开放。",
        "关于公园的通知", "发布日期：2018-05-21",
    ],
)  # fmt: skip
def test_what_may_be_the_documents_own_is_no_candidate(line: str) -> None:
    assert candidates([Line(BODY), Line(line)], title="关于公园的通知") == frozenset()


def test_lines_between_long_ones_are_no_candidates() -> None:
    lines = [Line(BODY), Line("关注城市绿化"), Line(BODY)]
    assert candidates(lines) == frozenset()


def test_only_pages_have_candidates() -> None:
    text = Source(path="a.txt", format="text", encoding="utf-8", lines=(Line("关注城市绿化", 1), Line(BODY, 2)))
    assert extract(text).candidates == frozenset()


def test_lines_are_compared_without_width_case_and_spaces() -> None:
    assert candidates([Line("ＡＢＣ 频道")]) == candidates([Line("abc频道")])


@given(st.lists(st.text(max_size=8).map(Line), max_size=50))
def test_keys_are_signed_64_bit_integers(lines: list[Line]) -> None:
    assert all(-(2**63) <= key < 2**63 for key in candidates(lines))
