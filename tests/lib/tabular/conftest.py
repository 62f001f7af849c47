from pathlib import Path

import pytest
import xlsxwriter
from django.utils import translation


@pytest.fixture(autouse=True)
def _in_english():
    """Sentences are compared in the language they are written in."""
    with translation.override("en"):
        yield


@pytest.fixture
def make_file(tmp_path):
    """Return a function that writes bytes or text under a name and returns the path."""

    def make(content: bytes | str, name: str = "table.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        return path

    return make


@pytest.fixture
def make_workbook(tmp_path):
    """Return a function that lets ``fill`` write into a new workbook and returns the path."""

    def make(fill, name: str = "table.xlsx") -> Path:
        path = tmp_path / name
        with xlsxwriter.Workbook(path) as book:
            fill(book)
        return path

    return make
