"""The whole retail file through the wizard, as a person sees it: check, progress, import, result, undo."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.walking import AXE, BEYOND, CHECK, RULES
from tests.running import Installation
from tests.shared_data import shared_data

pytestmark = pytest.mark.acceptance
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# What the rows of half a million cells may take on a machine that does other things as well.
LONG = 240_000
# How far anything that can be pressed reaches beyond the window; the page itself would only cut it off.
CUT_OFF = """() => Math.max(0, ...[...document.querySelectorAll("main :is(select, input, .btn)")].map(
    (each) => each.getBoundingClientRect().right - innerWidth))"""


@pytest.fixture
def page(sign_in_page: Any, demo: Installation) -> Iterator[Any]:
    page = sign_in_page()
    page.set_default_timeout(LONG)
    yield page
    assert page.complaints == []


def looks_right(page: Any) -> None:
    """Hold the present page to axe and to both widths."""
    page.evaluate(AXE)
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)
        assert (page.evaluate(BEYOND) <= 1, page.evaluate(CUT_OFF)) == (True, 0), size
        assert page.evaluate(CHECK, RULES) == [], size


def figure(page: Any, label: str) -> int:
    """Return a figure of the page by its label."""
    text = page.locator(f"main dl > div:has(dt:has-text('{label}')) dd").first.inner_text()
    return int("".join(filter(str.isdigit, text.splitlines()[0])))


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name).first.click()
    page.wait_for_load_state("load")


def test_the_retail_file_goes_in_and_out_again(page: Any, demo: Installation) -> None:
    folder = shared_data("online-retail-2010-2011")
    facts = json.loads((folder / "facts.json").read_text())
    before = demo.manage("verify_rollups")
    page.goto(f"{demo.base}/imports/new/")
    page.set_input_files("input[type=file]", str(folder / "online_retail_2010_2011.csv.gz"))
    press(page, "Upload the file")
    chosen = page.eval_on_selector_all("select[name^=map_]", "all => all.map(one => [one.name, one.value])")
    assert ("map_order", "InvoiceNo") in map(tuple, chosen)
    looks_right(page)

    press(page, "Check the file")
    page.locator("progress").wait_for()
    page.locator("#foot").wait_for()
    assert figure(page, "Rows read") == facts["rows"]
    assert figure(page, "Without an account") == facts["rows_without_customer"]
    looks_right(page)

    press(page, "Import")
    page.wait_for_function("() => (document.querySelector(`progress`) || {}).value > 5")
    looks_right(page)
    page.get_by_role("button", name="Undo the import").first.wait_for()
    assert figure(page, "New accounts") == facts["customers_any_line"]
    looks_right(page)
    page.goto(f"{demo.base}/accounts/?q=12347")
    assert "12347" in page.locator("main table").inner_text()

    page.go_back()
    page.get_by_role("button", name="Undo the import").first.click()
    page.locator("dialog[open] button[type=submit]").click()
    page.get_by_text("Undone").first.wait_for()
    page.locator("progress").wait_for(state="detached")
    assert figure(page, "Accounts removed") == facts["customers_any_line"]
    assert figure(page, "Sales lines removed") == facts["rows"] - facts["rows_without_customer"]
    looks_right(page)
    page.goto(f"{demo.base}/accounts/?q=12347")
    assert "12347" not in page.locator("main").inner_text()
    assert demo.manage("verify_rollups") == before
