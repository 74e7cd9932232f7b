"""The order of hits: it depends on the documents and the query, and on nothing else."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from searcher import Article, Index, Paragraph, engines
from searcher.engines import whoosh

WORDS = ("工业互联网", "数据安全", "安全", "平台", "企业", "标准", "监督管理", "部门", "试点", "示范")


def varied(number: int, *, seed: int = 7) -> list[Article]:
    """Return articles that all hold 工业 and 安全, in ever different measure."""
    draw = random.Random(seed)
    articles = []
    for place in range(number):
        paragraphs = [
            "".join(draw.choices(WORDS, k=draw.randint(2, 12))) + draw.choice(("。", "工业安全。", "，推进数据开放。"))
            for _ in range(draw.randint(1, 6))
        ]
        title = f"{draw.choice(WORDS)}第{place}号" if draw.random() < 0.3 else f"通知第{place}号"
        texts = ("工业和安全。", *paragraphs)
        articles.append(Article(record_id=str(place), title=title, paragraphs=tuple(map(Paragraph, texts))))
    return articles


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(tmp_path_factory.mktemp("ranking") / "index", create=True) as made:
        made.add(varied(300))
        yield made


@pytest.mark.parametrize("query", ["工业 安全", "数据", "安全 工业互联网平台企业 标准", "监督管理部门怎么管数据安全"])
def test_pages_repeat_nothing_and_leave_nothing_out(index: Index, query: str) -> None:
    """The shortlist of the second stage once grew with offset and limit, and hits moved from page to page."""
    whole = [hit.article.id for hit in index.search(query, limit=1000)]
    pages = [hit.article.id for start in range(0, len(whole), 10) for hit in index.search(query, offset=start)]
    assert len(whole) >= 100
    assert pages == whole
    assert len(set(whole)) == len(whole)


@pytest.mark.parametrize("query", ["工业 安全", "监督管理部门怎么管数据安全"])
def test_scores_fall_from_hit_to_hit_within_a_tier(index: Index, query: str) -> None:
    for partial in (False, True):
        scores = [hit.score for hit in index.search(query, limit=1000) if hit.partial is partial]
        assert scores == sorted(scores, reverse=True)


def test_equal_articles_stand_in_the_order_of_their_files_however_they_came(tmp_path: Path) -> None:
    """Ties among partial matches were once cut by the number that an article got when it was indexed."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    with Index.open(tmp_path / "index", create=True) as index:
        for letter in "ba":
            for number in range(60):
                (corpus / f"{letter}{number:03}.txt").write_text("通知\n\n推进工业互联网发展。\n", "utf-8")
            index.update(corpus)
        query = "工业互联网 不存在词语"
        updated = [Path(hit.article.path).name for hit in index.search(query, limit=3)]
        index.rebuild()
        assert [Path(hit.article.path).name for hit in index.search(query, limit=3)] == updated
    assert updated == ["a000.txt", "a001.txt", "a002.txt"]


def test_partial_matches_in_titles_are_scored_by_titles_only(tmp_path: Path) -> None:
    better = Article(title="工业互联网 数据平台", paragraphs=(Paragraph("其他。"),))
    other = Article(title="工业", paragraphs=(Paragraph("工业互联网、数据平台、安全，工业互联网、数据平台、安全。"),))
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([better, other, *varied(20)])
        hits = index.search("工业互联网 数据平台 安全 量子", where="title")
    assert hits[0].article.title == better.title


def test_the_paragraph_that_holds_a_text_most_often_is_shown_first(tmp_path: Path) -> None:
    """A text that is no word of the index has no counts of its own there."""
    once = tuple(Paragraph(f"第{number}条 推进数字经济示范工作。") for number in range(30))
    often = Paragraph("数字经济示范区、数字经济示范园、数字经济示范点。")
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([Article(title="通知", paragraphs=(*once, often))])
        (hit,) = index.search("数字经济示范")
        assert hit.paragraphs[0].text == often.text
        (hit,) = index.search("数字经济示范", paragraphs=100)
        assert len(hit.paragraphs) == 31


@pytest.mark.parametrize("flush", [100, 150, 10_000])
def test_segments_change_no_score(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flush: int) -> None:
    """An article whose documents lay in two segments was once counted twice."""
    monkeypatch.setattr(whoosh, "FLUSH", flush)
    scores = {}
    for engine in engines.NAMES:
        with Index.open(tmp_path / engine, create=True, engine=engine) as index:
            index.add(varied(40))
            found = index.search("监督管理部门怎么管数据安全", limit=100)
            scores[engine] = [(hit.article.record_id, hit.score) for hit in found]
    assert scores["whoosh"] == scores["memory"]
    assert len(scores["memory"]) > 30


def test_a_number_is_found_with_spaces_in_its_code_and_with_a_di(tmp_path: Path) -> None:
    cited = Article(title="甲", paragraphs=(Paragraph("按照 国 发 〔2016〕 28 号执行。"),))
    own = Article(title="乙", number="国发〔2016〕第28号", paragraphs=(Paragraph("正文。"),))
    other = Article(title="丙", paragraphs=(Paragraph("按照国发〔2016〕128号执行。"),))
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([cited, own, other])
        assert {hit.article.title for hit in index.search("国发[2016]28号")} == {"甲", "乙"}


def test_the_parts_of_a_score_add_up_to_it(index: Index) -> None:
    for query in ("工业 安全", "监督管理部门怎么管数据安全", '"工业和安全" 平台'):
        hits = index.search(query, limit=250, explain=True)
        for hit in hits:
            assert sum(value for _, value in hit.parts) == pytest.approx(hit.score, abs=1e-3)
    assert not any(hit.parts for hit in index.search("工业 安全"))


def test_question_words_gain_nothing(tmp_path: Path) -> None:
    answer = Article(title="办法", paragraphs=(Paragraph("企业登记由登记机关办理。"),))
    asker = Article(title="问答", paragraphs=(Paragraph("如何是否怎么什么哪些？如何是否怎么什么哪些？"),))
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([asker, answer, *varied(20)])
        hits = index.search("企业如何登记")
        assert hits[0].article.title == answer.title
        assert index.search("如何")[0].article.title == asker.title


def test_a_line_does_not_win_by_being_short(tmp_path: Path) -> None:
    """A heading that holds one of the words once stood before a paragraph that answers."""
    heading = Article(title="甲", paragraphs=(Paragraph("数据安全"),))
    text = "数据安全监督管理部门负责检查，企业应当配合检查，并在十日内报告数据安全监督检查中发现的问题。"
    answer = Article(title="乙", paragraphs=(Paragraph(text),))
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([heading, answer, *varied(20)])
        assert index.search("数据安全监督检查由哪个部门负责")[0].article.title == answer.title


def test_a_typed_title_is_first_however_often_others_hold_its_words(tmp_path: Path) -> None:
    named = Article(title="数据安全平台管理办法", paragraphs=(Paragraph("本办法自公布之日起施行。"),))
    citing = Article(title="通知", paragraphs=(Paragraph("执行数据安全平台管理办法。" * 5),))
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([citing, named, *varied(20)])
        assert index.search("数据安全平台管理办法")[0].article.title == named.title


def test_articles_whose_titles_hold_the_query_come_before_those_that_only_say_it_often(tmp_path: Path) -> None:
    """A long title once gained next to nothing by a short query."""
    long = "关于印发某市促进量子计算产业加快发展的若干措施及其任务分工方案的通知"
    titled = Article(title=long, paragraphs=(Paragraph("现印发给你们，请认真组织实施。"), Paragraph("附表略。")))
    often = Article(title="通报", paragraphs=(Paragraph("量子计算、量子计算、量子计算。"),))
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([often, titled, *varied(20)])
        assert [hit.article.title for hit in index.search("量子计算")] == [long, "通报"]
        assert index.search("量子计算 实施")[0].article.title == long
