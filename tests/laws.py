"""Which shared laws do tests read?"""

from __future__ import annotations

import random
from pathlib import Path

from searcher.models import Article
from searcher.split import extract
from tests.reading import read
from tests.shared import shared


def law_files(number: int, *, seed: int = 20_180_521) -> list[Path]:
    """Draw some files of the shared laws, always the same ones; skip the test where there are none."""
    files = sorted((shared() / "corpora" / "docs" / "laws").rglob("*.md"))
    return random.Random(seed).sample(files, number)


def articles_in(file: Path) -> tuple[Article, ...]:
    """Read one file."""
    return extract(read(file)).articles
