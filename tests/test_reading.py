"""Can a file harm the run? Files that crash, hang, swell or change cost themselves and nothing else."""

from __future__ import annotations

import os
import threading
import zipfile
from pathlib import Path

import pytest

from searcher import Index, ReadOptions
from searcher.errors import ReadError
from searcher.reading import OVERHEAD, PART, Part, Task, are_small, read_file, read_files, read_here
from searcher.rows import SourceRecord
from tests.cli import SAMPLES, call
from tests.making import answers, write_policies

# Stands in for a reader with a mistake in it: what a file says is what becomes of the process that reads it.
SABOTAGE = """
import ctypes, time
import searcher.readers as readers
true = readers.parse
def parse(data, **rest):
    if b"SEGFAULT" in data:
        ctypes.string_at(0)
    if b"HANG" in data:
        time.sleep(1000)
    if b"SWELL" in data:
        held = [bytearray(100_000_000) for _ in range(1000)]
    if b"MISTAKE" in data:
        raise KeyError("nobody thought of this")
    return true(data, **rest)
readers.parse = parse
"""
LIMITS = ("--max-seconds", "5", "--max-memory", "700", "-j", "2")


@pytest.fixture
def sabotaged(tmp_path: Path) -> Path:
    """Return a folder with documents, some of which do harm to the process that reads them."""
    write_policies(tmp_path / "corpus", 12)
    for name in ("SEGFAULT", "HANG", "SWELL", "MISTAKE"):
        (tmp_path / "corpus" / f"0005-{name}.txt").write_text(f"关于{name}的通知\n\n正文。\n", "utf-8")
    # a page, so that processes are started for these few files
    (tmp_path / "corpus" / "page.html").write_text(
        "<html><body><h1>公告</h1><p>网页正文一段。</p></body></html>", "utf-8"
    )
    (tmp_path / "sabotage").mkdir()
    (tmp_path / "sabotage" / "sitecustomize.py").write_text(SABOTAGE, "utf-8")
    return tmp_path


def with_sabotage(folder: Path) -> str:
    return os.pathsep.join(filter(None, (str(folder / "sabotage"), os.environ.get("PYTHONPATH"))))


def test_files_that_crash_hang_or_swell_fail_alone(sabotaged: Path) -> None:
    done = call("index", "corpus", *LIMITS, folder=sabotaged, check=2, PYTHONPATH=with_sabotage(sabotaged))
    said = done.stderr.decode("utf-8").splitlines()
    assert said[-1] == "added 13, updated 0, removed 0, unchanged 0, failed 4"
    failed = {line.split(":")[1].strip(): line.split(": ", 2)[2] for line in said[:-1]}
    assert failed == {
        "corpus/0005-HANG.txt": "reading it took longer than 5 seconds (allow more with --max-seconds)",
        "corpus/0005-MISTAKE.txt": "its reader crashed (KeyError: 'nobody thought of this')"
        " (convert it to another format)",
        "corpus/0005-SEGFAULT.txt": "its reader crashed (SIGSEGV) (convert it to another format)",
        "corpus/0005-SWELL.txt": "reading it needs more than 700 MB of memory (allow more with --max-memory)",
    }
    with Index.open(sabotaged / "index") as index:
        assert index.stats().articles == 13


def test_a_file_that_failed_is_not_tried_again_until_something_changes(sabotaged: Path) -> None:
    """Guards the time of an update: a file that hangs would hang each of them."""
    (sabotaged / "corpus" / "0005-HANG.txt").unlink()
    call("index", "corpus", *LIMITS, folder=sabotaged, check=2, PYTHONPATH=with_sabotage(sabotaged))
    again = call("index", "corpus", *LIMITS, folder=sabotaged, check=2).stderr.decode("utf-8")
    assert "its reader crashed (SIGSEGV)" in again
    assert again.splitlines()[-1] == "added 0, updated 0, removed 0, unchanged 13, failed 3"
    # other limits: these files are read again, by readers without mistakes now
    better = call("index", "corpus", "--max-seconds", "6", folder=sabotaged, check=0).stderr.decode("utf-8")
    assert better.splitlines()[-1] == "added 3, updated 0, removed 0, unchanged 13, failed 0"


@pytest.mark.skipif(os.name != "posix", reason="a sparse file is made the POSIX way")
def test_a_file_that_is_too_large_is_not_even_read(tmp_path: Path) -> None:
    write_policies(tmp_path / "corpus", 2)
    with (tmp_path / "corpus" / "vast.txt").open("wb") as file:
        file.truncate(2_000_000_000)
    done = call("index", "corpus", folder=tmp_path, check=2).stderr.decode("utf-8")
    assert "vast.txt: 2,000 MB, more than the 500 MB that a file may have (allow more with --max-size" in done
    assert done.splitlines()[-1] == "added 2, updated 0, removed 0, unchanged 0, failed 1"


def test_processes_read_what_one_process_reads(tmp_path: Path) -> None:
    """The sample corpus, pages and all: the same index whether read here or by one process or three."""
    found = []
    for jobs in (None, 1, 3):
        with Index.open(tmp_path / f"index{jobs}", create=True) as index:
            index.update(SAMPLES, jobs=jobs)
            found.append((answers(index), [article.id for article in index.articles()]))
    assert found[0] == found[1] == found[2]


def tasks(*files: Path) -> list[Task]:
    return [Task(file, file.name, ReadOptions()) for file in files]


def test_read_here_and_by_processes_gives_the_same_pieces(tmp_path: Path) -> None:
    files = write_policies(tmp_path, 20)
    there = read_files(tasks(*files), jobs=2, options=ReadOptions())
    here = read_here(tasks(*files))

    def parts(read: object) -> list[list[object]]:
        return [[piece for piece in pieces if isinstance(piece, Part)] for _, pieces in read]  # type: ignore[attr-defined]

    found = parts(there)
    assert found == parts(here)
    assert all(found)


def test_great_files_come_in_parts(tmp_path: Path) -> None:
    lines = "".join(f'{{"title": "第{n}号通知", "text": "{"数据安全。" * 400}"}}\n' for n in range(400))
    file = tmp_path / "dump.jsonl"
    file.write_text(lines, "utf-8")
    pieces = list(read_file(tasks(file)[0]))
    assert [type(piece) for piece in pieces] == [Part] * 5 + [SourceRecord]
    ordinals = [item.article.ordinal for piece in pieces if isinstance(piece, Part) for item in piece.articles]
    assert ordinals == list(range(400))


def test_a_file_that_keeps_changing_is_told(tmp_path: Path) -> None:
    file = tmp_path / "log.txt"
    file.write_bytes(b"x" * 50_000_000)  # so that reading it takes a while
    stop, begun = threading.Event(), threading.Event()

    def write() -> None:
        with file.open("ab", buffering=0) as out:
            while not stop.is_set() and out.tell() < 400_000_000:
                out.write(b"x")
                begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        begun.wait()
        (record,) = read_file(tasks(file)[0])
    finally:
        stop.set()
        writer.join()
    assert isinstance(record, SourceRecord)
    assert (record.error, record.digest) == ("it changes while it is being read", None)


def test_records_of_a_title_and_a_word_come_in_parts_too(tmp_path: Path) -> None:
    file = tmp_path / "dump.jsonl"
    file.write_text("".join(f'{{"title": "第{n}号通知", "text": "略。"}}\n' for n in range(1_500)), "utf-8")
    parts = [len(piece.articles) for piece in read_file(tasks(file)[0]) if isinstance(piece, Part)]
    assert sum(parts) == 1_500
    assert max(parts) <= PART / OVERHEAD


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs on this system")
def test_a_file_that_cannot_be_read_any_more_leaves_what_was_read_before(tmp_path: Path) -> None:
    file = tmp_path / "corpus" / "a.txt"
    write_policies(tmp_path / "corpus", 1)
    file.write_text("关于数据安全的通知\n\n各单位应当加强检查。\n", "utf-8")
    with Index.open(tmp_path / "index", create=True) as index:
        index.update(tmp_path / "corpus")
        before = answers(index)
        file.unlink()
        os.mkfifo(file)
        report = index.update(file)
        assert [failure.message for failure in report.failures] == ["not a regular file"]
        assert answers(index) == before


def test_few_plain_files_need_no_processes_and_others_do(tmp_path: Path) -> None:
    plain, large, page = tmp_path / "a.txt", tmp_path / "b.md", tmp_path / "c.html"
    for file, size in ((plain, 10), (large, 2_000_000), (page, 10)):
        file.write_bytes(b"x" * size)
    assert [are_small([file]) for file in (plain, large, page, tmp_path / "gone.txt")] == [True, False, False, True]


def test_an_unknown_field_in_a_map_is_an_error(tmp_path: Path) -> None:
    done = call("index", ".", "--map", "titel=bt", folder=tmp_path, check=2).stderr.decode("utf-8")
    assert "“titel=bt” is not FIELD=NAME" in done


def test_names_of_fields_are_remembered(tmp_path: Path) -> None:
    (tmp_path / "dump.jsonl").write_text('{"bt": "关于数据安全的通知", "nr": "各单位应当加强检查。"}\n', "utf-8")
    call("index", "dump.jsonl", "--map", "title=bt", "--map", "text=nr", folder=tmp_path, check=0)
    for command in ("index", "rebuild"):
        call(command, folder=tmp_path, check=0)
        with Index.open(tmp_path / "index") as index:
            (article,) = index.articles()
        assert (article.title, article.paragraphs[0].text) == ("关于数据安全的通知", "各单位应当加强检查。")


def test_other_names_of_fields_read_the_records_again(tmp_path: Path) -> None:
    (tmp_path / "dump.jsonl").write_text('{"bt": "甲", "mc": "乙", "text": "各单位应当加强检查。"}\n', "utf-8")
    with Index.open(tmp_path / "index", create=True) as index:
        for name, title in (("bt", "甲"), ("mc", "乙")):
            index.update(tmp_path / "dump.jsonl", options=ReadOptions(names={"title": name}))
            assert [article.title for article in index.articles()] == [title]


def test_names_that_come_later_are_used_for_what_were_plain_tables(tmp_path: Path) -> None:
    """A file whose fields were not known was once unchanged for ever."""
    (tmp_path / "rows.csv").write_text("bt,nr\n关于甲的通知,各单位应当检查。\n关于乙的通知,各单位应当整改。\n", "utf-8")
    with Index.open(tmp_path / "index", create=True) as index:
        index.update(tmp_path / "rows.csv")
        for names in ({"title": "bt"}, {"text": "nr"}):  # the second is added to the first
            index.update(tmp_path / "rows.csv", options=ReadOptions(names=names))
        titles = [article.title for article in index.articles()]
    assert titles == ["关于甲的通知", "关于乙的通知"]


def test_what_failed_of_a_file_is_tried_again_by_other_means(tmp_path: Path) -> None:
    """The hint to allow more once had no effect."""
    body = "".join(f"第{n}项工作由第{n * 7919 % 1000}组承担。" for n in range(600))
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(3):
            archive.writestr(f"{n}.txt", f"关于第{n}号事项的通知\n\n{body}")
    with Index.open(tmp_path / "index", create=True) as index:
        report = index.update(tmp_path / "a.zip", options=ReadOptions(max_bytes=50_000))
        again = index.update(tmp_path / "a.zip", options=ReadOptions(max_bytes=50_000))
        more = index.update(tmp_path / "a.zip")
    assert (report.added, report.failed > 0) == (1, True)
    assert (again.unchanged, again.failed) == (1, report.failed)
    assert (more.updated, more.articles, more.failed) == (1, 3, 0)


def test_a_mistake_in_a_reader_costs_its_file_also_where_no_process_is_started(sabotaged: Path) -> None:
    for name in ("page.html", "0005-SEGFAULT.txt", "0005-HANG.txt", "0005-SWELL.txt"):
        (sabotaged / "corpus" / name).unlink()
    done = call("index", "corpus", folder=sabotaged, check=2, PYTHONPATH=with_sabotage(sabotaged))
    said = done.stderr.decode("utf-8")
    assert "its reader crashed (KeyError: 'nobody thought of this')" in said
    assert said.splitlines()[-1] == "added 12, updated 0, removed 0, unchanged 0, failed 1"


def test_a_path_that_is_not_there_is_an_error_at_the_call(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", create=True) as index, pytest.raises(ReadError):
        index.update(tmp_path / "gone")
