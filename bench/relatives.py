"""How often is a document that belongs to one among the three that are shown as most like it?

Usage: ``python -m bench.relatives FOLDER [NUMBER]``. In a retrieval set (``corpus.jsonl``, ``qrels.tsv``) those
documents belong together that answer one question, elsewhere those whose titles have one subject: a law, what was
issued to carry it out or to change it, and its counterparts in provinces and towns. Copies do not count: they are not
shown. Beside it stands what a search for the title finds, which knows where titles are the label.
"""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from bench.quality_text import as_typed
from searcher import Article, Index, Paragraph

SHOWN = 3
_ASIDE = re.compile(r"[(（][^)）]*[)）]|中华人民共和国")
_NAMED = re.compile("《([^《》]{3,})》")
_BODY = re.compile("^(?:最高人民法院|最高人民检察院|国务院|全国人民代表大会(?:常务委员会)?|[、,，\\s])+")
_PLACE = re.compile("^(?:[^省市区县州盟]{1,10}?(?:省|市|自治[区州县旗]|县|经济特区|特别行政区))+")
_ABOUT = re.compile("^(?:关于|实施|执行|适用|修改|审理|办理|人民法院)+")
_KIND = re.compile(
    "(?:的?(?:实施|暂行|试行|若干|补充|管理|监督|具体|应用|适用|法律|问题|部分)?"
    "(?:条例|办法|规定|决定|细则|法|解释|规则|意见|通知|公告|批复|解读|议定书|决议))+$"
)


def subject(title: str) -> str:
    """Return what a title says beside who issues what kind of document for which place."""
    said = _ASIDE.sub("", title)
    if named := _NAMED.search(said):
        said = named[1]
    for pattern in (_BODY, _PLACE, _ABOUT, _KIND):
        said = pattern.sub("", said)
    return said


def _by_subject(index: Index) -> Iterable[set[str]]:
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for info in index.infos():
        if len(said := subject(info.title or "")) > 2:
            groups[said].add(info.id)
    return groups.values()


def _by_question(index: Index, folder: Path) -> Iterable[set[str]]:
    ids = {info.record_id: info.id for info in index.infos()}
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines():
        query, document, grade = line.split("\t")
        if int(grade) > 0:
            groups[query].add(ids[document])
    return groups.values()


def _without_copies(index: Index, groups: Iterable[set[str]]) -> Mapping[str, set[str]]:
    """Return of each document those that belong to it."""
    ids = {info.id: number for number, info in index._store.infos(index._store.numbers()).items()}
    names = {number: name for name, number in ids.items()}
    copies = index._store.copies(names)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for group in groups:
        for one in group:
            own = copies.get(ids[one], ids[one])
            found[one] |= {other for other in group if copies.get(ids[other], ids[other]) != own}
    return {one: others for one, others in found.items() if others}


def _records(folder: Path) -> Iterable[Article]:
    with (folder / "corpus.jsonl").open(encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            texts = [text for text in record["text"].split("\n") if text.strip()]
            yield Article(record_id=record["id"], title=record["title"], paragraphs=tuple(map(Paragraph, texts)))


def _by_title(index: Index, identifier: str) -> Sequence[str]:
    hits = index.search(as_typed(index.get(identifier).title or "")[0], limit=SHOWN + 1, paragraphs=1)
    return [hit.article.id for hit in hits if hit.article.id != identifier][:SHOWN]


def main() -> None:
    """Print the share of documents one of whose relatives is shown, and of relatives that are."""
    folder = Path(sys.argv[1])
    is_set = (folder / "qrels.tsv").exists()
    with tempfile.TemporaryDirectory() as place, Index.open(Path(place) / "index", create=True) as index:
        if is_set:
            index.add(_records(folder))
        else:
            index.update(folder)
        relatives = _without_copies(index, _by_question(index, folder) if is_set else _by_subject(index))
        number = min(len(relatives), int(sys.argv[2]) if len(sys.argv) > 2 else 200)
        asked = random.Random(1).sample(sorted(relatives), number)
        ways: dict[str, Callable[[str], Sequence[str]]] = {
            "similar": lambda one: [like.article.id for like in index.similar(one)[:SHOWN]],
            "search for the title": lambda one: _by_title(index, one),
        }
        print(f"{number} of {len(relatives)} documents with relatives")
        for name, way in ways.items():
            found = [(len(relatives[one].intersection(way(one))), min(SHOWN, len(relatives[one]))) for one in asked]
            one_of, all_of = sum(bool(right) for right, _ in found), sum(right / most for right, most in found)
            print(f"{name:<22}one {one_of / number:.3f}  all {all_of / number:.3f}")


if __name__ == "__main__":
    main()
