"""How paths are shown: so that they can be used from the folder that one is in."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from searcher.catalogue import Catalogue


@pytest.mark.parametrize("here", [".", "documents", "documents/2024", "elsewhere"])
@pytest.mark.parametrize("file", ["a.md", "documents/a.md", "documents/2024/关于 数据.txt"])
def test_a_shown_path_is_that_of_the_file_from_wherever_it_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: str, file: str
) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    (tmp_path / here).mkdir(parents=True, exist_ok=True)
    catalogue = Catalogue(tmp_path / "index")
    known = catalogue.path(path)
    for folder in (tmp_path / here, tmp_path):  # the same file, from one folder and then from another
        monkeypatch.chdir(folder)
        shown = catalogue.shown(known)
        assert Path(shown).samefile(path)
        assert Path(shown).is_absolute() != path.is_relative_to(folder)


def test_a_file_in_the_root_folder_is_shown_as_it_is() -> None:
    known = f"{Path(os.sep)}a.md"
    assert Catalogue(Path(os.sep, "some", "index")).shown(Path(known).as_posix()) == known


def test_what_a_script_added_has_no_path() -> None:
    assert Catalogue(Path("index")).shown("added:1") == ""
