"""Where are the shared documents that some tests read?"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[2] / "shared"


def shared() -> Path:
    """Return the folder of shared documents; skip the test where there is none.

    ``POLICY_SEARCH_SHARED`` names it, else it is ``shared`` beside the checkout.
    """
    folder = Path(os.environ.get("POLICY_SEARCH_SHARED") or _BESIDE)
    if not folder.is_dir():
        pytest.skip(f"needs the shared documents: no folder {folder} (set POLICY_SEARCH_SHARED)")
    return folder
