"""What do engines do with their files: where a batch is given up, and where a file is not as it was written?"""

from __future__ import annotations

import errno
import gc
import os
import sys
import tempfile
from pathlib import Path

import pytest

from searcher import engines
from searcher.engines import tantivy as on_tantivy
from searcher.engines import tantivy_reader
from searcher.engines import whoosh as on_whoosh
from searcher.engines.tantivy_files import Opened
from searcher.errors import IndexDamagedError
from searcher.units import ArticleUnits
from tests.engine_cases import Batches, article

MAPS = Path("/proc/self/maps")


@pytest.mark.skipif(sys.platform != "linux", reason="the files that a process has open are told there")
def test_a_batch_that_is_given_up_writes_nothing_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The threads that merge its segments once went on in a folder that was being deleted."""
    monkeypatch.setattr(on_tantivy, "PER_MARK", 1_000_000)  # a segment for each article
    long = article("办法", *(f"甲乙丙丁 {number}" for number in range(20_000)))
    with pytest.raises(KeyboardInterrupt), engines.load("tantivy").writer(tmp_path / "engine", None) as writer:
        for number in range(1, 10):  # of which eight are merged
            writer.add(number, long)
        raise KeyboardInterrupt
    assert "work-1" not in MAPS.read_text("utf-8")
    assert list((tmp_path / "engine").iterdir()) == []


@pytest.mark.parametrize("name", engines.NAMES)
def test_a_reader_may_be_closed_twice(tmp_path: Path, name: str) -> None:
    batches = Batches(engines.load(name), tmp_path / "engine")
    reader = batches.engine.open(batches.folder, batches.apply({1: article("工业互联网")}))
    assert reader.count == 1
    reader.close()
    reader.close()


def test_a_commit_that_is_cleared_while_it_is_opened_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = tmp_path / "temporary"
    beside.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(beside))
    with pytest.raises(FileNotFoundError):
        Opened(tmp_path / "cleared")
    assert list(beside.iterdir()) == []


def test_a_reader_remembers_only_so_many_units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tantivy_reader, "KNOWN", 5)
    batches = Batches(engines.load("tantivy"), tmp_path / "engine")
    batches.apply({1: article("工业互联网"), 2: article("工业")})

    def look(reader: engines.Reader) -> None:
        assert isinstance(reader, tantivy_reader.TantivyReader)
        for number in range(20):
            assert reader.frequency("grams", f"无{number}") == 0
            assert reader.frequency("grams", "工业") == 2
            assert len(reader._known) <= 5

    batches.read(look)


# ---- damage


def whole(number: int) -> dict[int, ArticleUnits]:
    return {number: article("办法", *(f"甲乙丙丁 {number} {paragraph}" for paragraph in range(30)))}


def changed(file: Path, place: float) -> None:
    """Change some bytes of a file, in a file of its own: others may be links to it."""
    data = bytearray(file.read_bytes())
    start = min(int(len(data) * place), max(0, len(data) - 8))
    data[start : start + 8] = bytes(255 - byte for byte in data[start : start + 8])
    file.unlink()
    file.write_bytes(data)


@pytest.mark.parametrize("place", [0.0, 0.2, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("pattern", ["meta.json", "*.fieldnorm", "*.store"])
def test_a_batch_on_top_of_damage_says_so_or_leaves_it_to_be_told(tmp_path: Path, pattern: str, place: float) -> None:
    """tantivy's own errors and panics once came out; and what it merged was sound by the sums of the new commit."""
    batches = Batches(engines.load("tantivy"), tmp_path / "engine")
    for number in range(1, 8):
        batches.apply(whole(number))
    changed(sorted((batches.folder / f"commit-{batches.commit}").glob(pattern))[0], place)
    try:
        batches.apply(whole(8), removed=[3])  # the eighth segment: all of them are merged
        batches.read(assert_told)
    except IndexDamagedError as error:
        assert "rebuild" in error.hint


def assert_told(reader: engines.Reader) -> None:
    assert reader.check() is not None


@pytest.mark.parametrize("place", [0.0, 0.2, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("pattern", ["*.trm", "*.pst", "*.key.col", "*._words_len.col"])
def test_a_merge_of_damaged_segments_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str, place: float
) -> None:
    """What could be read of them was once written anew, with sums of its own."""
    batches = Batches(engines.load("whoosh"), tmp_path / "engine")
    for number in range(1, 4):
        batches.apply(whole(number))
    changed(sorted(batches.folder.glob(pattern))[0], place)
    monkeypatch.setattr(on_whoosh, "MAX_SEGMENTS", 2)
    monkeypatch.setattr(on_whoosh, "MERGE", 2)
    with pytest.raises(IndexDamagedError, match="not as it was written") as caught:
        batches.apply(whole(4))
    assert "rebuild" in caught.value.hint


def test_a_changed_table_of_contents_is_told_and_never_believed(tmp_path: Path) -> None:
    """A bit of it made removed documents come back, or raised what a dictionary raises."""
    batches = Batches(engines.load("whoosh"), tmp_path / "engine")
    batches.apply(whole(1) | whole(2), removed=[1])
    file = batches.folder / f"_MAIN_{batches.commit}.toc"
    data = file.read_bytes()
    for start in range(0, len(data), 41):
        file.write_bytes(data[:start] + bytes((data[start] ^ 4,)) + data[start + 1 :])
        with pytest.raises(IndexDamagedError, match="damaged"):
            batches.read(assert_told)
        with pytest.raises(IndexDamagedError, match="damaged"):
            batches.apply()
    file.write_bytes(data)
    batches.check()


def test_a_table_of_contents_without_its_sum_is_read_and_cleared_as_ever(tmp_path: Path) -> None:
    batches = Batches(engines.load("whoosh"), tmp_path / "engine")
    batches.apply(whole(1))
    file = batches.folder / f"_MAIN_{batches.commit}.toc"
    data = file.read_bytes()
    file.write_bytes(data[: data.index(b"CRC-32: ")])
    batches.check()
    batches.apply(whole(2))
    batches.engine.clear(batches.folder, batches.commit)
    assert not file.exists()
    batches.check()


# Whoosh leaves files open where it is interrupted.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_a_changed_key_is_told_when_it_is_read(tmp_path: Path) -> None:
    batches = Batches(engines.load("whoosh"), tmp_path / "engine")
    batches.apply(whole(1))
    (file,) = batches.folder.glob("*.key.col")
    changed(file, 0.5)
    with pytest.raises(IndexDamagedError, match="not as it was written"):
        batches.read(assert_told)
    gc.collect()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit for files there")
def test_no_room_for_what_tantivy_writes_is_no_damage(tmp_path: Path) -> None:
    import resource

    batches = Batches(engines.load("tantivy"), tmp_path / "engine")
    batches.apply(whole(1))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        with pytest.raises(OSError, match=os.strerror(errno.EFBIG)) as caught:
            batches.apply({2: article("办法", *(f"甲乙丙丁 {number}" for number in range(5_000)))})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.errno == errno.EFBIG


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit to the size of files there")
def test_no_room_is_told_as_such_in_the_midst_of_a_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    monkeypatch.setenv("POLICY_SEARCH_WRITER_MB", "16")  # so that tantivy writes before the batch ends
    monkeypatch.setattr(on_tantivy, "PER_MARK", 1)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        with (
            pytest.raises(OSError, match=os.strerror(errno.EFBIG)),
            engines.load("tantivy").writer(tmp_path / "engine", None) as writer,
        ):
            for number in range(1, 5_000):
                first = 0x4E00 + number * 40 % 20_000
                writer.add(number, article(*(chr(first + place) * 400 for place in range(40))))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
