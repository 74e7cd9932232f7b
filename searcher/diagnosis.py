"""Is an index sound, and is it up to date?"""

from __future__ import annotations

from pathlib import Path

from searcher import indexing
from searcher.catalogue import Catalogue
from searcher.engines import Reader
from searcher.finding import find
from searcher.models import Diagnosis, Failure
from searcher.store import Store

_MEND = "policy-search rebuild"


def diagnose(folder: Path, store: Store, reader: Reader, catalogue: Catalogue, *, stale: bool) -> Diagnosis:
    """Look at the index and at every file that it was made from; a file that seems to have changed is read."""
    problems = []
    if stale:
        problems.append(Failure(str(folder), "built with another version of the analyzer", _MEND))
    problems += [Failure(str(folder), damage, _MEND) for damage in (store.check(), reader.check()) if damage]
    if reader.count != store.count("text"):
        message = f"the engine holds {reader.count:,} texts, the store {store.count('text'):,}"
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
    with_articles = {article.path for article in store.infos(store.numbers()).values()}
    return Diagnosis(
        problems=tuple(problems),
        failures=(
            *findings.failures,
            *(Failure(shown(r.path), r.error, r.hint) for r in records if r.error and r.path not in missing),
        ),
        changed=tuple(map(shown, changed)),
        missing=tuple(map(shown, dict.fromkeys((*gone, *missing)))),
        new=tuple(shown(item.path) for item in findings.documents if item.path not in known),
        empty=tuple(shown(r.path) for r in records if r.error is None and r.path not in with_articles),
        removed=sum(len(item.text) for record in records for item in record.removed),
    )
