"""Is an index sound, and is it up to date?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from searcher import indexing
from searcher.catalogue import Catalogue
from searcher.engines import Reader
from searcher.finding import find
from searcher.models import ArticleInfo, Diagnosis, Failure, Suspicion
from searcher.rows import SourceRecord
from searcher.store import Store

_MEND = "policy-search rebuild"
_GARBLED = 0.001  # of a file's characters: more of them than this were hardly written so
_LONGEST_TITLE = 120  # code points
_SUSPICIOUS: Mapping[str, Callable[[ArticleInfo], bool]] = {
    "no title": lambda article: not article.title,
    f"a title longer than {_LONGEST_TITLE} characters": lambda article: len(article.title or "") > _LONGEST_TITLE,
    "no date": lambda article: not (article.date or article.published),
}


def diagnose(folder: Path, store: Store, reader: Reader, catalogue: Catalogue, *, stale: bool) -> Diagnosis:
    """Look at the index and at every file that it was made from; a file that seems to have changed is read."""
    problems = []
    if stale:
        problems.append(Failure(str(folder), "built with another version of the analyzer", _MEND))
    problems += [Failure(str(folder), damage, _MEND) for damage in (store.check(), reader.check()) if damage]
    if reader.count != store.held():
        message = f"the engine holds {reader.count:,} texts, the store {store.held():,}"
        problems.append(Failure(str(folder), message, _MEND))
    shown, file = catalogue.shown, catalogue.file
    records = [record for record in store.sources() if record.digest is not None or record.error]
    missing = [record.path for record in records if not file(record.path).exists()]
    gone = [root for root in store.roots() if not file(root).exists()]
    known = store.fingerprints()
    there = {record.path for record in records}.difference(missing)
    changed = [
        record.path
        for record in records
        if record.error is None
        and record.path in there
        and indexing.unchanged(file(record.path), known[record.path]) is False
    ]
    findings = find(catalogue, [file(root) for root in store.roots() if root not in gone])
    return Diagnosis(
        problems=tuple(problems),
        failures=(
            *findings.failures,
            *(failure for r in records if r.path in there for failure in indexing.failures_of(r, catalogue)),
        ),
        changed=tuple(map(shown, changed)),
        missing=tuple(map(shown, dict.fromkeys((*gone, *missing)))),
        new=tuple(shown(item.path) for item in findings.documents if item.path not in known),
        empty=tuple(_empty(store, catalogue)),
        recognized=tuple(shown(r.path) for r in records if r.recognized),
        suspicions=tuple(_suspicions(store, records, catalogue)),
        removed=sum(len(item.text) for record in records for item in record.removed),
    )


def _empty(store: Store, catalogue: Catalogue) -> Iterator[Failure]:
    """Yield the files that gave no article, with the reason."""
    for path in store.empty():
        record = store.source(path)
        removed = sum(len(item.text) for item in record.removed) if record else 0
        reason = f"all of its text ({removed:,} characters) was taken out" if removed else "it holds no text"
        yield Failure(catalogue.shown(path), reason)


def _suspicions(store: Store, records: Sequence[SourceRecord], catalogue: Catalogue) -> Iterator[Suspicion]:
    """Yield what looks wrong in what was read."""
    garbled = [r.path for r in records if r.garbled > _GARBLED * r.characters]
    if garbled:
        yield Suspicion("text that seems to be decoded wrongly", len(garbled), catalogue.shown(garbled[0]))
    articles = store.infos(store.ordered()).values()
    for what, holds in _SUSPICIOUS.items():
        found = [article for article in articles if holds(article)]
        if found:
            yield Suspicion(what, len(found), f"{found[0].id} {catalogue.shown(found[0].path)}")
