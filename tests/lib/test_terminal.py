"""Commands speak the language of the terminal they are typed in."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kam.lib.terminal import reason, terminal_language

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "de_DE.UTF-8"}, "de"),
        ({"LC_ALL": "", "LANG": "de"}, "de"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_locale_decides(environment: dict[str, str], language: str) -> None:
    assert terminal_language(environment) == language


@pytest.mark.parametrize(
    ("locale", "told"), [("de_DE.UTF-8", "Diese Datei gibt es nicht."), ("C.UTF-8", "There is no such file.")]
)
def test_a_missing_file_is_told_in_the_language_of_the_terminal(
    tmp_path: Path, locale: str, told: str
) -> None:
    line = [sys.executable, "manage.py", "import_sales", "nowhere.csv", "--map", "order=A"]
    environment = os.environ | {"LC_ALL": locale, "KAM_DATA_DIR": str(tmp_path), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (1, f"CommandError: nowhere.csv: {told}")


def test_what_the_system_seldom_says_keeps_its_words(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError) as refused:
        tmp_path.read_bytes()
    assert reason(refused.value) == "Das ist ein Ordner, keine Datei."
    assert reason(OSError(28, "No space left on device")) == "No space left on device"
