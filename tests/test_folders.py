"""Are lines that the pages of a folder have in common taken out, however the folder came to be?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher import Index
from searcher.folders import Folders
from tests.making import answers

SLOGAN = "青川信息港欢迎您的来访"


def page(number: int, *, slogan: str = SLOGAN) -> str:
    """Return a page with a line at its foot that belongs to the site."""
    text = "".join(
        f"<p>第{number}号项目在第{n}年度完成了基础设施建设，投资额达到{number * n}万元。</p>" for n in range(1, 6)
    )
    return (
        f"<html><head><title>第{number}号项目完成建设</title></head><body><h1>第{number}号项目完成建设</h1>"
        f"<div class='content'>{text}<p>{slogan}</p></div></body></html>"
    )


def write(folder: Path, numbers: range, **known: str) -> None:
    folder.mkdir(exist_ok=True)
    for number in numbers:
        (folder / f"{number:03}.html").write_text(page(number, **known), "utf-8")


def told(index: Index) -> list[list[str]]:
    return [[paragraph.text for paragraph in article.paragraphs] for article in index.articles()]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index", create=True) as opened:
        yield opened


def test_a_line_that_most_pages_have_is_taken_out_and_told(index: Index, tmp_path: Path) -> None:
    write(tmp_path / "pages", range(8))
    index.update(tmp_path / "pages")
    assert not any(SLOGAN in texts for texts in told(index))
    removed = index.removed_text(next(index.articles()).id)
    assert [item.reason for item in removed if item.text == SLOGAN] == ["repeated in its folder"]


def test_a_line_of_a_few_pages_stays(index: Index, tmp_path: Path) -> None:
    write(tmp_path / "pages", range(4))
    index.update(tmp_path / "pages")
    assert all(SLOGAN in texts for texts in told(index))


def test_pages_read_earlier_are_read_again_when_more_is_known(index: Index, tmp_path: Path) -> None:
    write(tmp_path / "pages", range(3))
    index.update(tmp_path / "pages")
    write(tmp_path / "pages", range(3, 8))
    report = index.update(tmp_path / "pages")
    assert not any(SLOGAN in texts for texts in told(index))
    assert (report.added, report.updated, report.unchanged, report.articles) == (5, 0, 3, 5)


def test_an_index_that_grew_is_like_one_made_anew(tmp_path: Path) -> None:
    """Law 7 for what is learned from a folder: growing, changing and shrinking end as a rebuild does."""
    with Index.open(tmp_path / "index", create=True) as index:
        for numbers, slogan in (
            (range(2), SLOGAN),
            (range(2, 9), SLOGAN),
            (range(4), "别的口号"),
            (range(9, 12), "别的口号"),
        ):
            write(tmp_path / "pages", numbers, slogan=slogan)
            index.update(tmp_path / "pages")
        for number in (10, 11):
            (tmp_path / "pages" / f"{number:03}.html").unlink()
        index.update(tmp_path / "pages")
        grown, texts = answers(index, ["建设", SLOGAN, "别的口号"]), told(index)
        index.rebuild()
        assert (answers(index, ["建设", SLOGAN, "别的口号"]), told(index)) == (grown, texts)


_KEYS = st.frozensets(st.integers(0, 5), max_size=4)


@given(st.lists(st.tuples(st.sampled_from("abcdefghij"), _KEYS), max_size=40))
def test_what_is_learned_does_not_depend_on_the_way_there(steps: list[tuple[str, frozenset[int]]]) -> None:
    grown = Folders()
    for name, keys in steps:
        grown.put(f"pages/{name}", keys, frozenset())
    last = {f"pages/{name}": keys for name, keys in steps}
    fresh = Folders((path, keys, frozenset()) for path, keys in sorted(last.items()) if keys)
    assert grown.outdated() == fresh.outdated()
    assert grown.repeated("pages/x") == fresh.repeated("pages/x")
