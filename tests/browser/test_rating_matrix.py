"""The rating matrix by keys alone: numbers, dashes, arrows, Enter, the next page, and a cell saved elsewhere."""

from typing import Any

import pytest

from tests.running import Installation

CELLS = "table[data-rating-matrix] tbody input[data-save]"


@pytest.fixture
def matrix(sign_in_page: Any, demo: Installation) -> Any:
    page = sign_in_page()
    page.goto(f"{demo.base}/scoring/ratings/", wait_until="networkidle")
    return page


def saved(page: Any, key: str) -> str:
    """Press a key that leaves a cell, and return what the server answered."""
    with page.expect_response(lambda answer: answer.url.endswith("/save/")) as answer:
        page.keyboard.press(key)
    return str(answer.value.json().get("value"))


def test_a_page_of_cells_is_filled_by_keys_and_goes_on_with_the_next(matrix: Any) -> None:
    rows = matrix.locator("table[data-rating-matrix] tbody tr").count()
    matrix.locator(CELLS).first.focus()
    for row in range(rows - 1):
        matrix.keyboard.type(str(1 + row % 10))
        assert saved(matrix, "Enter") == str(1 + row % 10)
    matrix.keyboard.type("-")
    with matrix.expect_navigation():
        matrix.keyboard.press("Enter")
    assert "page=2" in matrix.url
    assert matrix.evaluate("document.activeElement.closest('tr').rowIndex") == 1
    with matrix.expect_navigation():
        matrix.keyboard.press("ArrowUp")
    assert matrix.evaluate("document.activeElement.value") == "–"
    assert matrix.evaluate("document.activeElement.closest('tr').rowIndex") == rows


def test_two_hundred_accounts_stand_on_one_page_and_the_keys_go_through_all(matrix: Any) -> None:
    with matrix.expect_navigation():
        matrix.get_by_label("Accounts per page").select_option("200")
    columns = matrix.locator("table[data-rating-matrix] tbody tr").first.locator("input[data-save]").count()
    matrix.locator(CELLS).nth(49 * columns).focus()
    matrix.keyboard.type("6")
    assert saved(matrix, "Enter") == "6"
    assert matrix.evaluate("document.activeElement.closest('tr').rowIndex") == 51
    matrix.locator(CELLS).nth(199 * columns).focus()
    with matrix.expect_navigation():
        matrix.keyboard.press("ArrowDown")
    assert "rows=200" in matrix.url
    assert "page=2" in matrix.url


def test_what_is_no_rating_stays_in_its_cell_and_esc_takes_it_away(matrix: Any) -> None:
    cell = matrix.locator(CELLS).nth(3)
    before = cell.input_value()
    cell.focus()
    matrix.keyboard.type("42")
    saved(matrix, "ArrowDown")
    assert cell.get_attribute("aria-invalid") == "true"
    cell.focus()
    matrix.keyboard.press("Escape")
    assert (cell.input_value(), cell.get_attribute("aria-invalid")) == (before, "false")


def test_a_cell_saved_in_another_window_is_shown_and_replaced_or_taken(matrix: Any) -> None:
    other = matrix.context.new_page()
    other.goto(matrix.url, wait_until="networkidle")
    here, there = (page.locator(CELLS).nth(5) for page in (matrix, other))
    for cell, page, value in ((there, other, "3"), (here, matrix, "8")):
        cell.focus()
        page.keyboard.type(value)
        saved(page, "ArrowDown")
    assert "3" in matrix.locator("[data-matrix-status]").inner_text()
    assert (here.input_value(), here.get_attribute("aria-invalid")) == ("8", "true")
    here.focus()
    matrix.keyboard.press("Escape")
    assert (here.input_value(), here.get_attribute("aria-invalid")) == ("3", "false")
    there.focus()
    other.keyboard.type("4")
    saved(other, "ArrowDown")
    here.focus()
    matrix.keyboard.type("9")
    saved(matrix, "ArrowDown")
    here.focus()
    assert saved(matrix, "ArrowDown") == "9"


def test_on_a_phone_an_account_is_a_card_and_the_current_tab_is_in_sight(
    sign_in_page: Any, demo: Installation
) -> None:
    page = sign_in_page(390, "dark")
    page.goto(f"{demo.base}/scoring/ratings/", wait_until="networkidle")
    cells = page.eval_on_selector_all(
        CELLS, "all => all.slice(0, 8).map((each) => each.getBoundingClientRect().x)"
    )
    assert len(set(cells)) == 1
    assert page.evaluate("document.querySelector('.scroll-x').scrollWidth") <= 390
    tab = page.locator(".tabs [aria-current]").bounding_box()
    assert 0 <= tab["x"] <= 390 - tab["width"]
