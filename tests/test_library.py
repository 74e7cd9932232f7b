"""The library as a script sees it: its names, its signatures, and what importing it costs."""

from __future__ import annotations

import inspect
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

import searcher
from searcher import Article, Index, Paragraph, SearcherError, SearchIndexError
from tests.cli import with_samples

PUBLIC = [
    "Article", "ArticleInfo", "ArticleNotFoundError", "Count", "DecodingError", "Diagnosis", "Earlier",
    "EngineError", "Expansion", "FacetValue", "Failure", "Hit", "Index", "IndexDamagedError", "IndexFolderError",
    "IndexLockedError", "IndexNotFoundError", "IndexStaleError", "Keyword", "Line", "Paragraph", "Passage",
    "QueryError", "ReadError", "ReadOptions", "Removed", "Report", "Results", "SearchIndexError", "SearcherError",
    "Similar", "Span", "Stats", "Suspicion", "SynonymsError", "TermDetails", "Total", "UnsupportedFormatError",
]  # fmt: skip
METHODS = {
    "add", "articles", "build", "close", "doctor", "engine", "get", "infos", "keywords", "open", "path", "rebuild",
    "refresh", "remove", "removed_text", "search", "similar", "stale", "stats", "update",
}  # fmt: skip


def test_these_names_are_public_and_no_others() -> None:
    assert searcher.__all__ == PUBLIC
    assert all(hasattr(searcher, name) for name in PUBLIC)


def test_every_error_is_a_searcher_error() -> None:
    errors = [getattr(searcher, name) for name in PUBLIC if name.endswith("Error")]
    assert all(issubclass(error, SearcherError) for error in errors)
    of_an_index = {error.__name__ for error in errors if issubclass(error, SearchIndexError)}
    assert of_an_index == {name for name in PUBLIC if name.startswith("Index") and name.endswith("Error")} | {
        "SearchIndexError", "ArticleNotFoundError",
    }  # fmt: skip


def test_an_index_has_these_methods_and_no_others(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", create=True) as index:
        assert {name for name in dir(index) if not name.startswith("_")} == METHODS


@pytest.mark.parametrize("name", sorted(METHODS - {"engine", "path", "stale"}))
def test_options_are_keyword_only_past_the_first_argument(name: str) -> None:
    parameters = list(inspect.signature(getattr(Index, name)).parameters.values())
    if name not in ("build", "open"):  # class methods are bound already
        assert parameters.pop(0).name == "self"
    assert all(one.kind in (one.KEYWORD_ONLY, one.VAR_POSITIONAL) for one in parameters[1:])
    assert all(one.kind is not one.VAR_KEYWORD for one in parameters)
    assert all(one.annotation is not one.empty for one in parameters)


def test_the_names_of_the_contract_work_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(with_samples(tmp_path))
    with Index.open("index", create=True) as index:
        report = index.update("corpus")
        results = index.search('"工业互联网" 安全', limit=5, since="2018")
        for hit in results:
            assert hit.article.title
            assert hit.article.date is None or hit.article.date >= "2018"
            assert hit.score > 0
            assert all("【" in paragraph.marked("【", "】") for paragraph in hit.paragraphs)
        article = index.get(results[0].article.id)
        every = list(index.articles())
    assert (report.added, report.updated, report.removed, report.unchanged, report.failed) == (28, 0, 0, 0, 0)
    assert len(results) == 5 <= results.total.articles <= results.total.paragraphs
    assert isinstance(article, Article)
    assert article.paragraphs[0].text
    assert article in every
    assert len(every) == report.articles


def test_articles_that_a_script_made_can_be_added_and_found(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", create=True, engine="memory") as index:
        index.add([Article(title="自拟", number="自拟〔2020〕1号", paragraphs=(Paragraph("量子通信试点。"),))])
        (hit,) = index.search("量子通信")
    assert (hit.article.title, hit.article.number, hit.paragraphs[0].line) == ("自拟", "自拟〔2020〕1号", None)


@pytest.mark.parametrize("option", ["limit", "offset", "context", "paragraphs"])
def test_a_negative_number_is_an_error_at_the_call(tmp_path: Path, option: str) -> None:
    with Index.open(tmp_path / "index", create=True) as index, pytest.raises(ValueError, match=option):
        index.search("工业", **{option: -1})  # type: ignore[arg-type]  # the name comes from the list above


def test_type_information_is_packaged() -> None:
    assert (files("searcher") / "py.typed").is_file()


HEAVY = ("jieba", "rjieba", "numpy", "whoosh", "tantivy", "rich", "click", "trafilatura", "lxml", "chardet")


def loaded_by(code: str, folder: Path) -> set[str]:
    """Return which heavy packages a fresh interpreter has loaded after some code."""
    shown = f"{code}\nimport sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    command = [sys.executable, "-c", shown]
    return set(subprocess.run(command, cwd=folder, capture_output=True, check=True, text=True).stdout.split())


def test_importing_the_library_loads_no_dependency_that_takes_long(tmp_path: Path) -> None:
    assert loaded_by("import searcher", tmp_path) == set()


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_a_search_loads_neither_the_segmenter_nor_a_reader(tmp_path: Path, engine: str) -> None:
    """Guards the time of a cold query: words of a query are cut by those that the index holds."""
    with_samples(tmp_path, "青川港区要闻摘编.txt")
    with Index.open(tmp_path / "index", create=True, engine=engine) as index:
        index.update(tmp_path / "corpus")
    code = "import searcher\nwith searcher.Index.open('index') as index: assert len(index.search('数据共享'))"
    assert loaded_by(code, tmp_path) == {engine}


def test_reading_text_loads_no_reader_of_pages(tmp_path: Path) -> None:
    with_samples(tmp_path, "青川港区要闻摘编.txt")
    code = "import searcher\nwith searcher.Index.open('index', create=True) as index: index.update('corpus')"
    assert loaded_by(code, tmp_path) & {"rich", "click", "trafilatura", "lxml", "chardet"} == set()
