"""Articles like one, and its keywords."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from searcher import Article, ArticleNotFoundError, Index, Paragraph, engines
from tests.cli import call, out, with_samples

TEXTS = {
    "a": ("工业互联网平台建设指南", "加快工业互联网平台建设，推动企业上云。", "工业互联网平台服务企业。"),
    "b": ("工业互联网平台名单", "工业互联网平台入选名单公布，企业上云。"),
    "c": ("森林防火条例", "森林防火工作实行责任制。", "县级以上人民政府负责森林防火。"),
    "d": ("草原防火条例", "草原防火工作实行责任制，县级以上人民政府负责。"),
}


@pytest.fixture(scope="module", params=engines.NAMES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(tmp_path_factory.mktemp("similar") / "index", create=True, engine=request.param) as made:
        made.add(
            [
                Article(record_id=name, title=title, paragraphs=tuple(map(Paragraph, texts)))
                for name, (title, *texts) in TEXTS.items()
            ]
        )
        yield made


def id_of(index: Index, name: str) -> str:
    return next(article.id for article in index.articles() if article.record_id == name)


@pytest.mark.parametrize(("name", "like"), [("a", "b"), ("b", "a"), ("c", "d"), ("d", "c")])
def test_the_most_similar_article_comes_first_and_it_is_never_itself(index: Index, name: str, like: str) -> None:
    found = index.similar(id_of(index, name))
    assert found[0].article.record_id == like
    assert found[0].words
    assert name not in {one.article.record_id for one in found}
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert len(index.similar(id_of(index, name), limit=1)) == 1
    assert index.similar(id_of(index, name), limit=0) == ()


def test_a_likeness_goes_from_0_to_1_and_words_are_few_and_no_parts(index: Index) -> None:
    for name in TEXTS:
        for one in index.similar(id_of(index, name)):
            assert 0 < one.score <= 1
            assert 0 < len(one.words) <= 8
            assert not any(other != word and other in word for word in one.words for other in one.words)


def test_keywords_are_words_of_the_article_that_the_others_lack(index: Index) -> None:
    found = index.keywords(id_of(index, "c"), limit=3)
    assert "森林" in found[0].word
    assert [keyword.weight for keyword in found] == sorted((keyword.weight for keyword in found), reverse=True)
    words = [keyword.word for keyword in index.keywords(id_of(index, "a"), limit=100)]
    assert not any(one != two and one in two for one in words for two in words)
    assert index.keywords(id_of(index, "c"), limit=0) == ()


def test_an_id_that_is_none_is_told(index: Index) -> None:
    for ask in (index.similar, index.keywords):
        with pytest.raises(ArticleNotFoundError):
            ask("nothing")


def test_an_id_that_several_begin_with_is_told(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([made(str(number), "", f"第{number}处湿地") for number in range(40)])
        ids = [article.id for article in index.articles()]
        first = next(one[0] for one in ids if sum(other[0] == one[0] for other in ids) > 1)
        for ask in (index.similar, index.keywords):
            with pytest.raises(ArticleNotFoundError, match="several ids begin with"):
                ask(first)


LONG = tuple(
    f"云岭市第{number}号湿地由园林部门养护，湿地内禁止捕鱼和放牧，违者由城管部门处理。" for number in "甲乙丙丁戊己"
)


def made(name: str, title: str, *texts: str) -> Article:
    return Article(record_id=name, title=title, paragraphs=tuple(map(Paragraph, texts)))


def test_copies_are_shown_once_and_those_of_the_article_not_at_all(tmp_path: Path) -> None:
    reeds = tuple(text.replace("捕鱼", "割苇") for text in LONG)
    with Index.open(tmp_path / "index", create=True) as index:
        index.add(
            [
                made("one", "云岭市湿地养护办法", *LONG),
                made("its copy", "云岭市湿地养护办法（转载）", *LONG),
                made("other", "云岭市湿地芦苇办法", *reeds),
                made("copy of other", "云岭市湿地芦苇办法全文", *reeds),
                made("neither", "云岭市公交办法", "公交车票价由物价部门定，湿地旁设站。"),
            ]
        )
        found = index.similar(id_of(index, "one"))
        assert [one.article.record_id for one in found][1:] == ["neither"]
        assert found[0].article.record_id in ("other", "copy of other")
        assert [one.copies for one in found] == [1, 0]
        assert found[0].score > 0.5 > found[1].score
        assert [one.copies for one in index.similar(id_of(index, "one"), limit=1)] == [1]


def like_each_other(body: str, days: Sequence[str | None]) -> list[Article]:
    """Return articles that differ in their days only."""
    return [replace(made(f"{body[:2]}{day}", "湿地养护", body), date=day) for day in days]


@pytest.mark.parametrize("engine", engines.NAMES)
@pytest.mark.parametrize("body", ["湿地养护由园林部门负责。", "".join(LONG)], ids=["no copies", "copies"])
def test_what_is_as_much_like_is_shown_newest_first_in_whatever_order_it_came(
    tmp_path: Path, engine: str, body: str
) -> None:
    asked = made("asked", "湿地养护", "湿地养护由园林部门和城管部门负责。")
    others = like_each_other(body, [None, *(f"20{n:02}-05-21" for n in range(10, 22))])
    found = []
    for seed in range(3):
        with Index.open(tmp_path / f"index{seed}", create=True, engine=engine) as index:
            index.add(random.Random(seed).sample([asked, *others], len(others) + 1))
            found.append([index.similar(id_of(index, "asked"), limit=limit) for limit in (1, 3, 100)])
    assert found[0] == found[1] == found[2]
    days = [one.article.date for one in found[0][-1]]
    assert days == [one.date for one in reversed(others)][: len(days)]


@pytest.mark.parametrize("limit", [5, 2**31, 2**63, 10**30])
def test_more_may_be_asked_for_than_there_is(index: Index, limit: int) -> None:
    assert index.similar(id_of(index, "a"), limit=limit) == index.similar(id_of(index, "a"), limit=4)


def test_the_same_words_as_often_under_the_same_title_are_1(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", create=True) as index:
        index.add(
            [made(name, "湿地养护", "湿地养护由园林部门负责。" + more) for name, more in (("1", "甲"), ("2", "乙"))]
        )
        assert [one.score for one in index.similar(id_of(index, "1"))] == [1.0]


def test_words_that_stand_here_and_there_in_everything_are_no_keywords(tmp_path: Path) -> None:
    subjects = ("湿地", "公交", "档案", "渔港", "校车", "彩票")
    texts = {one: f"{one}或者其他{one}，根据规定管理；{one}应当登记，以及定期检查{one}。" for one in subjects}
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([made(one, f"{one}规定", text) for one, text in texts.items()])
        for one in subjects:
            found = [keyword.word for keyword in index.keywords(id_of(index, one), limit=1)]
            assert found == [one]


def test_parts_of_longer_words_are_no_keywords(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([made("1", "", "国务院批准。国务院备案。国务院公布。"), made("2", "", "湿地养护。")])
        found = [keyword.word for keyword in index.keywords(id_of(index, "1"))]
        assert "国务院" in found
        assert "国务" not in found


def test_latin_words_are_shared_whole_only(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([made("1", "", "plan 湿地"), made("2", "", "planet 湿地"), made("3", "", "plan")])
        found = {one.article.record_id: one.words for one in index.similar(id_of(index, "1"))}
        assert found == {"2": ("湿地",), "3": ("plan",)}


def test_an_article_without_text_is_like_none(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([Article(record_id="1"), Article(record_id="2", paragraphs=(Paragraph("森林"),))])
        assert index.similar(id_of(index, "1")) == ()
        assert index.keywords(id_of(index, "1")) == ()


def test_the_terminal_shows_both(tmp_path: Path) -> None:
    folder = with_samples(tmp_path)
    call("index", "corpus", folder=folder, check=0)
    listed = json.loads(out("list", "--json", folder=folder))["articles"]
    identifier = listed[0]["id"]
    similar = json.loads(out("similar", identifier, "--json", "-n", "3", folder=folder))["similar"]
    assert len(similar) == 3
    assert similar[0].keys() == {"rank", "score", "copies", "article", "words"}
    assert [one["rank"] for one in similar] == [1, 2, 3]
    said = out("similar", identifier, "-n", "3", folder=folder)
    article = similar[0]["article"]
    assert article["id"] in said
    assert said.splitlines()[0] == f" 1. {article['title']}"
    assert said.splitlines()[1].split(" · ")[0].strip() in (article["issuer"], article["number"], article["date"])
    assert f"{similar[0]['score']:.2f}: {', '.join(similar[0]['words'])}" in said
    keywords = json.loads(out("keywords", identifier, "--json", folder=folder))["keywords"]
    assert out("keywords", identifier, folder=folder).splitlines()[0].startswith(keywords[0]["word"])
    assert call("similar", "nothing", folder=folder).returncode == 2


def test_words_that_say_nothing_of_a_subject_are_no_keywords(tmp_path: Path) -> None:
    """Among tables, 应当 and 或者 would tell what is a law."""
    tables = [Article(title=f"第{n}号表", paragraphs=(Paragraph(f"名称 数量 {n}"),)) for n in range(40)]
    law = Article(title="湿地保护办法", paragraphs=(Paragraph("应当或者应当或者保护湿地。应当或者及时进行。" * 9),))
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([*tables, law])
        (found,) = [one.id for one in index.infos() if one.title == law.title]
        assert {one.word for one in index.keywords(found)}.isdisjoint(("应当", "或者", "及时", "进行"))
        assert {one.word for one in index.keywords(found)} >= {"湿地", "保护"}
