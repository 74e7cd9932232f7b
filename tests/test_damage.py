"""An index that is damaged, stale, foreign or not to be written says so, and names what mends it."""

from __future__ import annotations

import gc
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from searcher import (
    ArticleNotFoundError,
    EngineError,
    Index,
    IndexDamagedError,
    IndexFolderError,
    IndexNotFoundError,
    IndexStaleError,
    layout,
)
from tests.making import Opener, answers
from tests.processes import bound_by_modes, run

DATABASE = "articles.db"


@pytest.fixture
def closed(index: Index) -> Path:
    """The folder of an index that nobody has open."""
    index.close()
    return index.path


def generation(folder: Path) -> Path:
    return layout.current(folder)


def assert_mended_by_a_rebuild(folder: Path, corpus: Path) -> None:
    """The hint's command makes the index sound again."""
    status, _, err = run("rebuild", corpus, "--index", folder, folder=corpus.parent)
    assert status == 0, err
    with Index.open(folder) as index:
        assert index.search("的").total.articles
        assert index.doctor().sound
        assert layout.generations(folder) == [generation(folder)]


# ---- damaged


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"generation-", b"generation-000099\n", b"../elsewhere\n", b"generation-1/..\n"]
)
def test_a_damaged_name_of_the_generation(closed: Path, corpus: Path, content: bytes) -> None:
    (closed / "CURRENT").write_bytes(content)
    with pytest.raises(IndexDamagedError) as caught:
        Index.open(closed)
    assert "rebuild" in caught.value.hint
    assert_mended_by_a_rebuild(closed, corpus)


@pytest.mark.parametrize("content", [b"", b"no database at all" * 500, None])
def test_a_damaged_database(closed: Path, corpus: Path, content: bytes | None) -> None:
    database = generation(closed) / DATABASE
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (generation(closed) / name).unlink(missing_ok=True)
    if content is not None:
        database.write_bytes(content)
    with pytest.raises(IndexDamagedError) as caught:
        Index.open(closed)
    assert "rebuild" in caught.value.hint
    assert_mended_by_a_rebuild(closed, corpus)


FILES = [("whoosh", name) for name in ("*.toc", "*.trm", "*.pst", "*.key.col", "*._words_len.col")] + [
    ("tantivy", name) for name in ("manifest.json", "meta.json", "*.term", "*.idx", "*.pos", "*.fast", "*.columns")
]


def built(tmp_path: Path, corpus: Path, engine: str) -> Path:
    """The folder of an index of an engine, which nobody has open."""
    folder = tmp_path / "of-engine"
    with Index.open(folder, create=True, engine=engine) as index:
        index.update(corpus)
    return folder


def engine_file(folder: Path, pattern: str) -> Path:
    (file,) = (generation(folder) / "engine").rglob(pattern)
    return file


@pytest.mark.parametrize(("engine", "pattern"), FILES)
def test_a_file_of_the_engine_that_is_gone(tmp_path: Path, corpus: Path, engine: str, pattern: str) -> None:
    folder = built(tmp_path, corpus, engine)
    engine_file(folder, pattern).unlink()
    with pytest.raises(IndexDamagedError) as caught:
        Index.open(folder)
    assert "rebuild" in caught.value.hint


# Whoosh leaves files open where it cannot read them.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize(
    ("engine", "pattern"),
    [("whoosh", "*.pst"), ("whoosh", "*.trm"), *(("tantivy", f"*.{name}") for name in ("term", "idx", "pos", "fast"))],
)
def test_changed_bytes_in_the_engines_files_are_told_as_damage(
    tmp_path: Path, corpus: Path, engine: str, pattern: str
) -> None:
    """Whoosh's own exceptions once came out of a search, and doctor called such an index sound."""
    folder = built(tmp_path, corpus, engine)
    file = engine_file(folder, pattern)
    data = file.read_bytes()
    for start in range(0, len(data), max(500, len(data) // 50)):
        file.write_bytes(data[:start] + bytes(255 - byte for byte in data[start : start + 8]) + data[start + 8 :])
        try:
            with Index.open(folder) as index:
                assert not index.doctor().sound
                for query in ("的", "监督管理部门", "工业互联网 安全"):
                    index.search(query)
        except IndexDamagedError as error:
            assert "rebuild" in error.hint
    gc.collect()


@pytest.mark.parametrize(("engine", "pattern"), FILES)
def test_a_file_of_the_engine_that_was_cut_short(tmp_path: Path, corpus: Path, engine: str, pattern: str) -> None:
    """Whoosh's own words for it are a bare ``Exception``, a ``KeyError`` or a broken pickle, at the first query."""
    folder = built(tmp_path, corpus, engine)
    file = engine_file(folder, pattern)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(IndexDamagedError, match="damaged") as caught:
        Index.open(folder)
    assert "rebuild" in caught.value.hint


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_an_engine_whose_files_are_gone_is_mended_by_a_rebuild(tmp_path: Path, corpus: Path, engine: str) -> None:
    folder = built(tmp_path, corpus, engine)
    shutil.rmtree(generation(folder) / "engine")
    assert_mended_by_a_rebuild(folder, corpus)


def test_an_engine_that_holds_less_than_the_store_is_a_problem(index: Index) -> None:
    with sqlite3.connect(generation(index.path) / DATABASE) as connection:
        connection.execute("DELETE FROM block WHERE key = (SELECT max(key) FROM block)")
    connection.close()
    index.refresh()
    diagnosis = index.doctor()
    assert not diagnosis.sound
    assert [problem.hint for problem in diagnosis.problems] == ["policy-search rebuild"]


def test_an_index_of_an_engine_that_is_not_installed_says_so(closed: Path) -> None:
    with sqlite3.connect(generation(closed) / DATABASE) as connection:
        connection.execute("UPDATE meta SET value = 'nonesuch' WHERE name = 'engine'")
    connection.close()
    with pytest.raises(EngineError, match="nonesuch"):
        Index.open(closed)


# ---- stale


def test_a_stale_index_says_so_and_a_rebuild_mends_it(closed: Path, corpus: Path, opened: Opener) -> None:
    before = answers(opened(closed))
    with sqlite3.connect(generation(closed) / DATABASE) as connection:
        connection.execute("UPDATE meta SET value = '0-another' WHERE name = 'analyzer'")
    connection.close()
    index = opened(closed)
    assert index.stale
    for use in (lambda: index.search("的"), lambda: index.update(corpus), lambda: index.add([])):
        with pytest.raises(IndexStaleError) as caught:
            use()
        assert "rebuild" in caught.value.hint
    assert not index.doctor().sound
    assert index.get(next(index.infos()).id).paragraphs
    index.rebuild()
    assert not index.stale
    assert answers(index) == before


# ---- no index, or no folder for one


def test_no_index_is_not_found(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(IndexNotFoundError) as caught:
            Index.open(folder)
        assert "policy-search index" in caught.value.hint
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_with_other_files_is_refused_and_left_alone(corpus: Path) -> None:
    before = sorted(corpus.iterdir())
    with pytest.raises(IndexFolderError, match=r"0000\.txt") as caught:
        Index.open(corpus, create=True)
    assert caught.value.hint
    assert sorted(corpus.iterdir()) == before


def test_a_file_is_no_folder_for_an_index(corpus: Path) -> None:
    with pytest.raises(IndexFolderError):
        Index.open(corpus / "0000.txt", create=True)
    with pytest.raises(IndexNotFoundError):
        Index.open(corpus / "0000.txt")


def test_an_empty_folder_with_what_git_keeps_in_it_is_taken(tmp_path: Path, opened: Opener) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / ".gitignore").write_text("*\n", "utf-8")
    assert opened(tmp_path / "index", create=True).stats().articles == 0
    assert (tmp_path / "index" / ".gitignore").read_text("utf-8") == "*\n"


def test_an_empty_index_answers(tmp_path: Path, opened: Opener) -> None:
    index = opened(tmp_path / "index", create=True)
    assert (index.search("安全").total.articles, len(index.search("-安全"))) == (0, 0)
    assert list(index.articles()) == []
    assert index.doctor().sound
    assert index.update().added == 0
    with pytest.raises(ArticleNotFoundError):
        index.get("a")


# ---- an index that may only be read

_SEARCH = """
import sys
from searcher import Index, IndexFolderError
with Index.open(sys.argv[1]) as index:
    print(index.search("的").total.articles, index.doctor().problems == ())
    try:
        index.update()
    except IndexFolderError as error:
        print(bool(error.hint))
"""


@pytest.fixture
def read_only(closed: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the index, without the files that SQLite lays beside its own, in a folder that cannot be written."""
    folder = tmp_path / "medium" / "index"
    shutil.copytree(closed, folder, ignore=shutil.ignore_patterns("*-wal", "*-shm", "*.lock"))
    paths = [folder, *folder.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield folder
    for path in paths:
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_an_index_that_may_only_be_read_answers_all_the_same(read_only: Path) -> None:
    """What was committed last once stayed in SQLite's log, also when the index was closed; a copy lost it."""
    command = [*bound_by_modes(), sys.executable, "-c", _SEARCH, str(read_only)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["6", "True", "True"], done.stderr
