"""What do engines do with their files: where a batch is given up, and where a file is not as it was written?"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from searcher import engines
from searcher.engines import tantivy as on_tantivy
from searcher.engines import tantivy_reader
from tests.engine_cases import Batches, article

MAPS = Path("/proc/self/maps")


@pytest.mark.skipif(sys.platform != "linux", reason="the files that a process has open are told there")
def test_a_batch_that_is_given_up_writes_nothing_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The threads that merge its segments once went on in a folder that was being deleted."""
    monkeypatch.setattr(on_tantivy, "PER_MARK", 1_000_000)  # a segment for each article
    long = article("办法", *(f"甲乙丙丁 {number}" for number in range(20_000)))
    with pytest.raises(KeyboardInterrupt), engines.load("tantivy").writer(tmp_path / "engine", None) as writer:
        for number in range(1, 10):  # of which eight are merged
            writer.add(number, long)
        raise KeyboardInterrupt
    assert "work-1" not in MAPS.read_text("utf-8")
    assert list((tmp_path / "engine").iterdir()) == []


@pytest.mark.parametrize("name", engines.NAMES)
def test_a_reader_may_be_closed_twice(tmp_path: Path, name: str) -> None:
    batches = Batches(engines.load(name), tmp_path / "engine")
    reader = batches.engine.open(batches.folder, batches.apply({1: article("工业互联网")}))
    assert reader.count == 1
    reader.close()
    reader.close()


def test_a_reader_remembers_only_so_many_units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tantivy_reader, "KNOWN", 5)
    batches = Batches(engines.load("tantivy"), tmp_path / "engine")
    batches.apply({1: article("工业互联网"), 2: article("工业")})

    def look(reader: engines.Reader) -> None:
        assert isinstance(reader, tantivy_reader.TantivyReader)
        for number in range(20):
            assert reader.frequency("grams", f"无{number}") == 0
            assert reader.frequency("grams", "工业") == 2
            assert len(reader._known) <= 5

    batches.read(look)
