"""How good are the first hits, on sets of queries whose right answers are known?

    python -m bench.quality FOLDER [--engine NAME] [--queries N] [--queries-file NAME] [--keep DIR]
    python -m bench.quality --known-items FOLDER... [--engine NAME] [--queries N] [--keep DIR]

FOLDER holds corpus.jsonl ({"id", "title", "text"}), queries.jsonl ({"id", "text"}) and qrels.tsv (query, document,
grade, between tabs). The documents are indexed by the public library, the queries asked as they stand, and nDCG@10,
MRR@10 and Recall@100 printed beside those of three BM25 rankings of the same documents. --known-items makes queries
from documents themselves instead. --keep keeps the index for the next time.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import ir_measures
from ir_measures import RR, R, nDCG

from bench.baselines import Bm25, Sum, best, bigrams, characters, jieba_words
from bench.quality_known import known_items
from bench.quality_text import as_typed
from searcher import Article, Index, Paragraph

MEASURES = (nDCG @ 10, RR @ 10, R @ 100)
DEPTH = 100
Run = dict[str, dict[str, float]]  # query -> document -> score


@dataclass(frozen=True, slots=True)
class Judged:
    """A retrieval set: documents (id, title, text), queries by id, and grades by query and document."""

    documents: list[tuple[str, str, str]]
    queries: dict[str, str]
    grades: dict[str, dict[str, int]]


def read_set(folder: Path, *, queries_file: str = "queries.jsonl", number: int | None = None) -> Judged:
    """Read a set; with a ``number`` that many of its queries are drawn, always the same ones."""
    grades: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines():
        query, document, grade = line.split("\t")
        grades.setdefault(query, {})[document] = int(grade)
    rows = [json.loads(line) for line in (folder / "corpus.jsonl").read_text("utf-8").splitlines()]
    documents = [(str(row["id"]), row.get("title") or "", row["text"]) for row in rows]
    asked = [json.loads(line) for line in (folder / queries_file).read_text("utf-8").splitlines()]
    queries = {row["id"]: row["text"] for row in asked if any(grades.get(row["id"], {}).values())}
    if number is not None and number < len(queries):
        queries = {query: queries[query] for query in random.Random(1).sample(sorted(queries), number)}
    return Judged(documents, queries, {query: grades[query] for query in queries})


@contextmanager
def kept(keep: Path | None, name: str) -> Iterator[Path]:
    """Give a folder for an index: one that stays, or a temporary one."""
    if keep is not None:
        yield keep / name
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder) / name


def build(index: Index, judged: Judged) -> None:
    """Index the documents of a set, a paragraph a line."""
    index.add(
        Article(
            record_id=identifier,
            title=title or None,
            paragraphs=tuple(Paragraph(line) for line in text.split("\n") if line.strip()),
        )
        for identifier, title, text in judged.documents
    )


def our_run(index: Index, judged: Judged) -> Run:
    """Ask every query; the scores of a run only keep the order of the hits."""
    run: Run = {}
    for query, text in judged.queries.items():
        hits = index.search(as_typed(text)[0], limit=DEPTH, paragraphs=1, all_copies=True)
        run[query] = {hit.article.record_id or "": float(DEPTH - place) for place, hit in enumerate(hits)}
    return run


def baseline_runs(judged: Judged) -> Iterator[tuple[str, Run]]:
    """Yield the name and the run of each baseline."""
    texts = [f"{title}\n{text}" for _, title, text in judged.documents]
    names = [identifier for identifier, _, _ in judged.documents]
    pairs = Bm25(texts, bigrams)
    rankings: tuple[tuple[str, Bm25 | Sum], ...] = (
        ("BM25, jieba words", Bm25(texts, jieba_words)),
        ("BM25, bigrams", pairs),
        ("BM25, characters + bigrams", Sum(Bm25(texts, characters), pairs)),
    )
    for name, ranking in rankings:
        yield (
            name,
            {
                query: {names[number]: score for number, score in best(ranking.scores(text), DEPTH)}
                for query, text in judged.queries.items()
            },
        )


def by_query(judged: Judged, run: Run) -> dict[str, float]:
    """Return nDCG@10 of every query, 0 where nothing was found."""
    found = {row.query_id: float(row.value) for row in ir_measures.iter_calc([nDCG @ 10], judged.grades, run)}
    return {query: found.get(query, 0.0) for query in judged.queries}


def sign_test(wins: int, losses: int) -> float:
    """Return how likely so uneven a number of wins is where both are equally good (two-sided, normal approximation)."""
    number = wins + losses
    if not number:
        return 1.0
    distance = max(0.0, abs(wins - losses) - 1) / number**0.5
    return 2 * (1 - statistics.NormalDist().cdf(distance))


def row(name: str, judged: Judged, run: Run, ours: dict[str, float]) -> str:
    """Return one line of the table: the measures, and how many queries we answer better and worse."""
    means = ir_measures.calc_aggregate(list(MEASURES), judged.grades, run)
    theirs = by_query(judged, run)
    wins = sum(ours[query] > theirs[query] + 1e-9 for query in ours)
    losses = sum(ours[query] < theirs[query] - 1e-9 for query in ours)
    values = " | ".join(f"{means[measure]:.4f}" for measure in MEASURES)
    compared = f"{wins} / {losses} | {sign_test(wins, losses):.3f}" if wins or losses else "- | -"
    return f"| {name} | {values} | {compared} |"


def judged_table(judged: Judged, index: Index, engine: str) -> Iterator[str]:
    """Yield the lines of the table of one set."""
    changed = sum(as_typed(text)[1] for text in judged.queries.values())
    yield f"{len(judged.documents)} documents, {len(judged.queries)} queries"
    yield f"{changed} queries held quotes, brackets, colons or minus signs, which were taken out of them"
    yield ""
    yield "| ranking | nDCG@10 | MRR@10 | Recall@100 | we are better / worse | p |"
    yield "|---|---|---|---|---|---|"
    run = our_run(index, judged)
    ours = by_query(judged, run)
    yield row(f"policy-search ({engine})", judged, run, ours)
    for name, other in baseline_runs(judged):
        yield row(name, judged, other, ours)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--known-items", action="store_true")
    parser.add_argument("--engine")
    parser.add_argument("--queries", type=int)
    parser.add_argument("--queries-file", default="queries.jsonl")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args(arguments)
    name = f"{options.folders[0].resolve().name}-{options.engine or 'default'}"
    with kept(options.keep, name) as folder:
        fresh = not folder.exists()
        with Index.open(folder, create=True, engine=options.engine) as index:
            if options.known_items:
                if fresh:
                    index.update(*options.folders)
                lines: Iterator[str] = known_items(index, options.queries or 500)
            else:
                judged = read_set(options.folders[0], queries_file=options.queries_file, number=options.queries)
                if fresh:
                    build(index, judged)
                lines = judged_table(judged, index, index.engine)
            for line in lines:
                sys.stdout.write(line + "\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
