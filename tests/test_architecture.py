"""The house rules that a machine can hold: who imports whom, how long things are, what is translated."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("kam", "accounts", "scoring", "goals", "engagement", "reports")
MODULES = [f for room in ROOMS for f in (ROOT / room).rglob("*.py") if "migrations" not in f.parts]
VIEWS = [f for f in MODULES if f.stem == "views" or "views" in f.parts]
TASKS = [f for f in MODULES if f.stem == "tasks" and f.parent.name != "actions"]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]


def test_imports_point_down_only() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_no_module_is_longer_than_400_lines() -> None:
    assert [name(f) for f in MODULES if lines(f) > 400] == []


def test_the_scores_of_a_run_are_read_through_of_run() -> None:
    """A run that repeats another has none of its own; a filter by the run itself would find nothing."""
    only = {"scoring/actions/runs.py", "scoring/querysets.py"}
    direct = re.compile(r"\.filter\(run=(?!Subquery)|\brun=run, account=")
    asked = [
        f"{name(f)}: {hit[0]}"
        for f in MODULES
        if name(f) not in only
        for hit in direct.finditer(f.read_text())
    ]
    assert asked == []


def test_a_view_function_has_at_most_25_lines() -> None:
    long = [
        f"{name(f)}:{function.name}"
        for f in VIEWS
        for function in functions(f)
        if function.end_lineno - function.lineno + 1 > 25
    ]
    assert long == []


def test_a_task_has_at_most_10_lines() -> None:
    long = [
        f"{name(f)}:{fn.name}" for f in TASKS for fn in functions(f) if fn.end_lineno - fn.lineno + 1 > 10
    ]
    assert long == []


def test_a_page_has_at_most_100_lines_and_a_fragment_40() -> None:
    long = [name(t) for t in TEMPLATES if lines(t) > (40 if t.name.startswith("_") else 100)]
    assert long == []


def _style_and_script_limits() -> list[str]:
    css = [name(f) for f in (ROOT / "static" / "css").rglob("*.css") if lines(f) > 200]
    return css + [name(f) for f in (ROOT / "static" / "js").rglob("*.js") if lines(f) > 100]


def test_a_style_sheet_has_at_most_200_lines_and_a_script_100() -> None:
    assert _style_and_script_limits() == []


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="translations: gettext is not installed")
def test_every_text_is_translated_into_german(tmp_path: Path) -> None:
    committed = ROOT / "locale" / "de" / "LC_MESSAGES" / "django.po"
    copy = tmp_path / "project"
    shutil.copytree(
        ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "var", "tests", "staticfiles", "*.pyc")
    )
    command = ["makemessages", "-l", "de", "--no-location", "--no-wrap", "--no-obsolete", "-v", "0"]
    subprocess.run([sys.executable, "manage.py", *command], cwd=copy, check=True, capture_output=True)
    fresh = copy / committed.relative_to(ROOT)
    open_ = subprocess.run(
        ["msgattrib", "--untranslated", "--no-wrap", str(fresh)], capture_output=True, text=True, check=True
    ).stdout
    fuzzy = subprocess.run(
        ["msgattrib", "--only-fuzzy", str(fresh)], capture_output=True, text=True, check=True
    ).stdout
    missing = [line for line in open_.splitlines() if line.startswith("msgid ") and line != 'msgid ""']
    assert (missing, fuzzy) == ([], "")


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="translations: gettext is not installed")
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_compiled_catalogue_is_the_committed_one(tmp_path: Path, language: str) -> None:
    folder = ROOT / "locale" / language / "LC_MESSAGES"
    subprocess.run(["msgfmt", "-o", tmp_path / "django.mo", folder / "django.po"], check=True)
    assert (tmp_path / "django.mo").read_bytes() == (folder / "django.mo").read_bytes()


def test_the_committed_description_of_the_api_is_the_present_one(tmp_path: Path) -> None:
    command = [
        "spectacular",
        "--lang",
        "en",
        "--validate",
        "--fail-on-warn",
        "--file",
        str(tmp_path / "openapi.yaml"),
    ]
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True, capture_output=True)
    assert (tmp_path / "openapi.yaml").read_text() == (ROOT / "docs" / "openapi.yaml").read_text()


def test_the_description_of_the_api_tells_how_lists_are_paged_and_filtered() -> None:
    document = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text())
    operation = document["paths"]["/api/v1/accounts/"]["get"]
    asked = {parameter["name"] for parameter in operation["parameters"]}
    assert {"limit", "cursor", "order", "include", "fields", "expand", "status", "updated_since"} <= asked
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    page = document["components"]["schemas"][answer.rsplit("/", 1)[-1]]["properties"]
    assert {"next", "previous", "results"} <= page.keys()


def test_the_description_of_the_api_says_that_a_write_answers_with_plain_lists() -> None:
    document = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text())
    operation = document["paths"]["/api/v1/decisions/"]["post"]
    assert not operation.get("parameters")
    assert operation["responses"]["201"]["content"]["application/json"]["schema"]["type"] == "array"


def test_what_the_type_checker_is_told_to_ignore_has_a_reason() -> None:
    bare = re.compile(r"# type: ignore(\[[^]]*\])?\s*$")
    found = [
        f"{name(f)}:{number}"
        for f in MODULES
        for number, line in enumerate(f.read_text().splitlines(), start=1)
        if bare.search(line)
    ]
    assert found == []
