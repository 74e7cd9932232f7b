"""Real laws: every part of them is found and counted as a plain search of the text counts it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from searcher import Article, Index, Paragraph, engines
from searcher.analyzer import fold, is_findable
from tests.laws import law_files

LASTING, MEMORY = (60, 2_000), (12, 2_000)  # laws, and parts of them that are looked for


@dataclass
class Laws:
    """An index of some laws, and their paragraphs."""

    index: Index
    samples: int
    texts: Sequence[str]
    folded: Sequence[str] = field(init=False)

    def __post_init__(self) -> None:
        self.folded = [fold(text) for text in self.texts]

    def counted(self, sought: str) -> int:
        return sum(sought in text for text in self.folded)

    def found(self, query: str) -> int:
        return self.index.search(query, limit=0).total.paragraphs


def made(folder: Path, engine: str, number: int, samples: int) -> Laws:
    index = Index.open(folder, create=True, engine=engine)
    index.update(*law_files(number))
    return Laws(index, samples, [p.text for article in index.articles() for p in article.paragraphs])


@pytest.fixture(scope="module", params=engines.NAMES)
def laws(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laws]:
    size = MEMORY if request.param == "memory" else LASTING
    found = made(tmp_path_factory.mktemp("laws") / "index", request.param, *size)
    yield found
    found.index.close()


def drawn(laws: Laws) -> Iterator[str]:
    """Draw parts of one to twelve characters that hold a letter, a digit or a Chinese character."""
    chance = random.Random(20_180_521)
    rare = [text for text in laws.texts if any(mark in text for mark in "0123456789（）〔〕ABCabc")]
    count = 0
    while count < laws.samples:
        text = chance.choice(rare if count % 3 == 0 else laws.texts)
        start = chance.randrange(len(text))
        part = text[start : start + chance.randint(1, 12)]
        if is_findable(part) and not set(part) & set('"”“'):
            count += 1
            yield part


def test_every_part_is_found_and_counted(laws: Laws) -> None:
    wrong = []
    kinds = set()
    for part in drawn(laws):
        kinds |= {kind for kind in ("0123456789", "()", "〔〕", "abc") if set(part) & set(kind)}
        sought = fold(part).strip()
        counts = laws.found(f"“{part}”"), laws.counted(sought)
        if counts[0] != counts[1] or not counts[0]:
            wrong.append((part, counts))
    assert wrong == []
    assert "0123456789" in kinds


@pytest.mark.parametrize("sought", ["监督管理部门", "网", "第一条", "国务院", "%", "30日"])
def test_counts_are_those_of_a_plain_search(laws: Laws, sought: str) -> None:
    """A quoted phrase once found 0 of 487 paragraphs, and one character 81 of 1,554."""
    assert laws.found(f'"{sought}"') == laws.counted(sought)
    assert laws.counted(sought) > 0


@pytest.mark.parametrize("sought", ["监督管理部门", "网"])
def test_a_bare_word_counts_as_a_quoted_one(laws: Laws, sought: str) -> None:
    assert laws.found(sought) == laws.counted(sought)


# ---- small documents of our own

_SMALL = (
    "国办发〔2023〕7号", "国办发〔2023〕8号", "国办发〔2023〕17号", "国办发〔2023〕70号", "国办发 [2023] 7 号",
    "工业互联网", "工業互聯網", "２０２３年", "2023年", "ＡＩ", "ai", "二〇二三年",
    "监督管理部门", "監督管理部門", "（试行）", "(试行)",
)  # fmt: skip


@pytest.fixture(scope="module", params=engines.NAMES)
def small(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(tmp_path_factory.mktemp("small") / "index", create=True, engine=request.param) as index:
        index.add(
            Article(record_id=text, title=f"文件{n}", paragraphs=(Paragraph(text),)) for n, text in enumerate(_SMALL)
        )
        yield index


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("国办发〔2023〕7号", {"国办发〔2023〕7号", "国办发 [2023] 7 号"}),
        ("国办发［２０２３］７号", {"国办发〔2023〕7号", "国办发 [2023] 7 号"}),
        ("文号:国办发〔2023〕7号", {"国办发〔2023〕7号", "国办发 [2023] 7 号"}),
        ('"国办发〔2023〕7号"', {"国办发〔2023〕7号"}),
        ("工业互联网", {"工业互联网", "工業互聯網"}),
        ("工業互聯網", {"工业互联网", "工業互聯網"}),
        ('"工業互聯網"', {"工业互联网", "工業互聯網"}),
        ("２０２３年", {"２０２３年", "2023年", "二〇二三年"}),
        ('"2023年"', {"２０２３年", "2023年"}),
        ("AI", {"ＡＩ", "ai"}),
        ("ａｉ", {"ＡＩ", "ai"}),
        ("〇", {"二〇二三年"}),
        ("監督管理部門", {"监督管理部门", "監督管理部門"}),
        ('"(试行)"', {"（试行）", "(试行)"}),
        ('"（試行）"', {"（试行）", "(试行)"}),
    ],
)
def test_numbers_widths_and_scripts(small: Index, query: str, texts: set[str]) -> None:
    """国办发〔2023〕7号 once found 8号 too, since 7 and 8 were no words."""
    hits = [hit for hit in small.search(query, limit=100) if not hit.partial]
    assert {passage.text for hit in hits for passage in hit.paragraphs} == texts
