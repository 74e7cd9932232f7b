"""The two segmenters: the same words in the same order, whichever is installed."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.analyzer import fold
from searcher.segmenter import PythonSegmenter, RustSegmenter, Segmenter, segmenter
from tests.shared import shared

MARK = "|"
HAN = re.compile("[\u4e00-\u9fd5]+")
RUN = st.text(
    st.sampled_from("国家标准发展改革委员会工业互联网平台的和一二三年月日号第条专精特新双碳办"), min_size=1, max_size=16
)


@pytest.fixture(scope="module")
def python() -> Segmenter:
    return PythonSegmenter()


@pytest.fixture(scope="module")
def rust() -> Segmenter:
    pytest.importorskip("rjieba")
    return RustSegmenter()


def cut(one: Segmenter, runs: Sequence[str]) -> list[str]:
    """Return the words of each run, all cut together."""
    return " ".join(one.cut(MARK.join(runs))).split(f" {MARK} ")


@given(runs=st.lists(RUN, max_size=4))
def test_both_cut_alike(python: Segmenter, rust: Segmenter, runs: list[str]) -> None:
    assert cut(python, runs) == cut(rust, runs)
    for run in runs:
        assert list(python.places(run)) == list(rust.places(run))


@given(text=st.text(st.sampled_from("国家标准和的|\n\0"), max_size=12))
def test_marks_between_runs_come_back_as_words_of_their_own(python: Segmenter, rust: Segmenter, text: str) -> None:
    words = rust.cut(text)
    assert [mark for mark in words if not mark.isalnum()] == [mark for mark in text if not mark.isalnum()] or not text
    assert python.cut(text) == rust.cut(text)


@given(runs=st.lists(RUN, min_size=1, max_size=4))
def test_words_come_in_the_same_order_with_their_places(rust: Segmenter, runs: list[str]) -> None:
    assert cut(rust, runs) == [" ".join(word for word, _ in rust.places(run)) for run in runs]
    assert all(run[start : start + len(word)] == word for run in runs for word, start in rust.places(run))


def test_the_policy_lexicon_is_known_to_both(python: Segmenter, rust: Segmenter) -> None:
    for one in (python, rust):
        assert cut(one, ["推进工业互联网", "新质生产力"]) == [
            "推进 工业 互联 联网 互联网 工业互联网",
            "生产 生产力 新质生产力",
        ]


def test_every_run_of_the_shared_documents_is_cut_alike(python: Segmenter, rust: Segmenter) -> None:
    """Over a sample: search mode's order too, run by run."""
    files = sorted(path for path in (shared() / "corpora" / "docs").rglob("*") if path.suffix in {".md", ".txt"})
    random.Random(7).shuffle(files)
    runs: dict[str, None] = {}
    for file in files[:60]:
        text = file.read_bytes()[:40_000].decode("utf-8", "ignore")
        runs.update(dict.fromkeys(HAN.findall(fold(text))))
    found = list(runs)
    assert len(found) > 10_000
    differing = [pair for pair in zip(cut(python, found), cut(rust, found), strict=True) if pair[0] != pair[1]]
    assert differing == []


def test_the_segmenter_in_rust_is_used_where_it_is_installed() -> None:
    pytest.importorskip("rjieba")
    assert isinstance(segmenter(), RustSegmenter)


def test_without_it_the_other_one_is_used() -> None:
    code = (
        "import sys; sys.modules['rjieba'] = None\n"
        "from searcher.analyzer import units\n"
        "from searcher.segmenter import PythonSegmenter, segmenter\n"
        "assert isinstance(segmenter(), PythonSegmenter)\n"
        "print(units(['工业互联网，5G'])[0].words)"
    )
    done = subprocess.run([sys.executable, "-X", "utf8", "-c", code], capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "工业 互联 联网 互联网 工业互联网 | 5g"
