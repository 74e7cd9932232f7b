"""Do texts, and what is known of them beside, come out of their blocks as they went in?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from searcher.blocks import ENOUGH, blocks_of, places_of, texts_in, texts_of
from searcher.documents import Article
from searcher.keys import FIRST_PARAGRAPH
from searcher.models import Paragraph

TEXTS = st.text(st.sampled_from("\x00\x01\n\ud800安a\U00020000"), max_size=8)
LINES = st.none() | st.integers(1, 10**9)


def read_again(article: Article) -> tuple[list[str], list[tuple[object, ...]]]:
    """Return the texts of the blocks of an article, and what is known of its paragraphs."""
    texts, known = list[str](), list[tuple[object, ...]]()
    for block in blocks_of(article):
        held, place = texts_of(block.texts), places_of(block.places)
        texts += held
        known += map(place, range(len(held)))
    return texts, known[FIRST_PARAGRAPH:]


@given(st.lists(st.builds(Paragraph, TEXTS, line=LINES, page=LINES), max_size=6))
def test_any_texts_on_any_lines_are_read_as_they_were_written(paragraphs: list[Paragraph]) -> None:
    article = Article(title="甲\n乙\x00", paragraphs=tuple(paragraphs))
    texts, known = read_again(article)
    assert texts == texts_in(article)
    assert known == [(one.line, one.page, one.sheet, one.kind) for one in paragraphs]


def test_an_article_of_many_blocks_is_read_as_it_was_written() -> None:
    paragraphs = tuple(Paragraph(f"第{n}条 " + "甲" * (n % 90), line=2 * n or None) for n in range(ENOUGH // 10))
    article = Article(paragraphs=paragraphs)
    texts, known = read_again(article)
    assert len(list(blocks_of(article))) > 2
    assert texts == texts_in(article)
    assert [line for line, *_ in known] == [one.line for one in paragraphs]


def test_texts_that_hold_every_other_character_are_not_parted_by_half_of_one() -> None:
    every = "".join(map(chr, range(0xD800)))
    article = Article(paragraphs=(Paragraph("\udc00甲"), Paragraph(every)))
    assert read_again(article)[0] == texts_in(article)
