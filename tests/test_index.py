"""Keeping an index: what an update counts, ids that stay, articles of a script, removing, rebuilding."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from searcher import Article, ArticleNotFoundError, Index, Paragraph, ReadError, Report
from tests.making import QUERIES, Opener, answers, write_policies


def counts(report: Report) -> tuple[int, int, int, int, int]:
    return report.added, report.updated, report.removed, report.unchanged, report.failed


def ids(index: Index) -> dict[str, str]:
    """Return the id of each article by its file's name and its place in it."""
    return {f"{Path(info.path).name}:{info.ordinal}": info.id for info in index.infos()}


SCRIPT = Article(title="脚本", paragraphs=(Paragraph("量子计算专项"),))
OWN = replace(SCRIPT, id="own")


# ---- what an update counts


def test_an_update_counts_files(tmp_path: Path, corpus: Path, opened: Opener) -> None:
    index = opened(tmp_path / "index", create=True)
    assert counts(index.update(corpus)) == (6, 0, 0, 0, 0)
    assert counts(index.update(corpus)) == (0, 0, 0, 6, 0)
    write_policies(corpus, 2, seed=9)
    (corpus / "0005.txt").unlink()
    (corpus / "new.txt").write_text("新办法\n\n第一条 量子计算。\n", "utf-8")
    assert counts(index.update(corpus)) == (1, 2, 1, 3, 0)
    assert counts(index.update()) == (0, 0, 0, 6, 0)
    assert index.stats().files == 6


def test_a_file_that_was_only_touched_is_unchanged(index: Index, corpus: Path) -> None:
    before = answers(index)
    for file in corpus.iterdir():
        os.utime(file, ns=(1, 1))
    assert counts(index.update(corpus)) == (0, 0, 0, 6, 0)
    assert answers(index) == before
    assert index.doctor().sound


def test_a_change_within_the_tick_of_the_clock_is_seen(index: Index, corpus: Path) -> None:
    """A file written again with as many bytes, and the same time of change, was once taken for unchanged."""
    file = corpus / "0000.txt"
    status = file.stat()
    file.write_text(file.read_text("utf-8").replace("0000", "9999"), "utf-8")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert file.stat().st_size == status.st_size
    assert counts(index.update(corpus)) == (0, 1, 0, 5, 0)
    assert index.search('"9999"').total.articles == 1


def test_a_file_that_cannot_be_read_fails_alone(index: Index, corpus: Path) -> None:
    (corpus / "binary.txt").write_bytes(bytes(range(256)) * 4)
    os.mkfifo(corpus / "pipe.txt")
    (corpus / "good.txt").write_text("好文件\n\n量子计算。\n", "utf-8")
    for _ in range(2):
        report = index.update(corpus)
        assert report.failed == 2
        assert {Path(failure.path).name for failure in report.failures} == {"binary.txt", "pipe.txt"}
        assert all(failure.message for failure in report.failures)
    assert index.search("量子计算").total.articles == 1
    assert [Path(failure.path).name for failure in index.doctor().failures] == ["binary.txt", "pipe.txt"]
    (corpus / "binary.txt").write_text("修好了\n\n量子通信。\n", "utf-8")
    (corpus / "pipe.txt").unlink()
    assert counts(index.update(corpus)) == (1, 0, 1, 7, 0)


def test_a_file_that_becomes_unreadable_leaves_the_index(index: Index, corpus: Path) -> None:
    (corpus / "0003.txt").write_bytes(b"\x00\x01\x02" * 99)
    assert index.update(corpus).failed == 1
    assert "0003.txt:0" not in ids(index)
    assert len(ids(index)) == 5


def test_other_files_are_passed_over_and_counted_by_ending(index: Index, corpus: Path) -> None:
    for name in ("a.qqq", "b.QQQ", "c.xyz", "noending", ".hidden.txt"):
        (corpus / name).write_bytes(b"x")
    report = index.update(corpus)
    assert report.passed_over == {".qqq": 2, ".xyz": 1, "without ending": 1}
    assert counts(report) == (0, 0, 0, 6, 0)


def test_a_path_that_is_not_there_is_an_error_and_changes_nothing(index: Index, corpus: Path) -> None:
    before = answers(index)
    shutil.rmtree(corpus)
    for paths in ([corpus], [corpus.parent / "never there"]):
        with pytest.raises(ReadError, match="no file or folder") as caught:
            index.update(*paths)
        assert caught.value.hint
    assert answers(index) == before


def test_files_of_other_folders_are_left_alone(index: Index, tmp_path: Path) -> None:
    write_policies(tmp_path / "corpus-more", 2, seed=5)
    assert counts(index.update(tmp_path / "corpus-more")) == (2, 0, 0, 0, 0)
    assert counts(index.update()) == (0, 0, 0, 8, 0)


def test_progress_is_told_for_every_file(index: Index, corpus: Path) -> None:
    told: list[tuple[int, int, str]] = []
    index.update(corpus, progress=lambda done, total, path: told.append((done, total, path)))
    assert [done for done, _, _ in told] == list(range(7))
    assert {total for _, total, _ in told} == {6}


def test_an_update_that_is_interrupted_changes_nothing(index: Index, corpus: Path) -> None:
    before = answers(index)
    write_policies(corpus, 6, seed=9)

    def interrupt(done: int, total: int, path: str) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.update(corpus, progress=interrupt)
    index.refresh()
    assert answers(index) == before
    assert counts(index.update(corpus)) == (0, 6, 0, 0, 0)
    assert answers(index) != before


# ---- ids


def test_ids_stay_and_are_unique(index: Index, corpus: Path) -> None:
    before = ids(index)
    assert len(set(before.values())) == len(before) == 6
    write_policies(corpus, 3, seed=9)
    index.update(corpus)
    assert ids(index) == before
    index.rebuild()
    assert ids(index) == before


def test_an_id_may_be_shortened_while_it_is_clear(index: Index) -> None:
    for identifier in ids(index).values():
        assert index.get(identifier).id == identifier
    first = min(ids(index).values())
    assert index.get(first[:9]).id == first
    for unclear in ("", "没有", "zzzzzzzzzzzz", "\ud800"):
        with pytest.raises(ArticleNotFoundError):
            index.get(unclear)


def test_an_id_that_several_begin_with_is_refused_with_their_names(index: Index) -> None:
    index.add(replace(SCRIPT, id=name) for name in ("x1", "x12", "x13"))
    assert index.get("x1").id == "x1"
    assert index.get("x12").id == "x12"
    index.remove("x1")
    with pytest.raises(ArticleNotFoundError, match="x12, x13") as caught:
        index.get("x")
    assert caught.value.hint


def test_an_index_that_is_moved_with_its_corpus_stays_as_it_was(index: Index, corpus: Path, opened: Opener) -> None:
    before, was = ids(index), corpus.parent
    found = {query: [hit.article.id for hit in index.search(query)] for query in QUERIES}
    index.close()
    there = was.with_name(f"{was.name}-moved")
    was.rename(there)
    with opened(there / "index") as moved:
        assert counts(moved.update()) == (0, 0, 0, 6, 0)
        assert ids(moved) == before
        assert {query: [hit.article.id for hit in moved.search(query)] for query in QUERIES} == found
        assert all(Path(info.path).is_file() for info in moved.infos())


# ---- articles of a script


def test_a_script_may_add_what_is_no_character_and_what_is_no_line(index: Index) -> None:
    """Lone surrogates come out of broken JSON; paragraphs with line ends out of anything."""
    index.add([Article(title="甲\ud800乙", paragraphs=(Paragraph("量子\n计算\udc00专项"),))])
    (hit,) = index.search('"量子 计算"')
    assert (hit.article.title, hit.paragraphs[0].text) == ("甲?乙", "量子\n计算?专项")


def test_adding_an_article_twice_is_adding_it_once(index: Index) -> None:
    for article in (SCRIPT, replace(SCRIPT, record_id="7"), replace(SCRIPT, url="https://example.org/a"), OWN):
        assert counts(index.add([article])) == (1, 0, 0, 0, 0)
        before = index.search("量子计算").total
        assert counts(index.add([article])) == (0, 1, 0, 0, 0)
        assert index.search("量子计算").total == before
    assert index.search("量子计算").total.articles == 4


def test_an_added_article_comes_back_as_it_was(index: Index) -> None:
    index.add([replace(SCRIPT, record_id="7")])
    (hit,) = index.search("量子计算")
    article = index.get(hit.article.id)
    assert (article.title, article.record_id, article.path) == ("脚本", "7", "")
    assert [paragraph.text for paragraph in article.paragraphs] == ["量子计算专项"]


def test_an_added_article_takes_the_place_of_the_one_that_has_its_id(index: Index) -> None:
    """An article of a file, added again under its own id, once broke the batch off with an error of the database."""
    before = answers(index)
    count = index.stats().articles
    index.add(list(index.articles()))
    assert index.stats().articles == count
    assert {query: total for query, (total, _) in answers(index).items()} == {q: t for q, (t, _) in before.items()}
    index.rebuild()
    assert index.stats().articles == count
    assert index.doctor().problems == ()


def test_a_rebuild_keeps_added_articles_and_their_ids(index: Index, corpus: Path, opened: Opener) -> None:
    index.add([replace(SCRIPT, record_id="7"), OWN])
    before, listed = answers(index), list(index.articles())
    report = index.rebuild()
    assert report.added == 6
    assert answers(index) == before
    assert list(index.articles()) == listed
    assert answers(opened(index.path)) == before


def test_a_rebuild_from_other_folders_leaves_the_old_ones_behind(index: Index, tmp_path: Path) -> None:
    write_policies(tmp_path / "other", 2, seed=5)
    index.rebuild(tmp_path / "other")
    assert index.stats().files == 2
    assert index.stats().roots == (str(tmp_path / "other"),)


@pytest.mark.parametrize("engine", ["memory", "whoosh"])
def test_a_rebuild_may_change_the_engine(index: Index, engine: str, opened: Opener) -> None:
    before = answers(index)
    index.rebuild(engine=engine)
    assert index.engine == engine
    assert answers(index) == before
    assert opened(index.path, create=True, engine="memory").engine == engine


# ---- removing


def test_files_folders_and_articles_can_be_removed(index: Index, corpus: Path) -> None:
    write_policies(corpus / "sub", 2, seed=5)
    index.update(corpus)
    one = ids(index)["0002.txt:0"]
    assert index.remove(corpus / "0000.txt").articles >= 1
    assert index.remove(str(corpus / "sub")).removed == 2
    assert index.remove(one).articles == 1
    with pytest.raises(ArticleNotFoundError):
        index.get(one)
    assert index.doctor().problems == ()
    assert counts(index.update(corpus))[0] == 3


def test_nothing_is_removed_unless_all_of_it_is_there(index: Index, corpus: Path) -> None:
    before = answers(index)
    with pytest.raises(ArticleNotFoundError, match="nowhere"):
        index.remove(corpus / "0000.txt", "nowhere.txt")
    assert answers(index) == before


def test_what_was_removed_is_gone_from_the_engine_too(index: Index, corpus: Path) -> None:
    index.remove(corpus)
    assert index.search("的").total.articles == 0
    assert index.stats().articles == 0
    assert index.doctor().problems == ()
    assert counts(index.update()) == (0, 0, 0, 0, 0)


# ---- readers


def test_a_reader_sees_what_was_there_when_it_was_opened(index: Index, corpus: Path, opened: Opener) -> None:
    for change in ("update", "rebuild"):
        reader = opened(index.path)
        before = answers(reader)
        write_policies(corpus, 6, seed=9 if change == "update" else 10)
        getattr(index, change)()
        assert answers(reader) == before
        assert [article.id for article in reader.articles()]
        reader.refresh()
        assert answers(reader) == answers(index) != before
        reader.close()
