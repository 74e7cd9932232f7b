"""Which texts of an article are looked at: the same whatever the engine knows, in the places that are asked for."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from searcher import Article, Index, Paragraph, engines
from searcher.shortlist import RUNS, WINDOW

SENTENCES = tuple(
    f"{who}{what}{how}，{when}{result}。"
    for who in ("港务局", "船闸管理所", "航道养护队", "水文站")
    for what in ("清点浮标", "疏浚支汊", "校核潮位", "补种芦苇")
    for how in ("分片包干", "昼夜轮班")
    for when in ("汛期前", "枯水季")
    for result in ("报送台账", "张榜公示")
)


def some_articles() -> list[Article]:
    """Return articles of sentences that are drawn, always the same ones, short ones and long ones."""
    draw = random.Random(3)
    return [
        Article(
            title=f"第{number}号简报",
            paragraphs=tuple(Paragraph(draw.choice(SENTENCES)) for _ in range(draw.choice((1, 4, 30)))),
        )
        for number in range(2 * WINDOW)
    ]


def test_a_long_query_gives_the_same_order_on_every_engine(tmp_path: Path) -> None:
    """A long text has more pairs than texts are chosen by, and an engine may know where a short term stands or not."""
    draw = random.Random(4)
    long = ["".join(draw.sample(SENTENCES, 3)).replace("，", "").replace("。", "") for _ in range(20)]
    assert all(len(text) > 2 * RUNS for text in long)
    indexes = [Index.open(tmp_path / name, create=True, engine=name) for name in engines.NAMES]
    for index in indexes:
        index.add(some_articles())
    for text in long:
        for query in (f'"水文站" OR {text}', f'"校核潮" {text}', f"补种芦 {text}"):
            for where in ("all", "body"):
                answers = [
                    [(hit.article.title, hit.score, [one.ordinal for one in hit.paragraphs]) for hit in found]
                    for found in (index.search(query, limit=WINDOW + 10, where=where) for index in indexes)
                ]
                assert answers[0]
                assert answers[0] == answers[1] == answers[2], query
    for index in indexes:
        index.close()


@pytest.mark.parametrize("engine", engines.NAMES)
def test_a_title_that_holds_a_pair_does_not_keep_the_body_from_being_looked_at(tmp_path: Path, engine: str) -> None:
    with Index.open(tmp_path / "index", create=True, engine=engine) as index:
        texts = (Paragraph("沿岸芦苇补种工作按月考核。"), *(Paragraph(f"第{n}项另行通知。") for n in range(12)))
        title = "潮位校核浮标清点船闸航道养护昼夜轮班张榜公示报送台账"
        index.add(Article(title=one, paragraphs=texts) for one in (title, *(f"简报{n}" for n in range(20))))
        hits = index.search(f"{title}沿岸芦苇", where="body", limit=50, all_copies=True)
        found = {hit.article.title: hit for hit in hits}
    assert found[title].score == found["简报19"].score > 0
    assert found[title].paragraphs[0].text == texts[0].text


@pytest.mark.parametrize("engine", engines.NAMES)
def test_a_limit_may_be_as_large_as_one_likes(tmp_path: Path, engine: str) -> None:
    with Index.open(tmp_path / "index", create=True, engine=engine) as index:
        index.add(some_articles())
        for query in ("水文站", "水文站校核潮位例外"):
            whole = index.search(query, limit=10**12, all_copies=True)
            assert len(whole) == whole.total.articles + whole.total.partial > WINDOW
            assert len(index.search(query, limit=10**12, offset=10**12)) == 0
