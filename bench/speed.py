"""How fast is it, beside its peers, on the same documents in the same run?

    python -m bench.speed FOLDER [--files 600] [--queries 300] [--sides tantivy,fts5] [--scale 1,4,16]

FOLDER holds Markdown or text files of UTF-8. Every side works in processes of its own: one builds the index, one is
asked all queries twice and timed the second time. The table gives each figure, and how often the first side's it is.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
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

from bench.peers import Query, lines_of, side, sides

_Answer = TypeVar("_Answer")
ROUNDS = 11  # of cold starts
QUESTIONS = ("{}有哪些规定", "如何申请{}", "{}由谁负责")


@dataclass(frozen=True, slots=True)
class Figures:
    """What one side took.

    ``rate`` is in code points a second from file to searchable (0: it has no index), ``peak`` the MB of its largest
    process, ``share`` index bytes a text byte, ``cold`` the milliseconds of a whole process (0: not measured),
    ``taken`` those of each query that it can answer.
    """

    rate: float
    peak: float
    share: float
    cold: float
    taken: dict[Query, float]


# ---- documents and queries


def choose(folder: Path, number: int, seed: int) -> list[Path]:
    """Draw files, always the same ones."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".md", ".txt"))
    random.Random(seed).shuffle(files)
    return files[:number]


def copies(files: Sequence[Path], times: int, folder: Path) -> list[Path]:
    """Write the files and altered copies of them: in a copy, the clauses of the text make up other sentences."""
    made = []
    for copy in range(times):
        draw = random.Random(copy)
        for number, file in enumerate(files):
            lines = lines_of(file)
            if copy:
                clauses = re.findall("[^，。；、]+[，。；、]?", "".join(lines[1:]))
                draw.shuffle(clauses)
                size = max(1, len(clauses) // max(1, len(lines) - 1))
                parts = ["".join(clauses[at : at + size]) for at in range(0, len(clauses), size)]
                lines = [*lines[:1], *parts]
            target = folder / f"{copy:02}" / f"{number:05}.md"
            target.parent.mkdir(exist_ok=True)
            target.write_text("\n\n".join(lines), "utf-8")
            made.append(target)
    return made


def log(files: Sequence[Path], number: int, seed: int) -> list[Query]:
    """Make a log of mixed queries from the documents, as many of each kind."""
    from searcher.analyzer import fold, runs, words

    draw = random.Random(seed)
    lines = [line for file in draw.sample(list(files), min(150, len(files))) for line in lines_of(file)]
    lines = [line for line in lines if len(line) > 30]
    often: dict[str, int] = {}
    for line in draw.sample(lines, min(3_000, len(lines))):
        for word in dict.fromkeys(words(fold(line))):
            if len(word) > 1 and word.isalpha():
                often[word] = often.get(word, 0) + 1
    ranked = sorted(often, key=lambda word: (-often[word], word))
    frequent, rare = ranked[:150], ranked[len(ranked) // 2 :]

    def piece(least: int, most: int) -> str:
        """Draw a piece of text without marks."""
        while True:
            run = draw.choice([run for run, _ in runs(fold(draw.choice(lines)))])
            if len(run) >= least:
                start = draw.randrange(len(run) - least + 1)
                return run[start : start + draw.randint(least, most)]

    makers: list[Callable[[], Query]] = [
        lambda: Query("frequent word", (draw.choice(frequent),)),
        lambda: Query("rare word", (draw.choice(rare),)),
        lambda: Query("two words", (draw.choice(frequent), draw.choice(rare))),
        lambda: Query("phrase", (piece(4, 10),), quoted=True),
        lambda: Query("two phrases", (piece(3, 5), piece(3, 5)), quoted=True),
        lambda: Query("question", (draw.choice(QUESTIONS).format(piece(4, 8)),)),
        lambda: Query("filter", (draw.choice(frequent),), since="2015"),
        lambda: Query("character", (draw.choice(draw.choice(frequent)),)),
        lambda: Query("no match", (f"量子纠缠{piece(2, 3)}蒸汽机",), quoted=True),
    ]
    return [makers[place % len(makers)]() for place in range(number)]


# ---- measuring


def _build(name: str, files: Sequence[Path], place: Path) -> tuple[float, float]:
    started = time.perf_counter()
    side(name).build(files, place)
    taken = time.perf_counter() - started
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return taken, peak / 1024


def _ask(name: str, files: Sequence[Path], place: Path, queries: Sequence[Query]) -> dict[Query, float]:
    asked = side(name)
    asked.open(files, place)
    taken = {}
    for query in filter(asked.can, queries):
        asked.search(query)
        started = time.perf_counter()
        asked.search(query)
        taken[query] = (time.perf_counter() - started) * 1000
    return taken


def _apart(work: Callable[..., _Answer], *arguments: object) -> _Answer:
    """Do some work in a fresh process."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def cold(command: Sequence[str]) -> float:
    """Return the median milliseconds of a whole process whose modules have been compiled, as an installation does."""
    with tempfile.TemporaryDirectory() as compiled:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = compiled
        taken = []
        for _ in range(ROUNDS + 1):
            started = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
            taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken[1:])


def measure(name: str, files: Sequence[Path], place: Path, queries: Sequence[Query]) -> Figures:
    """Measure one side."""
    seconds, peak = _apart(_build, name, files, place)
    taken = _apart(_ask, name, files, place, queries)
    size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
    text = sum(file.stat().st_size for file in files)
    characters = sum(len(file.read_text("utf-8")) for file in files)
    command = [sys.executable, "-c", "from searcher.cli import main; import sys; main(sys.argv[1:])"]
    first = cold([*command, "--index", str(place), "管理"]) if name in ("tantivy", "whoosh") else 0.0
    return Figures(characters / seconds if size else 0.0, peak, size / text, first, taken)


def percentile(values: Sequence[float], percent: int) -> float:
    """Return a percentile of some values."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else 0.0


# ---- tables


def table(found: dict[str, Figures]) -> list[str]:
    """Return the table of all sides; behind each figure, how often that of the first side it is."""
    first = next(iter(found))
    rows: list[tuple[str, Callable[[Figures], float]]] = [
        ("file to searchable, 1,000 characters a second", lambda f: f.rate / 1e3),
        ("largest process while indexing, MB", lambda f: f.peak),
        ("index bytes a text byte", lambda f: f.share),
        ("cold query, ms", lambda f: f.cold),
        *(
            (f"warm query, p{percent}, ms", lambda f, p=percent: percentile(list(f.taken.values()), p))
            for percent in (50, 95, 99)
        ),
    ]
    lines = [f"| figure | {' | '.join(found)} |", f"|---|{'---|' * len(found)}"]
    for label, figure in rows:
        base = figure(found[first])
        values = map(figure, found.values())
        cells = [f"{value:,.2f} ({value / base:.2f})" if base and value else "-" for value in values]
        lines.append(f"| {label} | {' | '.join(cells)} |")
    return [*lines, "", *_common(found)]


def _common(found: dict[str, Figures]) -> list[str]:
    """Return lines for each peer: the queries that both it and the first side can answer.

    Once more without the questions: those that look for their very words find nothing, and are soon done.
    """
    first = next(iter(found))
    lines = ["| queries that both can answer | number | p50 | p99 | p50 | p99 |", "|---|---|---|---|---|---|"]
    for name, one in found.items():
        both = [query for query in one.taken if query in found[first].taken and name != first]
        for label, among in (("", both), (", no questions", [query for query in both if query.kind != "question"])):
            if among:
                sides_of = [[figures.taken[query] for query in among] for figures in (found[first], one)]
                cells = [f"{percentile(taken, percent):.2f}" for taken in sides_of for percent in (50, 99)]
                lines.append(f"| {first} and {name}{label} | {len(among)} | {' | '.join(cells)} |")
    return lines


def by_kind(found: dict[str, Figures]) -> list[str]:
    """Return the median milliseconds of each kind of query."""
    kinds = dict.fromkeys(query.kind for figures in found.values() for query in figures.taken)
    lines = [f"| p50 in ms | {' | '.join(found)} |", f"|---|{'---|' * len(found)}"]
    for kind in kinds:
        taken = [[ms for query, ms in one.taken.items() if query.kind == kind] for one in found.values()]
        lines.append(f"| {kind} | {' | '.join(f'{statistics.median(one):.2f}' if one else '-' for one in taken)} |")
    return lines


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=600)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sides", default=",".join(sides()))
    parser.add_argument("--scale", default="1")
    options = parser.parse_args()
    drawn = choose(options.folder, options.files, options.seed)
    queries = list(dict.fromkeys(log(drawn, options.queries, options.seed)))
    for times in map(int, options.scale.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            texts = Path(folder, "texts")
            texts.mkdir()
            files = copies(drawn, times, texts)
            characters = sum(len(file.read_text("utf-8")) for file in files)
            print(f"\n{len(files)} files, {characters:,} characters, {len(queries)} queries\n")
            found = {name: measure(name, files, Path(folder, name), queries) for name in options.sides.split(",")}
            print("\n".join([*table(found), "", *by_kind(found)]), flush=True)
    print(f"\ncold `import click`: {cold([sys.executable, '-c', 'import click']):.2f} ms")


if __name__ == "__main__":
    main()
