"""What does a worker process do?

It takes tasks from its standard input, hands each to a function, and writes what that yields to its standard output:
pickles, each behind its length. It is a process of its own so that a file that crashes, hangs or swells its
reader costs nothing but itself; ``searcher.pool`` starts it, and ends it by closing its input.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
from contextlib import suppress
from importlib import import_module
from typing import BinaryIO

LENGTH = struct.Struct("<Q")
END = None  # what follows the last item of a task
_GRACE = 30  # seconds: the process that waits for the items sees to it sooner


def write(stream: BinaryIO, value: object) -> None:
    """Write one value."""
    data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(LENGTH.pack(len(data)) + data)
    stream.flush()


def read(stream: BinaryIO) -> object:
    """Read one value. Raises EOFError where the other side has gone."""
    return value_of(read_bytes(stream))


def value_of(data: bytes) -> object:
    """Return what was written."""
    return pickle.loads(data)  # noqa: S301  # from our own process


def read_bytes(stream: BinaryIO) -> bytes:
    """Read one value as it was written. Raises EOFError where the other side has gone."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    (length,) = LENGTH.unpack(head)
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return data


def limit_memory(most: int) -> None:
    """Let this process have so many bytes of data at most, where the system can hold it to that."""
    try:
        import resource
    except ImportError:  # Windows
        return
    # data and not addresses: libraries map files and reserve addresses that they never use
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _set_alarm(seconds: int) -> None:
    """End this process after so many seconds (0: never), should nobody be left to do it."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def main(work: str, memory: str, seconds: str) -> None:
    """Serve tasks until the input ends.

    ``work`` is ``module:function``, ``memory`` the limit in bytes, ``seconds`` the longest time between two items.
    """
    patience = int(float(seconds)) + _GRACE
    # asked to end, it ends what it has started, and takes its files away
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    # What a library prints must not get between the values.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    limit_memory(int(memory))
    module, _, name = work.partition(":")
    function = getattr(import_module(module), name)
    while True:
        try:
            task = read(sys.stdin.buffer)
        except EOFError:
            return
        _set_alarm(patience)
        for item in function(task):
            _set_alarm(0)  # whoever waits for an earlier task lets this one wait
            write(out, item)
            _set_alarm(patience)
        _set_alarm(0)
        write(out, END)
