"""Where the real data sets lie: beside the project, never inside it."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PLACES = [Path(p) for p in [os.environ.get("KAM_SHARED_DATA", "")] if p] + [ROOT.parent / "shared" / "data"]


def shared_data(name: str) -> Path:
    """Return the folder of a data set, or skip the test when the data sets are not there."""
    for place in PLACES:
        if (place / name).is_dir():
            return place / name
    pytest.skip(f"data set {name} is not beside the project")
