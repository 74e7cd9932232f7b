"""The folders of the user's that are ours."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs
import pytest

from searcher.cachedir import config_dir, lasting_cache_dir


@pytest.mark.parametrize("given", [None, "", " ", "/srv/somebody", "here"])
def test_our_folders_are_those_that_the_platform_has(given: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
        if given is not None:
            monkeypatch.setenv(name, given)
    assert lasting_cache_dir() == platformdirs.user_cache_path("policy-search", appauthor=False)
    assert config_dir() == platformdirs.user_config_path("policy-search", appauthor=False)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there are other rules")
def test_on_linux_they_lie_where_xdg_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert lasting_cache_dir() == tmp_path / "policy-search"
    assert config_dir() == tmp_path / "home/.config/policy-search"
