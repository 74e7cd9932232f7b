"""A first build, and a rebuild in place of a broken index: complete, or as if nothing had been."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from searcher import (
    Article,
    Index,
    IndexDamagedError,
    IndexNotFoundError,
    Paragraph,
    ReadError,
    Report,
    SearcherError,
    layout,
)
from searcher.batch import changing
from searcher.reading import analyzed
from tests.making import write_policies
from tests.processes import bound_by_modes, finished, run, started

FILES = 200

Spoil = Callable[[Path], None]


def interrupt(done: int, total: int, path: str) -> None:
    if done == 2:
        raise KeyboardInterrupt


def content_of(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("writer."))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.skipif(os.name != "posix", reason="kills processes by signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("command", [["监督"], ["index", "corpus"], ["rebuild", "corpus"]])
def test_a_first_build_that_is_broken_off_leaves_no_index(
    tmp_path: Path, number: signal.Signals, command: list[str]
) -> None:
    """An empty index was once left behind, in which nothing was ever found, and which seemed sound."""
    write_policies(tmp_path / "corpus", FILES)
    process = started(*command, folder=tmp_path)
    while process.poll() is None and not list((tmp_path / "index").glob("generation-*/articles.db")):
        pass
    process.send_signal(number)
    status, _, _ = finished(process)
    assert status == (130 if number == signal.SIGINT else -number)
    with pytest.raises(IndexNotFoundError):
        Index.open(tmp_path / "index")
    status, out, err = run("监督管理", "--count", folder=tmp_path)
    assert status == 0, err
    assert "indexing corpus/ first" in err
    assert "articles: 0" not in out
    assert layout.generations(tmp_path / "index") == [layout.current(tmp_path / "index")]


def damage(folder: Path) -> None:
    (layout.current(folder) / "articles.db").write_bytes(b"no database" * 100)


def another_version(folder: Path) -> None:
    with sqlite3.connect(layout.current(folder) / "articles.db") as connection:
        connection.execute("UPDATE meta SET value = '0' WHERE name = 'format'")
    connection.close()


@pytest.mark.parametrize("spoil", [damage, another_version])
def test_an_interrupted_rebuild_of_a_broken_index_leaves_it_as_it_was(index: Index, corpus: Path, spoil: Spoil) -> None:
    index.close()
    spoil(index.path)
    before = content_of(index.path)
    with pytest.raises(KeyboardInterrupt):
        Index.build(index.path, corpus, replace=True, progress=interrupt)
    assert content_of(index.path) == before
    status, _, err = run("rebuild", "corpus", "--index", index.path, folder=corpus.parent)
    assert status == 0, err
    index.refresh()
    assert index.doctor().sound
    assert index.stats().files == 6


def test_a_build_updates_an_index_that_is_there(index: Index, corpus: Path) -> None:
    write_policies(corpus / "more", 2, seed=5)
    assert Index.build(index.path, corpus) == Report(added=2, unchanged=6, articles=2)


def test_a_build_does_not_replace_a_damaged_index_unasked(index: Index, corpus: Path) -> None:
    index.close()
    damage(index.path)
    with pytest.raises(IndexDamagedError):
        Index.build(index.path, corpus)


def test_a_build_from_what_is_not_there_makes_no_index(tmp_path: Path) -> None:
    with pytest.raises(ReadError):
        Index.build(tmp_path / "index", tmp_path / "nowhere")
    assert not layout.exists(tmp_path / "index")


def test_the_folders_of_a_generation_are_on_the_disk_before_it_is_named(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a loss of power, CURRENT must not name what is not there."""
    synced: list[tuple[str, bool]] = []
    sync = layout.sync_folder

    def noted(folder: Path) -> None:
        synced.append((folder.name, layout.exists(tmp_path / "index")))
        sync(folder)

    monkeypatch.setattr(layout, "sync_folder", noted)
    Index.build(tmp_path / "index", corpus)
    assert {("engine", False), ("generation-000001", False), ("index", True)} <= set(synced)


def test_a_closed_index_says_so(index: Index) -> None:
    """It was once an error of the database that came out."""
    index.close()
    index.close()
    for use in (lambda: index.search("的"), index.stats, lambda: index.get("a"), lambda: list(index.infos())):
        with pytest.raises(SearcherError, match="closed"):
            use()
    index.refresh()
    assert index.search("的").total.articles


# ---- a database that lies where nothing can be written

_OPEN = """
import sys, warnings
from searcher import Index
warnings.simplefilter("error")
with Index.open(sys.argv[1]) as index:
    print(index.stats().files)
"""


def test_a_log_that_cannot_be_read_is_not_passed_over(index: Index) -> None:
    """An index that could not be written was once opened without what was in its log: old answers, or nothing."""
    index.close()
    folder = layout.current(index.path)
    with closing(sqlite3.connect(folder / "articles.db")) as connection:
        connection.execute("DELETE FROM block")
        connection.commit()
        for name in ("articles.db", "articles.db-wal"):
            shutil.copy2(folder / name, folder / f"{name}.copy")
    for name in ("articles.db", "articles.db-wal"):
        (folder / f"{name}.copy").replace(folder / name)
    (folder / "articles.db-shm").unlink(missing_ok=True)
    folder.chmod(0o555)
    command = [*bound_by_modes(), sys.executable, "-c", _OPEN, str(index.path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    folder.chmod(0o755)
    assert "IndexFolderError" in done.stderr
    assert "must be writable" in done.stderr
    assert "ResourceWarning" not in done.stderr


def test_what_was_begun_and_is_taken_back_removes_no_article_whose_id_it_took(tmp_path: Path) -> None:
    kept = Article(id="one", title="湿地养护办法", paragraphs=(Paragraph("湿地由园林部门养护。"),))
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([kept])
        with changing(layout.current(index.path)) as (_, batch):
            batch.begin("other.txt")
            batch.add("other.txt", [analyzed(replace(kept, title="公交办法"))])
            batch.undo()
        index.refresh()
        assert [hit.article.title for hit in index.search("园林部门")] == ["湿地养护办法"]
        assert index.doctor().problems == ()
