"""What a browser says about every page of the rail: nothing broken, nothing inline, nothing beyond the edge."""

import io

import pytest
from pypdf import PdfReader

from tests.browser.walking import AXE, CHECK, CUT_OFF, RULES, what_is_wrong

PAGES = [
    "/",
    "/accounts/",
    "/portfolio/",
    "/imports/",
    "/imports/new/",
    "/scoring/",
    "/scoring/ranking/",
    "/scoring/whatif/",
    "/scoring/models/",
    "/scoring/criteria/",
    "/goals/",
    "/reports/",
    "/jobs/",
    "/settings/",
    "/settings/company/",
    "/settings/api-keys/",
    "/admin/",
]
PUSH_DOWN = "n => document.querySelector('main').style.setProperty('padding-top', `${n}px`, 'important')"
VARIANTS = [(1280, "light", "de"), (1280, "dark", "en"), (390, "light", "en"), (390, "dark", "de")]


@pytest.mark.parametrize(("width", "theme", "language"), VARIANTS)
def test_every_page_is_whole(sign_in_page, demo, width, theme, language) -> None:
    page = sign_in_page(width, theme, language)
    wrong = []
    for path in PAGES:
        answer = page.goto(demo.base + path, wait_until="load")
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        spoken = page.get_attribute("html", "lang")
        if answer.status != 200 or beyond > 1 or spoken != language:
            wrong.append((path, answer.status, beyond, spoken))
    assert (wrong, page.complaints) == ([], [])


def test_the_documentation_of_the_api_is_whole(sign_in_page, demo) -> None:
    page = sign_in_page(390, "light", "en")
    page.goto(f"{demo.base}/api/v1/docs/")
    page.locator(".opblock-post .opblock-summary-control").first.click()
    page.wait_for_selector(".responses-table")
    page.wait_for_selector(".models article")
    page.evaluate(AXE)
    assert page.evaluate(CHECK, RULES) + page.complaints == []


@pytest.mark.parametrize("path", ["accounts/account/add/", "accounts/offering/add/", "users/team/add/"])
def test_the_forms_of_the_admin_panel_read_out_all_their_names(sign_in_page, demo, path) -> None:
    page = sign_in_page()
    page.goto(f"{demo.base}/admin/{path}", wait_until="networkidle")
    page.evaluate(AXE)
    assert page.evaluate(CHECK, ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]) == []


def test_a_phone_shows_the_whole_list_and_its_tools(sign_in_page, demo) -> None:
    page = sign_in_page(390, "light", "de")
    addresses = [f"{demo.base}{path}" for path in ("/accounts/", "/scoring/whatif/", "/settings/people/")]
    assert [said for at in addresses if (said := what_is_wrong(page, at, "de", axe=False))] == []
    score = page.goto(f"{demo.base}/accounts/") and page.locator(".accounts td.c-score").first.bounding_box()
    assert score["width"] > 300


def test_a_menu_on_a_phone_stays_inside_the_window(sign_in_page, demo) -> None:
    page = sign_in_page(390, "light", "de")
    page.goto(f"{demo.base}/accounts/")
    page.locator("main .menu > summary").click()
    page.wait_for_function("document.querySelector('main .menu').matches('.start, .end')")
    box = page.locator("main .menu-list").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390


def test_each_search_and_the_own_menu_are_called_what_is_seen(sign_in_page, demo) -> None:
    page = sign_in_page()
    page.goto(f"{demo.base}/accounts/")
    frame = page.locator(".bar").first.aria_snapshot()
    assert 'search "Search"' in frame
    assert "LF Your account: Leonie Falk" in frame


def test_the_bar_of_decisions_stands_in_columns(sign_in_page, demo) -> None:
    page = sign_in_page(1280, "light", "de")
    page.goto(f"{demo.base}/admin/scoring/decision/?state__exact=proposed")
    fields = page.locator("#changelist .actions :is(select, input:not([type=hidden]))").all()
    lefts = [field.bounding_box()["x"] for field in fields]
    labels = page.locator("#changelist .actions label").all()
    assert (len(lefts), [label.bounding_box()["x"] for label in labels]) == (6, lefts)


def test_the_account_page_opens_from_the_list(sign_in_page, demo) -> None:
    page = sign_in_page()
    page.goto(f"{demo.base}/accounts/")
    page.locator("main table tbody a").first.click()
    page.wait_for_url("**/accounts/*-*/")
    assert page.locator("h1").inner_text()
    assert page.complaints == []


def test_the_palette_opens_and_finds_by_keyboard_alone(sign_in_page, demo) -> None:
    page = sign_in_page()
    page.keyboard.press("Control+k")
    page.keyboard.type("Haberkorn")
    page.wait_for_selector("#palette-results a")
    assert "Haberkorn" in page.locator("#palette-results").inner_text()
    page.evaluate(AXE)
    assert page.evaluate(CHECK, RULES) == []


def test_a_key_that_the_browser_does_not_copy_is_selected(sign_in_page, demo) -> None:
    page = sign_in_page()
    page.goto(f"{demo.base}/settings/api-keys/")
    page.fill("input[name=name]", "ERP")
    page.locator("input[name=scopes]").first.check()
    page.get_by_role("button", name="Create key").click()
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    page.locator("[data-copy]").click()
    page.wait_for_function("`${getSelection()}` === document.querySelector('#secret').textContent")


def test_a_slash_goes_to_the_search_field(sign_in_page, demo) -> None:
    page = sign_in_page()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"


def test_whoever_types_into_a_filter_can_go_on_typing(sign_in_page, demo) -> None:
    page = sign_in_page()
    page.goto(f"{demo.base}/scoring/ranking/")
    page.locator("#q").focus()
    page.keyboard.type("Haber")
    page.wait_for_selector('#q[value="Haber"]:focus')
    page.keyboard.type("korn")
    page.wait_for_selector('#q[value="Haberkorn"]:focus')
    assert page.complaints == []


def test_a_moved_weight_ranks_anew_in_the_browser(sign_in_page, demo) -> None:
    page = sign_in_page()
    page.goto(f"{demo.base}/scoring/whatif/", wait_until="networkidle")
    before = page.locator("main table tbody").inner_text()
    slider = page.locator("main input[type=range]").first
    slider.focus()
    for _step in range(12):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "text => document.querySelector('main table tbody').innerText !== text", arg=before
    )
    assert page.complaints == []


def test_a_file_comes_in_through_the_wizard(sign_in_page, demo, tmp_path) -> None:
    file = tmp_path / "orders.csv"
    rows = "\n".join(f"W{n},2026-03-{n % 28 + 1:02},Wizard GmbH,ART-1,2,10.50" for n in range(40))
    file.write_text("Order,Order date,Customer,Article,Quantity,Unit price\n" + rows)
    page = sign_in_page()
    page.goto(f"{demo.base}/imports/new/")
    page.set_input_files("input[type=file]", str(file))
    for _step in ("file", "columns", "check"):
        page.locator("main form button.primary[type=submit]").first.click(timeout=60_000)
        page.wait_for_load_state("load")
    page.get_by_text("Undo the import").first.wait_for(timeout=60_000)
    page.goto(f"{demo.base}/accounts/?q=wizard")
    assert "Wizard GmbH" in page.locator("main").inner_text()
    assert page.complaints == []


def test_a_printed_head_of_a_table_stays_with_its_rows(sign_in_page, demo) -> None:
    """Wherever the page happens to end: the account page is pushed down step by step."""
    page = sign_in_page()
    page.goto(f"{demo.base}/accounts/")
    page.click("#table tbody a.name")
    page.wait_for_selector(".band-plan table")
    alone = []
    for pixels in range(0, 200, 20):
        page.evaluate(PUSH_DOWN, pixels)
        printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
        after = [
            text.rpartition("Weight")[2] for sheet in printed if "Weight" in (text := sheet.extract_text())
        ]
        alone += [pixels for rest in after if "%" not in rest]
    assert alone == []


def test_the_weights_of_a_draft_fit_on_a_phone(sign_in_page, demo) -> None:
    page = sign_in_page(390, "light", "de")
    page.goto(f"{demo.base}/scoring/models/new/")
    page.fill("[name=name]", "Draft")
    for box in page.locator("[name=criteria]").all()[:4]:
        box.check()
    page.click("main form button.primary")
    page.wait_for_selector("#result-title")
    assert page.evaluate(CUT_OFF) == []


def test_a_printed_page_keeps_its_figures_on_narrow_paper(sign_in_page, demo) -> None:
    page = sign_in_page(390, "dark", "de")
    page.goto(f"{demo.base}/accounts/?sort=-revenue")
    account = page.locator("#table tbody a.name").first.get_attribute("href")
    wide = (
        "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth + 1).map(cell => cell.innerText)"
    )
    for path in ("/portfolio/", f"{account}growth/"):
        page.goto(demo.base + path)
        page.emulate_media(media="print")
        assert (path, page.evaluate(CUT_OFF), page.eval_on_selector_all(".kpi dd", wide)) == (path, [], [])
        page.emulate_media(media="screen")
