"""A floor below which the quality of the ranking must not fall, on a small set of our own.

``tests/data/judged`` holds short documents of ten subjects, with near neighbours in each, and questions, keywords,
half titles and numbers with the documents that answer them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from math import log2
from pathlib import Path
from statistics import fmean

import pytest

from bench.baselines import Bm25, best, bigrams
from searcher import Article, Index, Paragraph, engines

FOLDER = Path(__file__).parent / "data" / "judged"
FLOOR = 0.98


def rows(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]


def grades() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in (FOLDER / "qrels.tsv").read_text("utf-8").splitlines():
        query, document, _ = line.split("\t")
        found.setdefault(query, set()).add(document)
    return found


def ndcg(found: Sequence[str], right: set[str]) -> float:
    """nDCG@10 with grades 0 and 1 (Järvelin and Kekäläinen, 2002)."""
    gained = sum(1 / log2(place + 2) for place, document in enumerate(found[:10]) if document in right)
    return gained / sum(1 / log2(place + 2) for place in range(min(10, len(right))))


def mean(runs: Mapping[str, Sequence[str]]) -> float:
    return fmean(ndcg(runs[query], right) for query, right in grades().items())


@pytest.fixture(scope="module", params=engines.NAMES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("judged") / "index"
    with Index.open(folder, create=True, engine=request.param) as made:
        made.add(
            Article(
                record_id=row["id"],
                title=row["title"],
                number=row["number"],
                paragraphs=tuple(map(Paragraph, row["text"].split("\n"))),
            )
            for row in rows("corpus.jsonl")
        )
        yield made


@pytest.fixture(scope="module")
def ours(index: Index) -> dict[str, list[str]]:
    return {
        row["id"]: [hit.article.record_id or "" for hit in index.search(row["text"])] for row in rows("queries.jsonl")
    }


def test_the_right_documents_come_first(ours: Mapping[str, Sequence[str]]) -> None:
    assert mean(ours) >= FLOOR


def test_the_order_is_better_than_that_of_plain_bm25(ours: Mapping[str, Sequence[str]]) -> None:
    documents = rows("corpus.jsonl")
    plain = Bm25([f"{row['title']}\n{row['number']}\n{row['text']}" for row in documents], bigrams)
    runs = {
        row["id"]: [documents[number]["id"] for number, _ in best(plain.scores(row["text"]), 10)]
        for row in rows("queries.jsonl")
    }
    assert mean(ours) > mean(runs)


def test_the_judgements_name_documents_and_queries_that_there_are() -> None:
    documents, queries = ({row["id"] for row in rows(name)} for name in ("corpus.jsonl", "queries.jsonl"))
    assert set(grades()) == queries
    assert set().union(*grades().values()) <= documents
