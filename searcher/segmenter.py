"""How is a run of Han characters cut into words?

By jieba's search mode, with the policy lexicon: a compound comes behind the shorter words in it. Where rjieba is
installed, the same algorithm over the same dictionary in Rust, it is used instead. The two differ around letters and
digits only; both are given nothing but Han characters, and cut alike.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

_DATA = Path(__file__).parent / "data"  # found sooner than by importlib.resources

_RUN_OR_MARK = re.compile(r"\w+|\W")

VERSION = "jieba0.42.1"  # whose dictionary and model rjieba has built in


class Segmenter(Protocol):
    """Cuts runs of Han characters."""

    def cut(self, text: str) -> list[str]:
        """Return the words of runs of Han characters, in order.

        Between the runs stand marks that are neither letters nor digits; each comes back as a word of its own.
        """
        ...

    def places(self, run: str) -> Iterable[tuple[str, int]]:
        """Return the words of a run in the same order, each with the place where it starts."""
        ...


@cache
def segmenter() -> Segmenter:
    """Return the fastest segmenter that is installed; loads its dictionary."""
    try:
        return RustSegmenter()
    except ImportError:
        return PythonSegmenter()


def _lexicon() -> Iterator[tuple[str, int, str]]:
    for line in (_DATA / "policy_lexicon.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            word, frequency, tag = line.split()
            yield word, int(frequency), tag


def _rjieba() -> Any:
    """Return rjieba's compiled module. Raises ImportError where it is not installed.

    The package around it would load the dictionary once more, for functions that are not used here: 0.1 s, and 20 MB.
    """
    from importlib.machinery import PathFinder  # a search cuts no text, and need not wait for these
    from importlib.util import find_spec, module_from_spec

    name = "rjieba.rjieba"
    package = find_spec("rjieba")
    spec = PathFinder.find_spec(name, package.submodule_search_locations) if package else None
    if spec is None or spec.loader is None:
        raise ImportError("rjieba is not installed")
    if name not in sys.modules:  # it is loaded once for a process, also where that uses rjieba itself
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules[name] = module
    return sys.modules[name]


class RustSegmenter:
    """rjieba. Raises ImportError where it is not installed."""

    def __init__(self) -> None:
        self._jieba = _rjieba().Jieba()
        for entry in _lexicon():
            self._jieba.add_word(*entry)

    def cut(self, text: str) -> list[str]:
        """Return the words of all runs; in one call, as each call costs as much as a short run."""
        words: list[str] = self._jieba.cut_for_search(text)
        return words

    def places(self, run: str) -> list[tuple[str, int]]:
        """Return the words of a run with their places."""
        return [(word, start) for word, start, _ in self._jieba.tokenize(run, mode="search")]


class PythonSegmenter:
    """jieba, as it was published."""

    def __init__(self) -> None:
        import logging

        import jieba

        from searcher.cachedir import private_cache_dir

        jieba.setLogLevel(logging.WARNING)
        tokenizer: Any = jieba.Tokenizer()
        # jieba would share its cache with everybody in the temporary folder, and load it with marshal.
        tokenizer.tmp_dir = str(private_cache_dir())
        tokenizer.initialize()
        for entry in _lexicon():
            tokenizer.add_word(*entry)
        self._tokenizer = tokenizer
        self._cut = lru_cache(maxsize=1 << 16)(lambda run: tuple(tokenizer.cut_for_search(run)))

    def cut(self, text: str) -> list[str]:
        """Return the words of all runs; many a short run comes again and again."""
        return list(chain.from_iterable(map(self._cut, _RUN_OR_MARK.findall(text))))

    def places(self, run: str) -> list[tuple[str, int]]:
        """Return the words of a run with their places."""
        return [(word, start) for word, start, _ in self._tokenizer.tokenize(run, mode="search")]
