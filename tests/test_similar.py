"""Articles like one, and its keywords."""

from __future__ import annotations

import json
from collections.abc import Iterator
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
    assert similar[0].keys() == {"score", "article", "words"}
    said = out("similar", identifier, "-n", "3", folder=folder)
    assert similar[0]["article"]["id"] in said
    keywords = json.loads(out("keywords", identifier, "--json", folder=folder))["keywords"]
    assert out("keywords", identifier, folder=folder).splitlines()[0].startswith(keywords[0]["word"])
    assert call("similar", "nothing", folder=folder).returncode == 2
