"""The obvious script: Whoosh with jieba's ChineseAnalyzer, as tutorials pair them.

What policy-search is measured against. One Whoosh document a paragraph, so that it, too, ranks and highlights
paragraphs.

    python bench/obvious.py index FOLDER INDEX
    python bench/obvious.py search INDEX QUERY
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from jieba.analyse import ChineseAnalyzer
from whoosh.fields import ID, STORED, TEXT, Schema
from whoosh.index import create_in, open_dir
from whoosh.qparser import QueryParser


def build(files: list[Path], index: Path) -> None:
    """Index files, a document for every line that is not empty."""
    analyzer = ChineseAnalyzer()
    schema = Schema(title=TEXT(stored=True, analyzer=analyzer), path=ID(stored=True), line=STORED,
                    content=TEXT(stored=True, analyzer=analyzer))  # fmt: skip
    index.mkdir(parents=True, exist_ok=True)
    writer = create_in(str(index), schema).writer()
    for file in files:
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            if line.strip():
                writer.add_document(title=file.stem, path=str(file), line=number, content=line.strip())
    writer.commit()


def open_index(folder: Path) -> Any:
    """Open an index."""
    return open_dir(str(folder))


def search(index: Any, searcher: Any, text: str) -> list[tuple[str, str]]:
    """Return title and highlighted text of the ten best paragraphs."""
    query = QueryParser("content", index.schema).parse(text)
    return [(hit["title"], hit.highlights("content")) for hit in searcher.search(query, limit=10)]


def main() -> None:
    """Run the command line."""
    if sys.argv[1] == "index":
        build(sorted(Path(sys.argv[2]).rglob("*.md")), Path(sys.argv[3]))
        return
    index = open_index(Path(sys.argv[2]))
    with index.searcher() as searcher:
        for title, text in search(index, searcher, sys.argv[3]):
            print(title, text)


if __name__ == "__main__":
    main()
