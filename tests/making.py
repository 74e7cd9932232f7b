"""How do tests make documents, and what do they ask of an index?"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from searcher import Article, Hit, Index, Paragraph, Total

_PROSE = (
    "工业互联网", "平台", "安全", "监督管理部门", "应当", "加强", "国务院", "工业和信息化部", "标准", "体系", "建设",
    "的", "和", "企业", "数据", "网络", "发展", "改革", "营商环境", "服务", "检查", "依法", "第三条", "2023年", "5G",
    "10%", "国办发〔2023〕7号", "“放管服”", "《办法》",
)  # fmt: skip
_NASTY = (
    *_PROSE, "工業互聯網", "國務院辦公廳", "２０２３", "ＡＢＣ", "abc", "ABC", "(", ")", "（", "）", "〔", "〕", "【",
    "】", "[red]", "[/x]", '"', "“", "”", "「", "」", "'", "‘", " ", "  ", "　", "\t", "\x00", "\x07", "\x1b[31m",
    "\x1f", "\x85", "\xa0", "\u200b", "\u202e", "\ufeff", "\U00020000", "\U0002a6d6", "\U0010ffff", "〇", "㐀", "龥",
    "é", "e\u0301", "ß", "İ", "½", "①", "한국", "あア", "😀", "👨‍👩‍👧", "1.2.3", "-", "—", "a_b", "%", "_",
    "\\", "*", "|", "&", "OR", "NOT", "标题:", "日期:2018", "。", "，", "；", "7", "8", "１７号", "7号",
    "GB/T 26341-2010",
)  # fmt: skip
_BODIES = ("国务院", "工业和信息化部", "某省人民政府", "某市发展和改革委员会")

# Every way of asking, over the words that the documents are made of.
QUERIES = (
    "工业互联网", "工业互联网 安全", '"监督管理部门应当"', "网", "的", "7号", "国办发〔2023〕7号", "工业互联网 -平台",
    "改革 OR 5G", "标题:通知 安全", "机关:国务院", "日期:2016..2018", "加强标准体系建设", "工业互联网安全监督检查",
    "-安全", "不存在的词", "(安全 OR 标准) 数据 10%", '"办法"',
)  # fmt: skip


def nasty_text(chance: random.Random, pieces: int) -> str:
    """Return a text that mixes scripts, widths, brackets and characters that other programs stumble over."""
    return "".join(chance.choices(_NASTY, k=pieces))


def nasty_articles(number: int, *, seed: int = 1) -> list[Article]:
    """Make articles of nasty texts, some of them all but empty."""
    chance = random.Random(seed)
    return [
        Article(
            record_id=f"nasty-{n}",
            title=nasty_text(chance, chance.randint(0, 5)) or None,
            date=chance.choice((None, "2018", "2018-05", "2018-05-21")),
            paragraphs=tuple(Paragraph(nasty_text(chance, chance.randint(0, 25))) for _ in range(chance.randint(0, 8))),
        )
        for n in range(number)
    ]


def policy(chance: random.Random, name: str) -> str:
    """Return the text of a small document: title, issuer, date and some paragraphs."""
    date = f"20{chance.randint(10, 23)}年{chance.randint(1, 12)}月{chance.randint(1, 28)}日"
    sentences = ("".join(chance.choices(_PROSE, k=chance.randint(4, 14))) + "。" for _ in range(chance.randint(2, 6)))
    body = chance.choice(_BODIES)
    return "\n\n".join([f"{body}关于{chance.choice(_PROSE)}第{name}号事项的通知", *sentences, body, date, ""])


def write_policies(folder: Path, number: int, *, seed: int = 1) -> list[Path]:
    """Write small documents into a folder, always the same ones for the same seed."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    files = [folder / f"{n:04}.txt" for n in range(number)]
    for file in files:
        file.write_text(policy(chance, file.stem), "utf-8")
    return files


class Opener(Protocol):
    """``Index.open``, whose index is closed at the end of the test."""

    def __call__(self, path: Path, *, create: bool = False, engine: str | None = None) -> Index: ...


Answer = tuple[Total, tuple[Hit, ...]]


def answers(index: Index, queries: Sequence[str] = QUERIES, *, limit: int = 1_000) -> dict[str, Answer]:
    """Return all that an index answers: totals, and hits in order with ids, scores, texts and highlights."""
    found = {query: index.search(query, limit=limit) for query in queries}
    return {query: (results.total, results.hits) for query, results in found.items()}
