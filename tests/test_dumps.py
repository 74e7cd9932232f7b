"""Files of many documents, one after the other with nothing between them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher.models import Article
from searcher.split import extract
from tests.reading import assert_nothing_lost, source

BODY = "城市公园应当免费向公众开放，开放的时间由各区根据季节确定，并在公园入口处公布。"
NOTICE = f"某市园林局关于公园开放的通知\n某园发〔2019〕4号\n各区人民政府：\n{BODY}"
ORDER = f"某市人民政府令第43号\n现公布《某市公园条例》。\n第一条　{BODY}\n第九条　本条例自2016年1月1日起施行。"
PLAN = f"31 某市公园规划\n（2021年-2035年）\n（草案）\n某市园林局\n2021 年 9 月 前  言\n{BODY}"
STANDARD = f"39ICS 07.060\nDB99\n某 省 地 方 标 准\nDB99/T 20—2016\n公园建设规范\n2016-09-30发布 2016-10-30实施\n{BODY}"


def articles(text: str) -> tuple[Article, ...]:
    read = source(text)
    extraction = extract(read)
    assert_nothing_lost(read, extraction)
    return extraction.articles


def test_documents_are_told_apart_by_their_heads() -> None:
    found = articles("\n".join((NOTICE, ORDER, PLAN, STANDARD)))
    assert [one.title for one in found] == [
        "某市园林局关于公园开放的通知",
        "某市公园条例",
        "某市公园规划",
        "公园建设规范",
    ]
    assert [one.number for one in found] == ["某园发〔2019〕4号", "某市人民政府令第43号", None, "DB99/T 20—2016"]
    assert [one.date for one in found][2:] == ["2021-09", "2016-09-30"]


def test_two_beginnings_are_not_enough() -> None:
    assert len(articles(f"{NOTICE}\n{ORDER}")) == 1


def test_a_notice_and_what_it_hands_on_are_one_document() -> None:
    plan = f"某市公园规划\n目　录\n第一章 总则\n{BODY}\n第二章 附则\n{BODY}\n附件：公园名录"
    assert len(articles(f"{NOTICE}\n某市园林局\n2019年4月8日\n{plan}\n{plan}")) == 1


def test_a_title_run_together_with_the_end_of_a_law_and_with_its_number_is_parted() -> None:
    text = f"{ORDER}\n{ORDER} 某市园林局关于公园的通知 某园发〔2018〕3号 各区人民政府：\n{BODY}"
    last = articles(text)[-1]
    assert (last.title, last.number, last.addressee) == (
        "某市园林局关于公园的通知",
        "某园发〔2018〕3号",
        "各区人民政府",
    )


def test_a_law_that_names_days_in_its_articles_stays_whole() -> None:
    law = "\n".join(f"第{n}条　公园自2016年1月1日起实施免费开放。{BODY}" for n in "一二三四五六七八九")
    assert len(articles(f"某市公园条例\n{law}")) == 1


@pytest.mark.parametrize(
    "stamp", ["[ 2020-05-06 08：40 ] ，正文：", "2020-05-06 08:40:12，正文：", "2020-05-06，正文："]
)
def test_each_line_is_a_story(stamp: str) -> None:
    found = articles("\n".join(f"{stamp}第{n}座公园开放。{BODY}" for n in range(5)))
    assert [one.title for one in found] == [f"第{n}座公园开放。" for n in range(5)]
    assert {(one.date, one.published, one.inferred) for one in found} == {("2020-05-06", "2020-05-06", ("title",))}
    assert found[0].paragraphs[0].text == f"第0座公园开放。{BODY}"


def test_a_line_without_a_day_belongs_to_the_story_before_it() -> None:
    stories = [f"2020-05-06 08:40，正文：{BODY}" for _ in range(9)]
    found = articles("\n".join([*stories[:5], "又讯，湖面清理结束。", *stories[5:]]))
    assert [len(one.paragraphs) for one in found] == [1, 1, 1, 1, 2, 1, 1, 1, 1]


def test_a_chronicle_without_times_of_day_is_one_document() -> None:
    assert len(articles("公园大事记\n" + "\n".join(f"2020-05-0{n} {BODY}" for n in range(1, 9)))) == 1


@settings(deadline=None, max_examples=80)
@given(
    st.lists(
        st.sampled_from("\n".join((NOTICE, ORDER, PLAN, STANDARD, "2020-05-06 08:40，正文：甲")).split("\n")),
        max_size=40,
    )
)
def test_nothing_is_lost_from_shuffled_dumps(shuffled: list[str]) -> None:
    articles("\n".join(shuffled))
