"""What the tests of the pool let its processes do; each function takes a task and yields items."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Iterator


def count(task: int) -> Iterator[tuple[int, int]]:
    """Yield as many items as the task says; greater tasks take less time."""
    time.sleep(0.02 if task % 2 else 0)
    for number in range(task):
        yield task, number


def who(task: int) -> Iterator[int]:
    yield os.getpid()


def misbehave(task: str) -> Iterator[str]:
    """Do what a reader must not do."""
    if task == "segfault":
        ctypes.string_at(0)
    if task == "raise":
        raise ValueError("a mistake in the reader")
    if task == "hang":
        yield str(os.getpid())
        time.sleep(1000)
    if task == "swell":
        held = [bytearray(50_000_000) for _ in range(200)]
        yield str(len(held))
    if task == "exit":
        os._exit(3)
    if task == "unpicklable":
        yield lambda: None  # type: ignore[misc]  # that is the mistake
    if task == "print":
        sys.stdout.write("noise")
        os.write(1, b"more noise")
    if task == "big":
        for _ in range(50):
            yield "x" * 1_000_000
    yield f"done {task}"
