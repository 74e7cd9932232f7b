"""What holds for every test: repeatable property tests, and nothing read from or written to the user's own folders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from searcher import Index
from searcher.cli import main
from tests.cli import Run, Said
from tests.making import Opener, write_policies

settings.register_profile(
    "policy-search",
    derandomize=True,
    deadline=None,
    print_blob=False,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("policy-search")


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Build jieba's cache once, in a temporary folder that every process of the tests shares."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        for name in ("POLICY_SEARCH_INDEX", "POLICY_SEARCH_ENGINE", "POLICY_SEARCH_SYNONYMS"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture
def opened() -> Iterator[Opener]:
    """Open indexes as ``Index.open`` does, and close them at the end of the test."""
    with ExitStack() as stack:

        def opener(path: Path, *, create: bool = False, engine: str | None = None) -> Index:
            return stack.enter_context(Index.open(path, create=create, engine=engine))

        yield opener


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder of six small documents."""
    write_policies(tmp_path / "corpus", 6)
    return tmp_path / "corpus"


@pytest.fixture
def index(tmp_path: Path, corpus: Path, opened: Opener) -> Index:
    """An index of the corpus, beside it."""
    made = opened(tmp_path / "index", create=True)
    made.update(corpus)
    return made


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Give a function that calls the command line in a folder."""

    def call(*args: str, folder: Path) -> Said:
        monkeypatch.chdir(folder)
        status = 0
        try:
            main(args)
        except SystemExit as leave:
            status = leave.code if isinstance(leave.code, int) else 0
        out, err = capsys.readouterr()
        return Said(status, out, err)

    return call
