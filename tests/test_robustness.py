"""Law 6: old or new, never half. Real processes, killed at any instant, while others ask."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from searcher import Index, IndexLockedError, layout
from tests.making import Answer, Opener, answers, policy, write_policies
from tests.processes import finished, run, started

FILES = 300
QUERIES = ("工业互联网", '"监督管理部门"', "网", "改革 安全", "国办发〔2023〕7号")
KILLS = 30

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills processes by signals")


def short_answers(index: Index) -> dict[str, Answer]:
    return answers(index, QUERIES, limit=5)


def change(corpus: Path, seed: int) -> None:
    """Write some files anew, take one away and add one."""
    chance = random.Random(seed)
    for file in chance.sample(sorted(corpus.iterdir()), 15):
        file.write_text(policy(chance, file.stem), "utf-8")
    chance.choice(sorted(corpus.iterdir())).unlink()
    (corpus / f"new-{seed}.txt").write_text(policy(chance, str(seed)), "utf-8")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a corpus and an index of it."""
    folder = tmp_path_factory.mktemp("robust")
    write_policies(folder / "corpus", FILES)
    with Index.open(folder / "index", create=True) as index:
        index.update(folder / "corpus")
    return folder


def fresh_answers(place: Path, opened: Opener, name: str) -> dict[str, Answer]:
    index = opened(place / name, create=True)
    index.update(place / "corpus")
    return short_answers(index)


def duration(place: Path, *command: str) -> float:
    """Return how many seconds a command takes, so that others can be killed somewhere in it."""
    before = time.monotonic()
    status, _, err = run(*command, folder=place)
    assert status == 0, err
    return time.monotonic() - before


def until_dead(process: subprocess.Popen[str], after: float, look: Callable[[], None]) -> None:
    """Look at the index again and again; kill the process after so many seconds, and look once more."""
    end = time.monotonic() + after
    while process.poll() is None and time.monotonic() < end:
        look()
    process.kill()
    process.communicate()
    look()


def assert_mended(place: Path, index: Index, expected: dict[str, Answer]) -> None:
    """One more update ends everything that a killed process left."""
    status, _, err = run("index", "corpus", folder=place)
    assert status == 0, err
    index.refresh()
    assert short_answers(index) == expected
    assert index.doctor().problems == ()
    assert layout.generations(place / "index") == [layout.current(place / "index")]


def test_a_rebuild_killed_at_any_instant_leaves_the_old_or_the_new(place: Path, opened: Opener) -> None:
    expected = fresh_answers(place, opened, "fresh-rebuild")
    reader = opened(place / "index")
    steady = opened(place / "index")
    assert short_answers(reader) == expected
    whole = duration(place, "rebuild")
    chance = random.Random(6)

    def look() -> None:
        reader.refresh()
        assert short_answers(reader) == short_answers(steady) == expected

    for _ in range(KILLS // 2):
        until_dead(started("rebuild", folder=place), chance.uniform(0.1, 1.0) * whole, look)
    assert_mended(place, reader, expected)
    assert short_answers(steady) == expected


def test_an_update_killed_at_any_instant_leaves_the_old_or_the_new(place: Path, opened: Opener) -> None:
    reader = opened(place / "index")
    steady = opened(place / "index")
    first = short_answers(steady)
    change(place / "corpus", 0)
    whole = duration(place, "index", "corpus")
    chance = random.Random(7)
    seen_old = 0
    for kill in range(1, KILLS // 2 + 1):
        reader.refresh()
        old = short_answers(reader)
        change(place / "corpus", kill)
        new = fresh_answers(place, opened, f"fresh-{kill}")

        def look(old: dict[str, Answer] = old, new: dict[str, Answer] = new) -> None:
            reader.refresh()
            assert short_answers(reader) in (old, new)
            assert short_answers(steady) == first

        until_dead(started("index", "corpus", folder=place), chance.uniform(0.3, 1.1) * whole, look)
        seen_old += short_answers(reader) == old
    assert seen_old, "no process was killed before it was done"
    assert_mended(place, reader, fresh_answers(place, opened, "fresh-last"))


def ask_until(done: threading.Event, folder: Path) -> int:
    """Ask an index again and again, each time as it is then; return how often."""
    asked = 0
    with Index.open(folder) as index:
        while not done.is_set() or not asked:
            index.search("网 安全")
            index.refresh()
            asked += 1
    return asked


def test_two_that_index_at_once_lose_nothing_while_ten_search(tmp_path: Path, opened: Opener) -> None:
    names = ("north", "south")
    for seed, name in enumerate(names):
        write_policies(tmp_path / name, 60, seed=seed)
    opened(tmp_path / "index", create=True)
    done = threading.Event()
    with ThreadPoolExecutor(5) as pool:
        asking = [pool.submit(ask_until, done, tmp_path / "index") for _ in range(5)]
        writers = [started("index", name, folder=tmp_path) for name in names]
        searchers = [started("--index", "index", "网", folder=tmp_path) for _ in range(5)]
        written, found = map(finished, writers), list(map(finished, searchers))
        ended = dict(zip(names, written, strict=True))
        done.set()
    assert all(future.result() for future in asking)
    assert [err for status, _, err in found if status not in (0, 1)] == []
    for name, (status, _, err) in ended.items():
        assert status == 0 or "another process is writing" in err
        assert status == 0 or run("index", name, folder=tmp_path)[0] == 0
    alone = opened(tmp_path / "alone", create=True)
    alone.update(*(tmp_path / name for name in names))
    assert answers(opened(tmp_path / "index")) == answers(alone)


# ---- the lock

_HOLD = """
import sys
from pathlib import Path
from searcher import layout
with layout.writing(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path, index: Index) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock of the index until it is told to end."""
    command = [sys.executable, "-c", _HOLD, str(index.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_writer_names_the_first_after_a_while(
    index: Index, corpus: Path, holder: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    status, _, err = run("index", corpus, "--index", index.path, folder=corpus.parent)
    assert status == 2
    assert f"process {holder.pid} " in err
    monkeypatch.setattr(layout, "LOCK_SECONDS", 0.1)
    writes: list[Callable[[], object]] = [
        index.update,
        index.rebuild,
        lambda: index.add([]),
        lambda: index.remove(corpus),
    ]
    for write in writes:
        with pytest.raises(IndexLockedError, match=str(holder.pid)) as caught:
            write()
        assert caught.value.hint
    assert index.search("的").total.articles


def test_a_second_writer_waits_for_the_first(index: Index, corpus: Path, holder: subprocess.Popen[str]) -> None:
    (corpus / "new.txt").write_text("新办法\n\n第一条 量子计算。\n", "utf-8")
    process = started("index", corpus, "--index", index.path, folder=corpus.parent)
    holder.communicate("")
    assert finished(process)[0] == 0
    index.refresh()
    assert index.search("量子计算").total.articles == 1


def test_the_lock_of_a_killed_process_is_taken_over(index: Index, holder: subprocess.Popen[str]) -> None:
    named = json.loads((index.path / "writer.json").read_text("utf-8"))
    assert named["pid"] == holder.pid
    holder.kill()
    holder.wait()
    assert index.update().unchanged == 6
    assert not (index.path / "writer.json").exists()


# ---- interrupted


def test_an_interrupted_command_leaves_the_old_index(place: Path, opened: Opener) -> None:
    index = opened(place / "index")
    before = short_answers(index)
    for file in (place / "corpus").iterdir():
        file.write_text(policy(random.Random(file.name), "改"), "utf-8")
    process = started("index", "corpus", folder=place)
    while process.poll() is None and not (place / "index" / "writer.json").exists():
        pass
    process.send_signal(signal.SIGINT)
    status, _, err = finished(process)
    assert status == 130, err
    assert "Traceback" not in err
    index.refresh()
    assert short_answers(index) == before
    assert index.update(place / "corpus").updated > 200
    assert short_answers(index) != before
