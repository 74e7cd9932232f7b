"""What holds for every test: repeatable property tests, and nothing read from or written to the user's own folders."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

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
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        for name in ("POLICY_SEARCH_INDEX", "POLICY_SEARCH_ENGINE"):
            patch.delenv(name, raising=False)
        yield
