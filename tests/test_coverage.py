"""Our words beside those of jieba's own Whoosh analyzer: what is left out, why, and that it is found all the same."""

from __future__ import annotations

import logging
import re
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jieba
import pytest

from searcher.analyzer import covering_grams, fold, grams, words
from tests.laws import articles_in, law_files
from tests.shared import shared
from tests.test_lexicon import entries

_HAN = re.compile(r"[\u4e00-\u9fd5]+")
_OTHER = re.compile(r"[^\W_\u4e00-\u9fd5]")
COVERED = 0.97


def bulletins(number: int) -> list[Path]:
    return sorted((shared() / "corpora" / "docs" / "cctv" / "bulletins").glob("*.md"))[:number]


def tokenizer(folder: Path, *, lexicon: bool) -> jieba.Tokenizer:
    jieba.setLogLevel(logging.ERROR)
    made = jieba.Tokenizer()
    made.tmp_dir = str(folder)
    made.initialize()
    for term, frequency, tag in entries() if lexicon else ():
        made.add_word(term, frequency, tag)
    return made


def reason(original: str, indexed: str, text: str, with_lexicon: jieba.Tokenizer) -> str:
    """Say why the usual analyzer's token is not among our words."""
    if indexed != original.lower():
        return "stemmed"
    if re.fullmatch(r"[\d.]+%", original):
        return "number with a percent sign"
    if _HAN.search(original) and _OTHER.search(original):
        return "Han characters and others in one word"
    if original not in set(with_lexicon.cut_for_search(text)):
        return "cut otherwise, for a term of the lexicon"
    if not any(original in with_lexicon.cut_for_search(run) for run in _HAN.findall(text)):
        return "cut otherwise, with the digits or letters beside it"
    if not any(original in with_lexicon.cut_for_search(run) for run in _HAN.findall(fold(text))):
        return "cut otherwise, for the folding"
    return f"unexplained: {original} in {text}"


@pytest.fixture
def usual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Iterator[Any]]:
    """``jieba.analyse.ChineseAnalyzer`` with the plain dictionary, its cache kept to itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # jieba leaves the file of its idf table open
        import jieba.analyse
    monkeypatch.setattr("jieba.analyse.analyzer.jieba.tokenize", tokenizer(tmp_path, lexicon=False).tokenize)
    made: Callable[[str], Iterator[Any]] = jieba.analyse.ChineseAnalyzer()
    return made


def test_words_cover_those_of_the_usual_analyzer(usual: Callable[[str], Iterator[Any]], tmp_path: Path) -> None:
    with_lexicon = tokenizer(tmp_path, lexicon=True)
    seen: set[str] = set()
    left_out: dict[str, set[str]] = defaultdict(set)
    for file in [*law_files(60), *bulletins(10)]:
        for text in [paragraph.text for article in articles_in(file) for paragraph in article.paragraphs]:
            folded = fold(text)
            ours = set(words(folded))
            for token in usual(text):
                seen.add(token.text)
                if fold(token.text) not in ours:
                    left_out[reason(token.original, token.text, text, with_lexicon)].add(token.text)
                    sought = fold(token.original)
                    assert sought in folded
                    assert set(covering_grams(sought)) <= grams(folded), "not found by its grams"
    assert len(seen) > 10_000
    assert [why for why in left_out if why.startswith("unexplained")] == []
    assert sum(map(len, left_out.values())) < (1 - COVERED) * len(seen)
