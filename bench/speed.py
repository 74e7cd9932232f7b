"""How fast is it, beside the obvious script, on the same documents in the same run?

    python bench/speed.py FOLDER [--files 600] [--seed 1] [--queries 300]

FOLDER holds Markdown or text files. Every figure is measured in a process of its own where it is a process's; the two
sides take turns, so that a slow moment of the machine hits both. The table gives each figure and the ratio.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

_Answer = TypeVar("_Answer")
HERE = Path(__file__).parent
ROUNDS = 5  # of cold starts


@dataclass(frozen=True, slots=True)
class Side:
    """What one side took: seconds to index, MB at the peak, bytes on the disk, milliseconds a query."""

    seconds: float
    peak_mb: float
    size: int
    queries: list[float]


def choose(folder: Path, number: int, seed: int) -> list[Path]:
    """Draw files, always the same ones."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".md", ".txt"))
    random.Random(seed).shuffle(files)
    return files[:number]


def sample_queries(files: Sequence[Path], number: int, seed: int) -> list[str]:
    """Make a log of mixed queries from the documents: words, pairs of words, short texts, one character, no match."""
    import jieba

    jieba.setLogLevel("WARNING")
    draw = random.Random(seed)
    queries: list[str] = []
    while len(queries) < number:
        text = draw.choice(files).read_text("utf-8")
        lines = [line.strip() for line in text.splitlines() if len(line.strip()) > 30]
        if not lines:
            continue
        line = draw.choice(lines)
        words = [word for word in jieba.cut(line) if len(word) > 1 and word.isalpha()]
        if len(words) < 2:
            continue
        start = draw.randrange(len(line) - 12)
        kind = len(queries) % 6
        queries.append(
            [
                words[0],
                draw.choice(words),
                " ".join(draw.sample(words, 2)),
                " ".join(draw.sample(words, min(3, len(words)))),
                "".join(c for c in line[start : start + 12] if c.isalnum()) or words[0],
                draw.choice([draw.choice(words)[0], "量子纠缠蒸汽机", draw.choice(words)]),
            ][kind]
        )
    return queries


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _index_ours(files: list[Path], index: str) -> tuple[float, float]:
    from searcher import Index

    started = time.perf_counter()
    with Index.open(index, create=True) as opened:
        report = opened.update(*files)
    assert report.added == len(files), report
    return time.perf_counter() - started, _peak_mb()


def _index_obvious(files: list[Path], index: str) -> tuple[float, float]:
    sys.path.insert(0, str(HERE))
    started = time.perf_counter()
    import obvious

    obvious.build(files, Path(index))
    return time.perf_counter() - started, _peak_mb()


def _search_ours(index: str, queries: list[str]) -> list[float]:
    from searcher import Index

    with Index.open(index) as opened:
        return _times(queries, lambda query: list(opened.search(query)))


def _search_obvious(index: str, queries: list[str]) -> list[float]:
    sys.path.insert(0, str(HERE))
    import obvious

    opened = obvious.open_index(Path(index))
    with opened.searcher() as searcher:
        return _times(queries, lambda query: obvious.search(opened, searcher, query))


def _times(queries: list[str], ask: Callable[[str], object]) -> list[float]:
    """Return the milliseconds of each query, asked once before to warm up."""
    taken = []
    for query in queries:
        ask(query)
        started = time.perf_counter()
        ask(query)
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def _apart(work: Callable[..., _Answer], *arguments: object) -> _Answer:
    """Do some work in a fresh process."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _cold(command: Sequence[str]) -> float:
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def percentile(values: Sequence[float], percent: int) -> float:
    """Return a percentile of some values."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def row(name: str, ours: float, theirs: float, unit: str) -> str:
    """Return one line of the table."""
    return f"| {name} | {ours:,.2f} {unit} | {theirs:,.2f} {unit} | {ours / theirs:.2f} |"


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--queries", type=int, default=300)
    options = parser.parse_args()
    files = choose(options.folder, options.files, options.seed)
    characters = sum(len(file.read_text("utf-8")) for file in files)
    queries = sample_queries(files, options.queries, options.seed)
    sides = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, index, search in (
            ("obvious", _index_obvious, _search_obvious),
            ("ours", _index_ours, _search_ours),
        ):
            place = Path(folder, name)
            seconds, peak = _apart(index, files, str(place))
            taken = _apart(search, str(place), queries)
            sides[name] = Side(seconds, peak, _size(place), taken)
        command = shutil.which("policy-search", path=str(Path(sys.executable).parent)) or "policy-search"
        cold = {
            "ours": _cold([command, "--index", str(Path(folder, "ours")), "管理"]),
            "obvious": _cold(
                [sys.executable, str(HERE / "obvious.py"), "search", str(Path(folder, "obvious")), "管理"]
            ),
        }
    ours, theirs = sides["ours"], sides["obvious"]
    print(f"{len(files)} files, {characters:,} characters, {len(queries)} queries\n")
    print("| figure | policy-search (whoosh) | obvious script | ratio |\n|---|---|---|---|")
    print(
        row(
            "indexing, 1,000 characters a second",
            characters / ours.seconds / 1e3,
            characters / theirs.seconds / 1e3,
            "",
        )
    )
    print(row("indexing", ours.seconds, theirs.seconds, "s"))
    print(row("peak memory of indexing", ours.peak_mb, theirs.peak_mb, "MB"))
    print(row("index size", ours.size / 1e6, theirs.size / 1e6, "MB"))
    for percent in (50, 95, 99):
        print(
            row(f"warm query, p{percent}", percentile(ours.queries, percent), percentile(theirs.queries, percent), "ms")
        )
    print(row("cold query, whole process", cold["ours"], cold["obvious"], "ms"))


if __name__ == "__main__":
    main()
