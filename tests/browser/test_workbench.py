"""The workbench by keyboard alone, and how fast it ranks five hundred accounts anew."""

from typing import Any

import pytest

from tests.running import Installation

MORE = """
from django.db.models import F
from accounts.models import Account
from scoring.actions.runs import recompute
from scoring.models import Rating, Score, ScoreRun
run = ScoreRun.objects.latest()
patterns = list(Score.objects.filter(run=run).values_list("ratings", "facts"))
new = Account.objects.bulk_create(Account(name=f"Kunde {n:03}") for n in range(500 - len(patterns)))
Score.objects.bulk_create(
    Score(run=run, account=a, position=run.accounts + n, rank=run.accounts + n, total=1.0 + 1 / n, low=1.0,
          high=10.0, completeness=1.0, ratings=patterns[n % len(patterns)][0], facts=patterns[n % len(patterns)][1])
    for n, a in enumerate(new, start=1)
)
"""
MEASURE = """async () => {
  const slider = document.querySelector("[data-slider]");
  const times = [];
  for (let step = 0; step < 21; step++) {
    slider.value = String(Number(slider.value) + (step % 2 ? -9 : 8));
    const start = performance.now();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    document.querySelector("[data-whatif-rows]").offsetHeight;
    times.push(performance.now() - start);
    await new Promise((done) => setTimeout(done, 250));
  }
  return times.sort((a, b) => a - b)[10];
}"""
# How long this machine takes right now for what takes a free one about 20 ms: the tests share their processors.
CALIBRATE = """() => {
  const start = performance.now();
  let x = 0;
  for (let i = 0; i < 2e7; i++) x += i % 7;
  return x && performance.now() - start;
}"""
READ = """rows => rows.map((row) => [
  row.dataset.row, row.querySelector("[data-rank]").textContent, row.querySelector("[data-total]").textContent,
  row.matches(".near"), row.matches("[data-in]"),
])"""


@pytest.fixture
def workbench(sign_in_page: Any, demo: Installation) -> Any:
    page = sign_in_page()
    page.goto(f"{demo.base}/scoring/whatif/", wait_until="networkidle")
    return page


def first_row(page: Any) -> Any:
    return page.locator("[data-whatif-rows] [data-row]").first


def tab_to(page: Any, selector: str, most: int = 120) -> None:
    """Press Tab until an element has the focus."""
    for _press in range(most):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {selector}")


def value(page: Any, selector: str) -> float:
    return float(page.locator(selector).first.input_value())


def test_arrows_move_a_weight_by_one_and_with_shift_by_five(workbench: Any) -> None:
    tab_to(workbench, "[data-slider]")
    before = value(workbench, "[data-slider]")
    workbench.keyboard.press("ArrowRight")
    assert value(workbench, "[data-slider]") == before + 1
    workbench.keyboard.press("Shift+ArrowLeft")
    assert value(workbench, "[data-slider]") == before - 4
    workbench.keyboard.press("ArrowUp")
    assert value(workbench, "[data-slider]") == before - 3
    numbers = workbench.eval_on_selector_all("[data-number]", "all => all.map((each) => Number(each.value))")
    assert sum(numbers) == pytest.approx(100, abs=0.05)


def test_a_locked_weight_stays_when_another_moves(workbench: Any) -> None:
    tab_to(workbench, "[data-slider]")
    tab_to(workbench, "[data-weight='1'] [data-lock]")
    workbench.keyboard.press("Enter")
    held = workbench.locator("#w1").input_value()
    tab_to(workbench, "#r2")
    workbench.keyboard.press("Shift+ArrowRight")
    assert workbench.locator("#w1").input_value() == held


def test_brackets_move_the_line_and_rows_near_it_say_so(workbench: Any) -> None:
    tab_to(workbench, "[data-slider]")
    before = value(workbench, "[data-whatif-cut]")
    workbench.keyboard.press("]")
    workbench.keyboard.press("]")
    workbench.keyboard.press("[")
    assert value(workbench, "[data-whatif-cut]") == before + 1
    workbench.wait_for_function(
        "n => document.querySelectorAll('[data-row][data-in]').length === n", arg=before + 1
    )
    assert workbench.locator("[data-row].near").count() >= 2
    assert workbench.locator("[data-row].near .close").first.is_visible()
    last_in = "document.querySelector('[data-line]').previousElementSibling"
    workbench.wait_for_function(
        f"{last_in}.matches('[data-in]') && !{last_in}.matches('[data-in]:has(~ [data-in])')"
    )


def test_w_tells_why_and_the_focus_stays_on_the_row(workbench: Any) -> None:
    tab_to(workbench, "[data-slider]")
    for _press in range(3):
        workbench.keyboard.press("Shift+ArrowRight")
    tab_to(workbench, "[data-whatif-rows] [data-row-link]")
    workbench.keyboard.press("j")
    name = workbench.evaluate("document.activeElement.textContent")
    workbench.keyboard.press("w")
    workbench.wait_for_selector("#why table")
    assert name in workbench.locator("#why").inner_text()
    assert workbench.evaluate("document.activeElement.textContent") == name
    total = workbench.evaluate(
        "document.activeElement.closest('tr').querySelector('[data-total]').textContent"
    )
    assert total in workbench.locator("#why-title").inner_text()
    workbench.keyboard.press("]")
    assert workbench.evaluate("document.activeElement.textContent") == name
    assert workbench.complaints == []


def test_the_server_agrees_with_what_the_keys_made(workbench: Any) -> None:
    tab_to(workbench, "[data-slider]")
    for _press in range(4):
        workbench.keyboard.press("Shift+ArrowRight")
    workbench.keyboard.press("]")
    workbench.wait_for_timeout(400)
    mine = workbench.eval_on_selector_all("[data-row]", READ)
    tab_to(workbench, "form[data-whatif] button[type=submit]")
    with workbench.expect_navigation():
        workbench.keyboard.press("Enter")
    assert workbench.eval_on_selector_all("[data-row]", READ) == mine
    assert workbench.complaints == []


def test_a_scenario_is_saved_proposed_and_approved_without_a_mouse(
    workbench: Any, demo: Installation
) -> None:
    tab_to(workbench, "[data-slider]")
    for _press in range(5):
        workbench.keyboard.press("Shift+ArrowRight")
    wanted = workbench.locator("#w0").input_value()
    tab_to(workbench, "[data-scenario-name]", most=1000)
    workbench.keyboard.type("By keys alone")
    with workbench.expect_navigation():
        workbench.keyboard.press("Enter")
    assert workbench.locator("h1").inner_text() == "By keys alone"
    assert f"{float(wanted):.1f}%" in workbench.locator(".compared").inner_text()
    for form in ("/propose/", "/approve/"):
        tab_to(workbench, f"form[action$='{form}'] button.primary")
        with workbench.expect_navigation():
            workbench.keyboard.press("Enter")
    assert "Approved" in workbench.locator("main").inner_text()
    assert workbench.complaints == []


def top_of(page: Any, selector: str) -> float:
    return float(page.locator(selector).first.bounding_box()["y"])


def test_on_a_phone_the_weights_stay_above_the_rows_that_they_move(
    sign_in_page: Any, demo: Installation
) -> None:
    page = sign_in_page(390, "dark")
    page.goto(f"{demo.base}/scoring/whatif/", wait_until="networkidle")
    page.evaluate("scrollTo(0, 1200)")
    assert 0 < top_of(page, "[data-slider]") < 400
    bottom = page.evaluate("document.querySelector('.weights-sheet').getBoundingClientRect().bottom")
    rows = page.eval_on_selector_all(
        "[data-row]", "rows => rows.map((row) => row.getBoundingClientRect().top)"
    )
    assert sum(bottom < top < 840 for top in rows) >= 4
    page.click(".weights-sheet summary")
    assert not page.locator("[data-slider]").first.is_visible()
    far, shown = page.locator("[data-row]").count(), page.locator("[data-row]:visible").count()
    assert shown < far
    page.check("#all-rows")
    assert page.locator("[data-row]:visible").count() == far
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("where", ["whatif", "ranking"])
def test_on_a_phone_the_reasons_come_as_a_sheet_and_go_again(
    sign_in_page: Any, demo: Installation, where: str
) -> None:
    page = sign_in_page(390)
    page.goto(f"{demo.base}/scoring/{where}/", wait_until="networkidle")
    row = page.locator("[data-row-link]").nth(4)
    name = row.inner_text()
    row.click()
    page.wait_for_selector("#why[data-sheet] table")
    assert name in page.locator("#why").inner_text()
    assert page.evaluate("document.activeElement.id") == "why"
    page.keyboard.press("Escape")
    assert page.locator("#why[data-sheet]").count() == 0
    assert page.evaluate("document.activeElement.textContent") == name
    assert page.complaints == []


def test_five_hundred_accounts_are_ranked_anew_within_a_tenth_of_a_second(
    sign_in_page: Any, demo: Installation, record_property: Any
) -> None:
    demo.manage("shell", "-c", MORE)
    page = sign_in_page()
    page.goto(f"{demo.base}/scoring/whatif/", wait_until="networkidle")
    assert page.locator("[data-row]").count() == 500
    slowness = max(1.0, page.evaluate(CALIBRATE) / 25)
    took = page.evaluate(MEASURE)
    record_property("whatif_ms", took)
    assert took / slowness < 100, f"{took:.0f} ms on a machine {slowness:.1f} times slower than a free one"


def test_criteria_are_ordered_by_keys_and_by_drag_and_the_focus_is_never_lost(
    sign_in_page: Any, demo: Installation
) -> None:
    page = sign_in_page()
    page.goto(f"{demo.base}/scoring/models/new/")
    page.fill("[name=name]", "Ordered")
    for box in page.locator("[name=criteria]").all()[:4]:
        box.check()
    page.click("main form button.primary")
    page.wait_for_selector("#result-title")
    page.goto(f"{page.url.split('?')[0]}?method=roc", wait_until="networkidle")
    ids = "rows => rows.map((row) => row.dataset.id)"
    before = page.eval_on_selector_all("[data-sortable] > li", ids)
    tab_to(page, "[data-sortable] > li:first-child [data-move=down]")
    for _place in before[1:]:
        page.keyboard.press("Alt+ArrowDown")
        assert page.evaluate("document.activeElement.closest('li').dataset.id") == before[0]
    assert page.eval_on_selector_all("[data-sortable] > li", ids) == [*before[1:], before[0]]
    page.locator("#announce", has_text=f"in place {len(before)}").wait_for(state="attached")
    last, first = (page.locator("[data-sortable] > li").nth(place) for place in (-1, 0))
    grip, goal = last.locator("[data-handle]").bounding_box(), first.bounding_box()
    page.mouse.move(grip["x"] + 4, grip["y"] + 4)
    page.mouse.down()
    page.mouse.move(goal["x"] + 30, goal["y"] + 2, steps=20)
    page.mouse.up()
    assert page.eval_on_selector_all("[data-sortable] > li", ids) == before
