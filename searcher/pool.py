"""How is work done on all cores, in order, and so that one task's failure costs only that task?

A few processes each do one task after the other. What a task yields comes back in the order of the tasks, bounded in
memory: a process that is far ahead waits. How far that is lets them work on while the items are not taken for some
seconds, as when a segment of an index is written. A process that dies, or gives no sign of life for too long, is
replaced; its task is ``Lost``, with the reason.

The processes are started as commands and not by ``multiprocessing``, which would run the caller's script anew in each
of them where that script is not written for it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Condition, Event, Lock, Thread
from types import TracebackType
from typing import BinaryIO, Generic, Self, TypeVar, cast

from searcher import worker

Task = TypeVar("Task")
Item = TypeVar("Item")

AHEAD = 1_000  # tasks that may be under way or done before the one that is waited for,
ROOM = 50_000_000  # and bytes of what they gave, as it was handed over
_SAID = 4096  # bytes of what a process said last
_POLL = 0.1  # seconds between two looks at whether the work was given up
_PATIENCE = 5.0  # seconds that a process has to end by itself,
_GRACE = 1.0  # and where it is to end at once
_MAIN = "import sys; from searcher.worker import main; main(*sys.argv[1:])"


@dataclass(frozen=True, slots=True)
class Lost:
    """What became of a task whose process ended before it did.

    ``reason`` is ``hung`` (no sign of life for the seconds allowed), ``memory`` (more than it may have) or
    ``crashed``; ``detail`` says by which signal or error.
    """

    reason: str
    detail: str


@dataclass(slots=True)
class _Process:
    """A worker process, and what is known of it."""

    popen: subprocess.Popen[bytes]
    errors: BinaryIO
    hung: bool = False
    heard: float = field(default_factory=time.monotonic)

    @property
    def tasks(self) -> BinaryIO:
        """What it takes tasks from."""
        return cast(BinaryIO, self.popen.stdin)

    @property
    def items(self) -> BinaryIO:
        """What it writes items to."""
        return cast(BinaryIO, self.popen.stdout)

    def kill(self) -> None:
        """Stop it, and whatever it has started: it is asked first, and then not asked."""
        self.popen.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.popen.wait(_GRACE)
        with suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self.popen.pid, signal.SIGKILL)
            else:
                self.popen.kill()

    def end(self) -> None:
        """Let it end, for there are no more tasks, and let go of it."""
        with suppress(BrokenPipeError):
            self.tasks.close()
        try:
            self.popen.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            self.popen.wait()
        self.items.close()
        self.errors.close()

    def loss(self, seconds: float) -> Lost:
        """Say why it ended."""
        if self.hung:
            return Lost("hung", f"{seconds:g}")
        status = self.popen.wait()
        self.errors.seek(max(0, self.errors.seek(0, os.SEEK_END) - _SAID))
        lines = self.errors.read().decode("utf-8", "replace").strip().splitlines()
        last = lines[-1] if lines else ""
        if "MemoryError" in last or "bad_alloc" in last:
            return Lost("memory", last)
        if status == -getattr(signal, "SIGALRM", 0):
            return Lost("hung", f"{seconds:g}")
        if status < 0:
            return Lost("crashed", _name_of(-status))
        return Lost("crashed", last or f"status {status}")


def _name_of(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


@dataclass(slots=True)
class _Stream(Generic[Task]):
    """What comes back of one task."""

    task: Task
    items: Queue[tuple[object, int]] = field(default_factory=Queue)  # each with its size in bytes
    process: _Process | None = None


class Pool(Generic[Task, Item]):
    """Processes that do tasks by calling ``work``, a ``module:function`` that takes a task and yields items."""

    def __init__(self, work: str, *, jobs: int, seconds: float, memory: int) -> None:
        self._work = work
        self._jobs = jobs
        self._seconds = seconds
        self._memory = memory
        self._taking = Lock()
        self._lock = Lock()  # of the processes
        self._given_up = Event()
        self._room = Condition()  # to change what follows
        self._held = 0  # bytes of items that are not taken yet
        self._wanted: _Stream[Task] | None = None  # whose items are taken now
        self._threads: list[Thread] = []
        self._processes: list[_Process] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._given_up.set()
        with self._lock:
            if kind is not None:
                for process in self._processes:
                    process.kill()
        for thread in self._threads:
            thread.join()

    def each(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Iterator[Item | Lost]]]:
        """Yield each task with what it gives, in order; a task that is lost ends with ``Lost``.

        Tasks are asked for when there is a process for them, by several threads, one at a time. The items of a task
        must be taken before the next task is asked for.
        """
        streams: Queue[_Stream[Task] | Exception | None] = Queue(maxsize=AHEAD)
        waiting = iter(tasks)

        def take() -> _Stream[Task] | None:
            """Take the next task; streams are handed over in the same order."""
            with self._taking:
                try:
                    for task in waiting:
                        stream = _Stream(task)
                        return stream if self._put(streams, stream) else None
                except Exception as error:  # noqa: BLE001  # raised again where the tasks are asked for
                    self._put(streams, error)
                self._put(streams, None)
            return None

        for _ in range(self._jobs):
            self._threads.append(Thread(target=self._serve, args=(take,), daemon=True))
            self._threads[-1].start()
        while (stream := streams.get()) is not None:
            if isinstance(stream, Exception):
                raise stream
            with self._room:
                self._wanted = stream
                self._room.notify_all()
            if stream.process is not None:
                stream.process.heard = time.monotonic()  # it may have waited for room, and gave no sign meanwhile
            yield stream.task, self._items(stream)

    def _items(self, stream: _Stream[Task]) -> Iterator[Item | Lost]:
        while True:
            try:
                item, size = stream.items.get(timeout=_POLL)
            except Empty:
                process = stream.process
                if process is not None and time.monotonic() - process.heard > self._seconds:
                    process.hung = True
                    process.kill()
                continue
            with self._room:
                self._held -= size
                self._room.notify_all()
            if item is not worker.END:
                yield cast(Item | Lost, item)
            if item is worker.END or isinstance(item, Lost):
                return

    def _put(self, queue: Queue[_Stream[Task] | Exception | None], value: _Stream[Task] | Exception | None) -> bool:
        """Put a value into a queue that may be full; return whether it was wanted."""
        while not self._given_up.is_set():
            with suppress(Full):
                queue.put(value, timeout=_POLL)
                return True
        return False

    def _give(self, stream: _Stream[Task], item: object, size: int = 0) -> bool:
        """Hand over an item of so many bytes when there is room for it; return whether it was wanted."""
        with self._room:
            # the task that is waited for gets on, however much the others hold
            while self._held + size > ROOM and (stream is not self._wanted or not stream.items.empty()):
                if self._given_up.is_set():
                    return False
                self._room.wait(_POLL)
            self._held += size
        stream.items.put((item, size))
        return not self._given_up.is_set()

    def _started(self) -> _Process:
        """Start a process. It imports from where this one does."""
        errors = tempfile.TemporaryFile()  # noqa: SIM115  # open for as long as the process runs
        path = os.pathsep.join(str(Path(place).absolute()) for place in sys.path)
        arguments = (self._work, str(self._memory), str(self._seconds))
        try:
            popen = subprocess.Popen(  # noqa: S603
                [sys.executable, "-P", "-c", _MAIN, *arguments],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
                env=os.environ | {"PYTHONPATH": path}, start_new_session=True,
            )  # fmt: skip
        except OSError:
            errors.close()
            raise
        process = _Process(popen, errors)
        with self._lock:
            self._processes.append(process)
            if self._given_up.is_set():
                process.kill()
        return process

    def _serve(self, take: Callable[[], _Stream[Task] | None]) -> None:
        """Do tasks in one process after the other, until there are no more."""
        process: _Process | None = None
        while (stream := take()) is not None:
            try:
                process = process or self._started()
            except OSError as error:
                self._give(stream, Lost("crashed", f"no process could be started: {error}"))
                continue
            if not self._done(process, stream):
                self._ended(process)
                process = None
        if process is not None:
            self._ended(process)

    def _ended(self, process: _Process) -> None:
        process.end()
        with self._lock:
            self._processes.remove(process)

    def _done(self, process: _Process, stream: _Stream[Task]) -> bool:
        """Do one task; return whether its process can do another."""
        process.heard = time.monotonic()
        stream.process = process
        try:
            worker.write(process.tasks, stream.task)
            while True:
                data = worker.read_bytes(process.items)
                item = worker.value_of(data)
                if not self._give(stream, item, len(data)):
                    return False
                process.heard = time.monotonic()
                if item is worker.END:
                    return True
        except (EOFError, OSError):
            self._give(stream, process.loss(self._seconds))
        except Exception as error:  # noqa: BLE001  # what cannot be handed over costs its task only
            self._give(stream, Lost("crashed", f"{type(error).__name__}: {error}"))
        return False
