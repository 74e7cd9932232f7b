"""Is work done in order, and does a task that goes wrong cost only itself?"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from operator import length_hint
from pathlib import Path
from threading import Event

import pytest

from searcher import pool as pool_module
from searcher.pool import Lost, Pool

MEMORY = 1 << 30


def everything(work: str, tasks: list[str], *, jobs: int = 2, seconds: float = 60.0) -> list[tuple[str, list[object]]]:
    with Pool[str, object](f"tests.pool_work:{work}", jobs=jobs, seconds=seconds, memory=MEMORY) as pool:
        return [(task, list(items)) for task, items in pool.each(tasks)]


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_items_come_in_the_order_of_the_tasks(jobs: int) -> None:
    tasks = [3, 0, 7, 1, 20, 2] * 12
    with Pool[int, tuple[int, int]]("tests.pool_work:count", jobs=jobs, seconds=60, memory=MEMORY) as pool:
        found = [(task, list(items)) for task, items in pool.each(tasks)]
    assert found == [(task, [(task, number) for number in range(task)]) for task in tasks]


def test_a_process_does_many_tasks_and_there_are_no_more_than_asked_for() -> None:
    found = everything("who", [str(n) for n in range(20)], jobs=2)
    assert 1 <= len({items[0] for _, items in found}) <= 2


@pytest.mark.parametrize(
    ("task", "reason", "detail"),
    [
        ("segfault", "crashed", "SIGSEGV"),
        ("raise", "crashed", "ValueError: a mistake in the reader"),
        ("exit", "crashed", "status 3"),
        ("swell", "memory", "MemoryError"),
    ],
)
def test_what_goes_wrong_costs_only_its_task(task: str, reason: str, detail: str) -> None:
    found = everything("misbehave", ["a", task, "b", task, "c"])
    lost = [items[-1] for name, items in found if name == task]
    assert lost == [Lost(reason, detail)] * 2
    assert [items for name, items in found if name != task] == [["done a"], ["done b"], ["done c"]]


def test_a_task_that_hangs_is_given_up() -> None:
    found = everything("misbehave", ["a", "hang", "b"], seconds=1.5)
    assert [items[-1] for _, items in found] == ["done a", Lost("hung", "1.5"), "done b"]


def test_what_a_library_prints_does_not_get_between() -> None:
    assert everything("misbehave", ["print", "print"]) == [("print", ["done print"])] * 2


def test_great_items_come_through_whole() -> None:
    with Pool[str, str]("tests.pool_work:misbehave", jobs=2, seconds=60, memory=MEMORY) as pool:
        sizes = [[len(item) for item in items if isinstance(item, str)] for _, items in pool.each(["big"] * 4)]
    assert sizes == [[1_000_000] * 50 + [len("done big")]] * 4


def test_processes_work_on_while_nothing_is_taken() -> None:
    last = Event()

    def tasks() -> Iterator[int]:
        yield from range(300)
        last.set()

    with Pool[int, object]("tests.pool_work:who", jobs=2, seconds=60, memory=MEMORY) as pool:
        each = pool.each(tasks())
        _, items = next(each)
        assert last.wait(60)
        assert len(list(items)) == 1
        assert [task for task, _ in each] == list(range(1, 300))


def test_processes_wait_where_there_is_no_room_for_what_they_give(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "ROOM", 10)
    asked = iter(range(20))
    with Pool[int, object]("tests.pool_work:who", jobs=2, seconds=60, memory=MEMORY) as pool:
        for done, (_, items) in enumerate(pool.each(asked), 1):
            assert len(list(items)) == 1
            assert 20 - length_hint(asked) <= done + 2


def test_what_cannot_be_handed_over_costs_its_task() -> None:
    found = everything("misbehave", ["a", "unpicklable", "b"])
    assert [type(items[-1]) for _, items in found] == [str, Lost, str]


def test_a_mistake_in_the_tasks_is_raised_where_they_are_asked_for() -> None:
    def tasks() -> Iterator[str]:
        yield "a"
        raise ValueError("no more")

    with Pool[str, str]("tests.pool_work:misbehave", jobs=2, seconds=60, memory=MEMORY) as pool:
        each = pool.each(tasks())
        assert [list(items) for _, items in [next(each)]] == [["done a"]]
        with pytest.raises(ValueError, match="no more"):
            next(each)


def test_where_no_process_can_be_started_every_task_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """It once waited for ever."""
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    found = everything("misbehave", ["a", "b"])
    assert [items[-1].reason for _, items in found if isinstance(items[-1], Lost)] == ["crashed", "crashed"]


def test_giving_up_ends_the_processes() -> None:
    process = 0
    with (
        pytest.raises(KeyboardInterrupt),
        Pool[str, str]("tests.pool_work:misbehave", jobs=2, seconds=600, memory=MEMORY) as pool,
    ):
        for task, items in pool.each(["a", "hang", "hang"]):
            for item in items:
                if task == "hang":
                    process = int(str(item))
                    raise KeyboardInterrupt
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_script_that_is_not_written_for_it_is_not_run_again(tmp_path: Path) -> None:
    """``multiprocessing`` would import the script in each process, and start processes there in turn."""
    script = tmp_path / "script.py"
    script.write_text(
        "print('run')\n"
        "from searcher.pool import Pool\n"
        "with Pool('tests.pool_work:who', jobs=2, seconds=60, memory=1 << 30) as pool:\n"
        "    print(sum(len(list(items)) for _, items in pool.each(['a', 'b', 'c'])))\n",
        encoding="utf-8",
    )
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(root)!r}); exec(open({str(script)!r}).read())"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["run", "3"]
