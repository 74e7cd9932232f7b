"""How right is what is read, over documents that somebody has labelled?

    python -m bench.reading FOLDER [--source NAME] [--differences | --json] [--check]
    python -m bench.reading FOLDER --speed [--files 40]

FOLDER holds the shared documents (``corpora/docs`` and ``seeds``). Prints one row a source: how many documents, how
many of each field are right, and the character F1 of the texts. ``--speed`` measures how fast the same folder is read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import reading_speed
from bench.reading_folders import folder_lines
from bench.reading_gold import OWN, cases, reasons
from bench.reading_score import CHECKS, LEAST_TEXT, Reasons, Score, scored, shown

FLOORS = {"title": 0.97, "number": 0.97, "issuer": 0.97, "date": 0.97}
"""The shares that ``--check`` asks for."""
FLOOR_TEXT = 0.98
"""The mean character F1 that ``--check`` asks for; no text may be below ``LEAST_TEXT``."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: (right, asked) by what was asked, and the F1 of the texts, from 0 to 1."""

    source: str
    documents: int
    right: dict[str, tuple[int, int]]
    texts: int
    mean: float | None
    least: float | None
    low: int


def row(source: str, scores: Sequence[Score]) -> Row:
    """Add up the scores of one source."""
    right = {}
    for name in CHECKS:
        asked = [score.right[name] for score in scores if name in score.right]
        if asked:
            right[name] = (sum(asked), len(asked))
    texts = [score.f1 for score in scores if score.f1 is not None]
    return Row(
        source=source,
        documents=len(scores),
        right=right,
        texts=len(texts),
        mean=sum(texts) / len(texts) if texts else None,
        least=min(texts, default=None),
        low=sum(f1 < LEAST_TEXT for f1 in texts),
    )


def rows(scores: Sequence[Score]) -> list[Row]:
    """Return a row for each source in order, one for our labels together, and the total."""
    parts: dict[str, list[Score]] = {}
    for score in scores:
        parts.setdefault(score.case.source, []).append(score)
    own = [score for score in scores if score.case.source.startswith(OWN)]
    together = [row("all labels", own)] if own else []
    return [*(row(source, part) for source, part in parts.items()), *together, row("all", scores)]


def table(rows: Iterable[Row]) -> str:
    """Draw the rows as a Markdown table."""
    head = ["source", "documents", *CHECKS, "text F1", "least", f"below {LEAST_TEXT:.2f}"]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for one in rows:
        checks = [f"{one.right[name][0]}/{one.right[name][1]}" if name in one.right else "" for name in CHECKS]
        text = ["", "", ""] if one.mean is None else [f"{one.mean:.4f}", f"{one.least:.4f}", str(one.low)]
        lines.append("| " + " | ".join([one.source, str(one.documents), *checks, *text]) + " |")
    return "\n".join(lines)


def failings(total: Row) -> list[str]:
    """Say in which figures the total is below the floors."""
    found = []
    for name, floor in FLOORS.items():
        right, asked = total.right.get(name, (0, 0))
        if right < floor * asked:
            found.append(f"{name}: {right} of {asked} right, fewer than {floor:.0%}")
    if total.mean is not None and total.mean < FLOOR_TEXT:
        found.append(f"text: mean F1 {total.mean:.4f}, less than {FLOOR_TEXT}")
    if total.low:
        found.append(f"text: {total.low} documents below {LEAST_TEXT:.2f}")
    return found


def print_differences(scores: Iterable[Score], known: Reasons) -> None:
    """List what came out wrong, and what is not scored and why; a file that gave nothing is listed once."""
    failed: set[Path] = set()
    for score in scores:
        if score.failure and score.case.path in failed:
            continue
        print(*listed(score, known), sep="\n", end="\n" if score.differences or score.excused else "")
        if score.failure:
            failed.add(score.case.path)


def listed(score: Score, known: Reasons) -> Iterator[str]:
    """Yield the lines that tell how one document differs from its gold."""
    for difference in score.differences:
        yield f"{difference.name}\n    {difference.field}: want {shown(difference.wanted)}"
        yield f"    {difference.field}: got  {shown(difference.found)}"
    for name in score.excused:
        yield f"{score.case.name}\n    {name}: not scored: {known[score.case.path, name]}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status is 1 where ``--check`` finds a figure below its floor."""
    parser = argparse.ArgumentParser(description="How right is what is read?")
    parser.add_argument("folder", type=Path, help="the shared documents")
    parser.add_argument("--source", help="only the sources whose name begins so")
    parser.add_argument("--differences", action="store_true", help="list each difference")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    parser.add_argument("--check", action="store_true", help="exit with 1 where a figure is below its floor")
    parser.add_argument("--speed", action="store_true", help="measure how fast each format is read, and nothing else")
    parser.add_argument("--files", type=int, default=40, help="with --speed: the most files of a format (40)")
    options = parser.parse_args(arguments)
    if options.speed:
        for line in reading_speed.table(reading_speed.speeds(options.folder, most=options.files)):
            print(line, flush=True)
        return 0
    chosen = [case for case in cases(options.folder) if case.source.startswith(options.source or "")]
    if not chosen:
        parser.error(f"no labelled documents in {options.folder}")
    known = reasons(options.folder)
    scores = list(scored(chosen, reasons=known, repeated=folder_lines(case.path for case in chosen)))
    made = rows(scores)
    if options.json:
        differences = [asdict(difference) for score in scores for difference in score.differences]
        print(json.dumps({"rows": [asdict(one) for one in made], "differences": differences}, ensure_ascii=False))
    else:
        print(table(made))
        if options.differences:
            print_differences(scores, known)
    failed = failings(made[-1]) if options.check else []
    print(*failed, sep="\n", end="\n" if failed else "", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
