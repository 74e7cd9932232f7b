"""Real documents and a log of mixed queries: whatever the engine, the same answers in the same order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench.speed import choose, log
from searcher import Index
from searcher.engines import tantivy, tantivy_reader
from tests.shared import shared

DOCUMENTS, QUERIES = 150, 200


def answer(index: Index, text: str, since: str | None) -> dict[str, Any]:
    """Return what a search says, without what names the engine and the time."""
    found = index.search(text, since=since, explain=True)
    hits = [
        (
            hit.article.path,
            hit.article.ordinal,
            hit.score,
            hit.partial,
            hit.copies,
            hit.title_highlights,
            [(one.ordinal, one.score, one.highlights) for one in hit.paragraphs],
        )
        for hit in found
    ]
    return {"total": found.total, "hits": hits, "terms": found.terms}


@pytest.mark.parametrize("great", [False, True])
def test_every_engine_gives_the_same_first_ten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, great: bool) -> None:
    if great:  # what tantivy does with greater batches, and with texts that are many
        monkeypatch.setattr(tantivy, "APART", 0)
        monkeypatch.setattr(tantivy_reader, "_FEW", 0)
    folders = [shared() / "corpora" / "docs" / name for name in ("laws", "gov-cn-2020")]
    files = [file for folder in folders for file in choose(folder, DOCUMENTS // 2, seed=1)]
    queries = log(files, QUERIES, seed=2)
    with (
        Index.open(tmp_path / "tantivy", create=True, engine="tantivy") as one,
        Index.open(tmp_path / "whoosh", create=True, engine="whoosh") as other,
    ):
        for index in (one, other):
            index.update(*files)
        for query in queries:
            assert answer(one, query.text(), query.since) == answer(other, query.text(), query.since), query
        found = [one.search(query.text(), since=query.since) for query in queries]
    assert sum(len(results) == 10 for results in found) > QUERIES / 4
    assert sum(results.total.articles > 0 for results in found) > QUERIES / 2
