"""Files and folders that cannot be looked into, are gone, or change unseen: nothing of them is lost or kept wrongly."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from searcher import Index
from tests.making import Opener, answers, write_policies
from tests.processes import bound_by_modes

TEXT = "新办法\n\n第一条 {}。\n"


def names(index: Index) -> set[str]:
    return {Path(info.path).name for info in index.infos()}


# ---- what cannot be read


def run_bound(*args: str | Path, folder: Path) -> tuple[int, str]:
    """Run the command line as somebody whom file modes bind; return its exit status and stderr."""
    main = "import sys; from searcher.cli import main; main(sys.argv[1:])"
    command = [*bound_by_modes(), sys.executable, "-c", main, *map(str, args)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A folder with a corpus of two folders in each other, and an index of it."""
    write_policies(tmp_path / "corpus", 2)
    write_policies(tmp_path / "corpus" / "secret" / "deep", 2, seed=5)
    status, err = run_bound("index", "corpus", folder=tmp_path)
    assert status == 0, err
    yield tmp_path
    for folder in ("corpus", "corpus/secret", "corpus/secret/deep"):
        (tmp_path / folder).chmod(0o755)


@pytest.mark.parametrize("closed", ["corpus/secret", "corpus/secret/deep", "corpus"])
def test_documents_in_a_folder_that_cannot_be_entered_stay(place: Path, closed: str, opened: Opener) -> None:
    """They were once taken for deleted, and nothing was said."""
    (place / closed).chmod(0)
    status, err = run_bound("index", folder=place)
    assert status == 2
    assert f"failed: {closed}" in err
    assert "removed 0" in err
    assert opened(place / "index").stats().articles == 4


def test_a_file_that_may_not_be_read_now_keeps_its_articles(place: Path, opened: Opener) -> None:
    file = place / "corpus" / "0000.txt"
    file.write_text(TEXT.format("量子计算"), "utf-8")
    file.chmod(0)
    status, err = run_bound("index", "corpus", folder=place)
    assert (status, "failed: corpus/0000.txt" in err) == (2, True)
    index = opened(place / "index")
    assert index.stats().articles == 4
    file.chmod(0o644)
    assert run_bound("index", "corpus", folder=place)[0] == 0
    index.refresh()
    assert index.search("量子计算").total.articles == 1


def test_a_folder_that_fails_while_it_is_walked_is_a_failure(
    index: Index, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_policies(corpus / "sub" / "deep", 2, seed=5)
    index.update(corpus)
    before, scandir = answers(index), os.scandir

    def failing(path: str | int) -> object:
        if isinstance(path, str) and Path(path).name == "sub":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", failing)
    report = index.update(corpus)
    assert [(Path(failure.path).name, failure.message) for failure in report.failures] == [("sub", "Permission denied")]
    assert report.removed == 0
    assert answers(index) == before
    assert [Path(failure.path).name for failure in index.doctor().failures] == ["sub"]


# ---- roots


def test_a_root_that_is_gone_does_not_keep_the_others_from_being_updated(index: Index, tmp_path: Path) -> None:
    """One folder taken away once ended every update and rebuild."""
    other, single = tmp_path / "other", tmp_path / "single.txt"
    write_policies(other, 2, seed=5)
    single.write_text(TEXT.format("量子计算"), "utf-8")
    index.update(other, single)
    shutil.rmtree(other)
    single.unlink()
    (tmp_path / "corpus" / "new.txt").write_text(TEXT.format("量子通信"), "utf-8")
    report = index.update()
    assert (report.added, report.removed) == (1, 0)
    assert {failure.path for failure in report.failures} == {str(other), str(single)}
    assert all(failure.hint == f"policy-search remove {failure.path}" for failure in report.failures)
    assert index.search("量子计算").total.articles == index.search("量子通信").total.articles == 1
    assert {str(other), str(single)} <= set(index.doctor().missing)
    assert index.rebuild().failed == 2
    assert {str(other), str(single)} <= set(index.stats().roots)
    index.remove(other, single)
    assert index.update().failed == 0
    assert index.doctor().sound


def test_a_file_in_an_indexed_folder_is_no_root_of_its_own(index: Index, corpus: Path, tmp_path: Path) -> None:
    file = corpus / "0000.txt"
    index.update(file)
    assert index.stats().roots == (str(corpus),)
    file.unlink()
    assert (index.update().removed, index.update().failed) == (1, 0)
    single = tmp_path / "sub" / "single.txt"
    single.parent.mkdir()
    single.write_text(TEXT.format("量子计算"), "utf-8")
    index.update(single)
    assert set(index.stats().roots) == {str(corpus), str(single)}
    index.update(single.parent)
    assert set(index.stats().roots) == {str(corpus), str(single.parent)}


def test_a_file_that_no_walk_finds_stays_a_root(index: Index, corpus: Path) -> None:
    """A file named on purpose was once taken out again when the folder around it was indexed."""
    page = corpus / "page.do"
    page.write_text("<html><body><p>量子计算专项的管理办法。</p></body></html>", "utf-8")
    index.update(page)
    assert index.update(corpus).removed == 0
    assert str(page) in index.stats().roots
    page.unlink()
    assert index.update(corpus).removed == 1
    assert index.stats().roots == (str(corpus),)


@pytest.mark.parametrize("folder", [Path(), Path("..")])
def test_the_folder_around_the_index_can_be_indexed_and_removed(
    tmp_path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    """``remove .`` once found nothing after ``index .``."""
    write_policies(tmp_path / "place" / "corpus", 3)
    monkeypatch.chdir(tmp_path / "place")
    index = opened(Path("index"), create=True)
    index.update(folder)
    Path("corpus/0000.txt").unlink()
    assert index.update().removed == 1
    assert index.remove(folder).removed == 2
    assert index.stats().roots == ()
    assert index.stats().articles == 0


# ---- what has changed


def test_a_file_of_which_an_article_was_removed_is_read_again(index: Index, corpus: Path, opened: Opener) -> None:
    """Law 7: an update gives what a rebuild gives."""
    before, stats = answers(index), index.stats()
    article = next(iter(index.articles()))
    index.remove(article.id)
    assert index.stats().characters == stats.characters - sum(len(p.text) for p in article.paragraphs)
    assert [Path(path).name for path in index.doctor().changed] == [Path(article.path).name]
    assert index.update().updated == 1
    assert answers(index) == before
    assert index.stats().characters == stats.characters
    assert index.update().unchanged == 6


def test_a_change_is_seen_though_another_folder_was_looked_at_since(index: Index, corpus: Path, tmp_path: Path) -> None:
    """When a file was last looked at was once kept for the whole index."""
    write_policies(tmp_path / "other", 1, seed=5)
    file = corpus / "0000.txt"
    file.write_text(TEXT.format("量子计算"), "utf-8")
    index.update(corpus)
    status = file.stat()
    file.write_text(TEXT.format("量子通信"), "utf-8")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    later = status.st_mtime_ns + 60_000_000_000
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr("searcher.indexing.time.time_ns", lambda: later)
        index.update(tmp_path / "other")
    assert index.update(corpus).updated == 1
    assert index.search("量子通信").total.articles == 1


def test_files_that_failed_are_counted_apart(index: Index, corpus: Path) -> None:
    (corpus / "binary.txt").write_bytes(bytes(range(256)) * 4)
    index.update(corpus)
    assert (index.stats().files, index.stats().failed) == (6, 1)
    (corpus / "binary.txt").unlink()
    found = index.doctor()
    assert [Path(path).name for path in found.missing] == ["binary.txt"]
    assert found.failures == ()
