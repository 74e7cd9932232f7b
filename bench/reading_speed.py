"""How fast are files read, cleaned, split and cut into units, by one process and by two?

``speeds`` reads the documents of a folder format by format through the pool that indexing reads with. What it gives is
thrown away, so nothing of the engine is in the figures. What the processes take to start and to read one file each is
measured alone and taken off.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from searcher.models import DEFAULT_OPTIONS
from searcher.readers import is_document
from searcher.reading import Part, Task, read_files

JOBS = (1, 2)
"""With how many processes each format is read."""
_ROUNDS = 2  # of each, by turns; the quicker one counts
_SEED = 1
_ENOUGH = 2.0  # seconds of reading by one process; a format that takes less is read again and again
_LEAST = 0.02  # seconds; less is noise


@dataclass(frozen=True, slots=True)
class Speed:
    """How long files of one format took: how often one was read, bytes, failures, seconds by number of processes."""

    format: str
    files: int
    size: int
    failed: int
    seconds: Mapping[int, float]

    @property
    def gain(self) -> float:
        """How many times as fast the most processes are as the fewest."""
        return self.seconds[min(self.seconds)] / self.seconds[max(self.seconds)]


def speeds(folder: Path, *, most: int) -> Iterator[Speed]:
    """Yield the speed of each format below ``folder``, at most so many files of each, and at the end of all of them."""
    found: dict[str, list[Path]] = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file() and is_document(file):
            found.setdefault(file.suffix.lower(), []).append(file)
    draw = random.Random(_SEED)
    drawn = {suffix: draw.sample(files, min(most, len(files))) for suffix, files in sorted(found.items())}
    for suffix, files in drawn.items():
        yield _speed(suffix, files * _times(files))
    together = [file for files in drawn.values() for file in files]
    draw.shuffle(together)
    yield _speed("all", together)


def _times(files: Sequence[Path]) -> int:
    """Return how often files must be read for their time to be no noise."""
    seconds = max(_read([files[0], *files], 1)[0] - _read(files[:1], 1)[0], _LEAST)
    return ceil(_ENOUGH / seconds)


def _speed(name: str, files: Sequence[Path]) -> Speed:
    begun: dict[int, float] = {}
    taken: dict[int, float] = {}
    failed = 0
    for _ in range(_ROUNDS):
        for jobs in JOBS:
            one_each = [files[0]] * jobs
            took, failed_before = _read(one_each, jobs)
            begun[jobs] = min(took, begun.get(jobs, took))
            took, failed_in_all = _read([*one_each, *files], jobs)
            taken[jobs] = min(took, taken.get(jobs, took))
            failed = failed_in_all - failed_before
    seconds = {jobs: max(taken[jobs] - begun[jobs], _LEAST) for jobs in JOBS}
    return Speed(name, len(files), sum(file.stat().st_size for file in files), failed, seconds)


def _read(files: Sequence[Path], jobs: int) -> tuple[float, int]:
    """Read files; return the seconds that it took and how many files failed or were lost."""
    tasks = (Task(file, str(file), DEFAULT_OPTIONS) for file in files)
    start = time.perf_counter()
    failed = 0
    for _, pieces in read_files(tasks, jobs=jobs, options=DEFAULT_OPTIONS):
        failed += sum(not isinstance(piece, Part) and piece.error is not None for piece in pieces)
    return time.perf_counter() - start, failed


def table(measured: Iterable[Speed]) -> Iterator[str]:
    """Yield the lines of a Markdown table, each as soon as its format is measured."""
    head = ["format", "files", "MB", "failed"]
    for jobs in JOBS:
        head += [f"files/s, {jobs} process{'es' * (jobs > 1)}", "MB/s"]
    yield "| " + " | ".join([*head, "gain"]) + " |"
    yield "|---" * (len(head) + 1) + "|"
    for one in measured:
        cells = [one.format, str(one.files), f"{one.size / 1e6:.2f}", str(one.failed)]
        for jobs in JOBS:
            cells += [f"{one.files / one.seconds[jobs]:.1f}", f"{one.size / 1e6 / one.seconds[jobs]:.2f}"]
        yield "| " + " | ".join([*cells, f"{one.gain:.2f}"]) + " |"
