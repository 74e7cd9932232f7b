"""Which articles are copies of one another, and how are they shown?"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher import Article, Index, Paragraph
from searcher.copies import Sketched, groups, sketch
from tests.making import policy

BODY = tuple(
    f"第{n}条　各级部门应当按照第{n}项职责做好数据安全监督检查工作，并于每年{n % 12 + 1}月报告。" for n in range(1, 60)
)


def article(*texts: str, **known: str) -> Article:
    return Article(paragraphs=tuple(Paragraph(text) for text in texts), **known)  # type: ignore[arg-type]


def grouped(*articles: Article) -> dict[int, int]:
    return groups(
        Sketched(n, sketch(one), one.number, one.date, one.date) for n, one in enumerate(articles, start=1)
    )  # fmt: skip


def changed(texts: tuple[str, ...], number: int) -> tuple[str, ...]:
    """Return texts of which some say something else."""
    return tuple(f"另行规定第{n}事项的具体办法由主管部门制定。" if n < number else text for n, text in enumerate(texts))


def test_the_same_text_is_a_copy_whatever_is_known_of_it() -> None:
    assert grouped(article(*BODY, date="2018-05-21"), article(*BODY, date="2021-01-01")) == {1: 1, 2: 1}


def test_texts_of_one_sentence_that_differ_in_its_details_are_no_copies() -> None:
    """Whose hashes of 32 bits are the same."""
    said = "云岭市工业和信息化局关于认定第{}批绿色工厂企业名单的公示，公示期自{}起，联系电话{}，特此公示"
    one, two = said.format(64, "2012年8月20日", 74429027), said.format(48, "2014年4月27日", 74995428)
    letters = [re.sub("[，。]", "", text).encode() for text in (one, two)]
    assert crc32(letters[0]) == crc32(letters[1])
    assert grouped(article(one), article(two)) == {}


def test_spaces_punctuation_widths_and_how_lines_break_do_not_matter() -> None:
    other = "".join(BODY).replace("，", " , ").replace("数", "數").replace("1", "１")
    assert grouped(article(*BODY), article(other)) == {1: 1, 2: 1}


def test_a_reprint_with_a_line_more_or_less_is_a_copy() -> None:
    assert grouped(article(*BODY, date="2018-05-21"), article("本网讯", *BODY[1:], date="2018-05-23")) == {1: 1, 2: 1}


@pytest.mark.parametrize(
    ("one", "two"),
    [({"date": "2012-12-28"}, {"date": "2007-06-29"}), ({"number": "甲发(2018)1号"}, {"number": "甲发(2018)2号"})],
)
def test_two_wordings_of_one_law_are_no_copies(one: dict[str, str], two: dict[str, str]) -> None:
    assert grouped(article(*BODY, **one), article(*changed(BODY, 2), **two)) == {}


def test_texts_that_share_some_sentences_are_no_copies() -> None:
    assert grouped(article(*BODY), article(*changed(BODY, 25))) == {}


def test_short_texts_are_copies_of_nothing() -> None:
    assert grouped(article("特此通知。"), article("特此通知。")) == {}


def test_copies_of_copies_are_copies() -> None:
    texts = [article(*BODY), article(*changed(BODY, 60)), article(*BODY), article(*BODY[:-1])]
    assert grouped(*texts) == {1: 1, 3: 1, 4: 1}


@given(st.integers(0, 1000), st.randoms(use_true_random=False))
def test_the_order_of_the_paragraphs_and_of_the_articles_does_not_matter(seed: int, order: random.Random) -> None:
    chance = random.Random(seed)
    texts = [policy(chance, str(n)).split("\n\n") for n in range(4)]
    shuffled = [order.sample(text, len(text)) for text in texts]
    assert [sketch(article(*text)) for text in texts] == [sketch(article(*text)) for text in shuffled]


REPRINTS = [
    ((date(2001, 1, 1) + timedelta(days=20 * n)).isoformat(), sketch(article(*BODY, f"第{n}家单位转载本文。")))
    for n in range(40)
]


@pytest.mark.parametrize("seed", range(4))
def test_which_articles_are_copies_does_not_depend_on_the_order_in_which_many_alike_came(seed: int) -> None:
    """Of many texts that are alike, each agrees in its date with its neighbours only."""

    def days_together(dated: list[tuple[str, bytes]]) -> set[frozenset[str]]:
        found = groups(Sketched(n, sketched, None, day, day) for n, (day, sketched) in enumerate(dated))
        return {frozenset(dated[n][0] for n in found if found[n] == group) for group in found.values()}

    expected = days_together(REPRINTS)
    assert expected
    assert days_together(random.Random(seed).sample(REPRINTS, len(REPRINTS))) == expected


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    """An index of three copies of one document and another document."""
    with Index.open(tmp_path / "index", create=True, engine="memory") as opened:
        opened.add(
            [article(*BODY, record_id=f"copy-{n}", title="数据安全检查办法", date=f"2018-05-2{n}") for n in range(3)]
            + [article(*changed(BODY, 60), "数据安全", record_id="other", title="另一份办法", date="2019")]
        )
        yield opened


def test_copies_are_shown_once_and_counted_each(index: Index) -> None:
    results = index.search("数据安全")
    assert results.total.articles == 4
    assert sorted((hit.article.title, hit.copies) for hit in results) == [("另一份办法", 0), ("数据安全检查办法", 2)]


def test_the_best_of_the_copies_is_shown(index: Index) -> None:
    (first,) = (hit for hit in index.search("数据安全") if hit.copies)
    best = next(hit for hit in index.search("数据安全", all_copies=True) if hit.article.title == first.article.title)
    assert replace(first, copies=0, rank=0) == replace(best, rank=0)


def test_all_copies_can_be_shown(index: Index) -> None:
    hits = index.search("数据安全", all_copies=True)
    assert (len(hits), {hit.copies for hit in hits}) == (4, {0})


@pytest.mark.parametrize("sort", ["relevance", "date", "-date"])
def test_pages_of_results_without_copies_join_up(index: Index, sort: str) -> None:
    whole = [hit.article.id for hit in index.search("数据安全", sort=sort)]  # type: ignore[arg-type]
    pages = [index.search("数据安全", sort=sort, limit=1, offset=n) for n in range(4)]  # type: ignore[arg-type]
    assert [hit.article.id for page in pages for hit in page] == whole
    assert len(whole) == 2


def test_only_copies_that_match_are_counted(index: Index) -> None:
    (hit,) = index.search("数据安全 日期:2018-05-21")
    assert (hit.article.date, hit.copies) == ("2018-05-21", 0)


def test_a_copy_that_is_removed_is_no_copy(index: Index) -> None:
    identifiers = [hit.article.id for hit in index.search("数据安全", all_copies=True) if hit.article.date != "2019"]
    index.remove(identifiers[0])
    assert {hit.copies for hit in index.search("数据安全")} == {0, 1}
    index.remove(identifiers[1])
    assert {hit.copies for hit in index.search("数据安全")} == {0}
