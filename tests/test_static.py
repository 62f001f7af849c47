"""House rules of styles, scripts and templates, read from the files."""

import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CSS = sorted((ROOT / "static/css").rglob("*.css"))
JS = sorted((ROOT / "static/js").rglob("*.js"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SPRITE = (ROOT / "static/img/icons.svg").read_text()
# The file as published: npm htmx.org 2.0.11, dist/htmx.min.js.
HTMX = "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"

FORBIDDEN = {
    "an inline style": r"\sstyle\s*=",
    "a style element": r"<style",
    "an inline handler": r"\son[a-z]+\s*=",
    "an inline script": r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")",
    "hx-on": r"hx-on",
    "a computed value": r"hx-vals=['\"]js:|hx-vars",
    "a trigger filter": r"hx-trigger=[\"'][^\"']*\[",
    "an address elsewhere": r"(?:src=|<link[^>]*href=)[\"']https?://",  # a link a person follows is no load
}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", CSS, ids=name)
def test_a_style_sheet_has_at_most_200_lines(path):
    assert len(path.read_text().splitlines()) <= 200


@pytest.mark.parametrize("path", JS, ids=name)
def test_a_module_has_at_most_100_lines(path):
    assert len(path.read_text().splitlines()) <= 100


@pytest.mark.parametrize("path", CSS, ids=name)
def test_colours_stand_in_the_tokens_only(path):
    if path.name not in ("tokens.css", "admin.css", "print.css"):
        colours = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text())) - {"#fff", "#141A22", "#0E1217"}
        assert not colours


@pytest.mark.parametrize("path", CSS, ids=name)
def test_every_variable_is_defined(path):
    defined = set(re.findall(r"(--[\w-]+)\s*:", "".join(each.read_text() for each in CSS)))
    used = set(re.findall(r"var\((--[\w-]+)\)", path.read_text()))
    assert used <= defined


@pytest.mark.parametrize("path", CSS, ids=name)
def test_braces_close(path):
    assert path.read_text().count("{") == path.read_text().count("}")


def test_the_one_style_sheet_imports_every_component():
    entry = (ROOT / "static/css/kam.css").read_text()
    for path in (ROOT / "static/css/components").glob("*.css"):
        assert f'url("components/{path.name}")' in entry


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_keeps_the_strict_policy(path):
    text = path.read_text()
    assert not [rule for rule, pattern in FORBIDDEN.items() if re.search(pattern, text)]


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_is_short(path):
    limit = 40 if path.name.startswith("_") else 100
    assert len(path.read_text().splitlines()) <= limit


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_icon_exists(path):
    wanted = set(re.findall(r'{% icon "([\w-]+)"', path.read_text()))
    assert wanted <= set(re.findall(r'symbol id="([\w-]+)"', SPRITE))


def test_every_module_is_imported_by_another_or_loaded_by_a_page():
    imports = set(re.findall(r'"\./([\w-]+\.js)"', "".join(path.read_text() for path in JS)))
    pages = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    assert {path.name for path in JS} <= imports | set(re.findall(r"js/([\w-]+\.js)", pages))


def test_htmx_is_the_published_file():
    assert hashlib.sha256((ROOT / "static/vendor/htmx/htmx-2.0.11.min.js").read_bytes()).hexdigest() == HTMX


def test_styles_and_scripts_stay_small():
    assert sum(len(path.read_bytes()) for path in CSS) < 110_000
    assert sum(len(path.read_bytes()) for path in JS) < 48_000


# --- one way to write a percentage: 95% in English, 95 % with a no-break space in German ----------------------------

CATALOGUE = (ROOT / "locale/de/LC_MESSAGES/django.po").read_text()
A_PERCENTAGE = r"(?:[0-9]|\)[sd])([ \u00a0]?)%(?!\()"


@pytest.mark.parametrize(("kind", "gap"), [("msgid", ""), ("msgstr", "\u00a0")])
def test_percentages_in_texts_are_written_as_the_language_does(kind: str, gap: str) -> None:
    texts = re.findall(rf'^{kind}(?:_plural|\[\d\])? "(.*)"$', CATALOGUE, re.MULTILINE)
    assert [text for text in texts for found in re.findall(A_PERCENTAGE, text) if found != gap] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_percentage_outside_of_texts_is_left_to_the_filter(path: Path) -> None:
    assert not re.search(r"(?:\}\}|[0-9])[ \u00a0]%(?![}])", path.read_text())
