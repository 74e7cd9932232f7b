"""The units of a text: folding that keeps length, words, and grams that make everything findable."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import unicodedata
from collections import Counter
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import searcher
from searcher import analyzer
from searcher.analyzer import (
    BREAK,
    Units,
    by_kind,
    counted_units,
    covering_grams,
    each_folded,
    fingerprint,
    fold,
    fold_letters,
    grams,
    is_findable,
    joined_units,
    runs,
    tokens,
    units,
    words,
)

PACKAGE = Path(searcher.__file__).parent
SCRIPT = PACKAGE.parent / "scripts" / "make_folding.py"

# Every kind of character that a policy document is known to hold, so that a short example mixes them.
MIXED = st.text(
    st.one_of(
        st.sampled_from("国家标准发展改革委員會工業互聯網的和〇一二三两年月日号第条"),
        st.sampled_from("0129ABab０９Ａｂ.,%-_/％．－ 　\t\n"),
        st.sampled_from("〔〕[]【】()（）《》<>“”‘’「」\"'"),
        st.sampled_from("\U00020000\U00030000㐀龥\u9fff\uf900\ue000é²½①㎡ßİŉ한あア"),
        st.characters(),
    ),
    max_size=30,
)


# ---- folding


@given(st.text(st.characters(exclude_categories=())))
def test_folding_keeps_length_and_folding_twice_is_folding_once(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


def test_folding_keeps_length_for_every_code_point() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    folded = fold(everything)
    assert len(folded) == len(everything)
    assert fold(folded) == folded


def test_a_line_end_is_white_space() -> None:
    """A text over two lines is found by a query typed on one."""
    assert fold("甲\n乙\r\n丙") == "甲 乙  丙"


@given(MIXED, MIXED)
def test_folding_goes_character_by_character(first: str, second: str) -> None:
    assert fold(first + second) == fold(first) + fold(second)


@given(st.lists(MIXED, max_size=6), st.integers(min_value=0, max_value=900))
def test_a_long_text_is_folded_as_its_characters_are(parts: list[str], between: int) -> None:
    """Long texts are folded kind by kind of character."""
    text = ("国" * between).join(parts)
    assert fold(text) == "".join(map(fold, text))


@given(st.lists(MIXED, max_size=8).map("".join), st.sampled_from(["", "|"]))
def test_to_change_a_text_kind_by_kind_is_to_change_each_character(text: str, instead: str) -> None:
    pattern = re.compile(r"[^\w|]")
    change = partial(pattern.sub, instead)
    assert by_kind(pattern, change, usual="，。%")(text) == change(text)


def test_a_long_text_of_many_kinds_of_characters_is_folded_as_they_are() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    assert fold(everything) == "".join(map(fold, everything))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("２０２３", "2023"),
        ("ＡＢＣ", "abc"),
        ("5G", "5g"),
        ("工業互聯網", "工业互联网"),
        ("國務院辦公廳", "国务院办公厅"),
        ("〔2016〕", "(2016)"),
        ("【2016】", "(2016)"),
        ("［2016］", "(2016)"),
        ("（2016）", "(2016)"),
        ("“放管服”", '"放管服"'),
        ("「放管服」", '"放管服"'),
        ("«公报»〈公报〉", "<公报><公报>"),
        ("－–—−", "----"),
        ("　\xa0\t", "   "),
        ("％＋，：", "%+,:"),
        ("⼯⼈", "工人"),
        ("①²½㎡", "①²½㎡"),
    ],
)
def test_variants_are_evened_out(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_the_table_is_what_its_script_would_write() -> None:
    pytest.importorskip("opencc")
    made = subprocess.run(
        [sys.executable, "-c", "import sys, make_folding; sys.stdout.buffer.write(make_folding.text().encode())"],
        env={**os.environ, "PYTHONPATH": str(SCRIPT.parent)},
        capture_output=True,
        check=True,
    )
    assert made.stdout == (PACKAGE / "data" / "folding.txt").read_bytes()


# ---- units


def brute_grams(folded: str) -> set[str]:
    singles = {character for character in folded if is_findable(character)}
    pairs = {a + b for a, b in pairwise(folded) if is_findable(a) and is_findable(b)}
    return singles | pairs


@given(MIXED)
def test_grams_are_all_letters_digits_and_characters_and_all_neighbours(text: str) -> None:
    assert grams(fold(text)) == brute_grams(fold(text))


@given(MIXED, st.integers(0, 30), st.integers(0, 30))
def test_the_grams_that_cover_a_part_are_grams_of_the_whole(text: str, one: int, other: int) -> None:
    folded = fold(text)
    part = folded[min(one, other) : max(one, other)]
    covering = covering_grams(part)
    assert set(covering) <= grams(folded)
    assert len(covering) == len(set(covering))
    assert {mark for gram in covering for mark in gram} == {mark for mark in part if is_findable(mark)}


@given(MIXED)
def test_words_stand_where_they_say(text: str) -> None:
    folded = fold(text)
    found = list(tokens(folded))
    assert all(folded[start : start + len(word)] == word for word, start in found)
    assert [word for word, _ in found] == words(folded)


@given(MIXED)
def test_words_leave_no_letter_digit_or_character_out(text: str) -> None:
    folded = fold(text)
    covered = {place for word, start in tokens(folded) for place in range(start, start + len(word))}
    assert covered >= {place for place, mark in enumerate(folded) if is_findable(mark)}


@given(MIXED)
def test_every_word_lies_within_one_of_the_runs(text: str) -> None:
    pieces = list(runs(fold(text)))
    assert all(any(word in piece for piece, _ in pieces) for word in words(fold(text)))
    assert [piece for piece, is_han in pieces if not is_han and piece not in words(fold(text))] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("国办发〔2023〕7号", ["国办", "办发", "国办发", "2023", "7", "号"]),
        ("第5.1.1条", ["第", "5.1.1", "条"]),
        ("GB/T 26341-2010", ["gb", "t", "26341", "2010"]),
        ("工业互联网平台", ["工业", "互联", "联网", "互联网", "工业互联网", "平台"]),
        ("\U00020000〇", ["\U00020000", "〇"]),
        ("，。！", []),
    ],
)
def test_words_by_example(text: str, expected: list[str]) -> None:
    assert sorted(words(fold(text))) == sorted(expected)


def test_stop_words_are_words() -> None:
    """碳中和 was once indexed as 碳, 中, since 和 is a stop word of the usual analyzer."""
    assert "和" in words("和的了")
    assert "碳中和" in words("实现碳中和")


# ---- units of many texts at once


@given(st.lists(MIXED, max_size=4))
def test_texts_that_are_cut_together_are_cut_as_each_by_itself(texts: list[str]) -> None:
    made = units(texts)
    assert made == [unit for text in texts for unit in units([text])]
    assert [unit.words.replace(f" {BREAK} ", " ").split() for unit in made] == [words(fold(text)) for text in texts]


@given(st.lists(MIXED, max_size=4))
def test_words_that_are_only_counted_are_those_that_are_written(texts: list[str]) -> None:
    counted, written = counted_units(texts)
    assert counted == Counter(word for text in texts for word in words(fold(text)))
    assert written == joined_units(texts).grams


@given(MIXED)
def test_each_gram_is_written_or_begins_one_that_is(text: str) -> None:
    written = set(units([text])[0].grams.split())
    assert written | {gram[0] for gram in written} == grams(fold(text))


@given(MIXED)
def test_a_break_stands_where_the_text_has_something_else(text: str) -> None:
    folded = fold(text.replace("\0", " "))
    written: list[str] = []
    end = 0
    for piece, _ in runs(folded):
        start = folded.index(piece, end)
        written += [BREAK] if written and start > end else []
        written += [word for word, _ in tokens(piece)]
        end = start + len(piece)
    assert units([text])[0].words == " ".join(written)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("", Units("", "")),
        ("，", Units("", "")),
        ("第5.1条，甲", Units("第 5.1 条 | 甲", "第5 5 1条 条 甲")),
        ("\U00020000.0あ", Units("\U00020000 | 0あ", "\U00020000 0あ あ")),
        ("国\U0002fffe", Units("国 \U0002fffe", "国")),  # no letter of Unicode
        ("（5Ｇ）\n\0技术。", Units("5g | 技术", "5g g 技术 术")),
    ],
)
def test_units_by_example(text: str, made: Units) -> None:
    found = units([text])[0]
    assert (found.words, found.grams.split()) == (made.words, made.grams.split())


# ---- the fingerprint


def fingerprint_of(package: Path) -> str:
    command = "from searcher.analyzer import fingerprint; print(fingerprint())"
    environment = {**os.environ, "PYTHONPATH": str(package.parent)}
    done = subprocess.run(
        [sys.executable, "-c", command], cwd=package.parent, env=environment, capture_output=True, check=True, text=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize("name", ["folding.txt", "policy_lexicon.txt"])
def test_the_fingerprint_depends_on_each_data_file(tmp_path: Path, name: str) -> None:
    package = tmp_path / "searcher"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    assert fingerprint_of(package) == fingerprint()
    with (package / "data" / name).open("ab") as file:
        file.write("龘龙\n".encode())
    assert fingerprint_of(package) != fingerprint()


def test_the_fingerprint_depends_on_the_version_of_unicode() -> None:
    """What a letter or a digit is, another Python may know otherwise."""
    assert unicodedata.unidata_version in fingerprint()


@given(st.lists(st.text(alphabet="數数据Ａa，,。㐂 1１😀⼯｡𠮷", max_size=9)), st.sampled_from([0, 80_000]))
def test_letters_are_folded_alike_with_a_pattern_and_without_one(texts: list[str], seen: int) -> None:
    letters = analyzer._Letters()
    letters._seen = seen
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analyzer, "_letters", letters)
        folded = list(map(fold_letters, texts))
        assert each_folded(texts) == folded
    for text, even in zip(texts, folded, strict=True):
        changed = ((letter, fold(letter)) for letter in text if fold(letter) != letter)
        letters_change = any(one.isalnum() or other.isalnum() for one, other in changed)
        assert even == (fold(text) if letters_change else text)
