"""Presenter mode by keyboard alone: forth and back, blank, grid, full screen, notes that follow, and paper."""

import io

import pytest
from pypdf import PdfReader

TOO_SMALL = """() => [...document.querySelectorAll('.slide.on .inner *')].filter((part) => {
  const text = [...part.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  if (!text || part.closest('.vh, title, desc') || !part.checkVisibility()) return false;
  const size = parseFloat(getComputedStyle(part).fontSize);
  return (part.tagName === 'text' ? size * part.getScreenCTM().a : size) < 19.9;
}).map((part) => part.textContent)"""
FITS = "() => { const i = document.querySelector('.slide.on .inner'); return i.scrollHeight <= i.clientHeight + 1 }"


@pytest.fixture
def presenting(sign_in_page, demo):
    """A report of the demo company in presenter mode, on a screen whose slide is 1280 wide."""
    page = sign_in_page()
    page.goto(f"{demo.base}/reports/")
    page.locator("main table a").first.click()
    page.wait_for_url("**/reports/*-*/")
    page.set_viewport_size({"width": 1280, "height": 769})
    page.goto(f"{page.url}present/")
    page.wait_for_selector("body.live")
    return page


def current(page) -> int:
    return int(page.locator(".slide.on").get_attribute("data-slide"))


def test_keys_go_forth_and_back(presenting) -> None:
    for key, place in (("ArrowRight", 2), (" ", 3), ("ArrowLeft", 2), ("End", None), ("Home", 1)):
        presenting.keyboard.press(key)
        assert place is None or current(presenting) == place
    assert presenting.url.endswith("#slide-1")
    assert presenting.complaints == []


def test_every_slide_fits_and_can_be_read_from_afar(presenting, demo) -> None:
    presenting.goto(f"{demo.base}/reports/")
    shown = "links => links.map((link) => link.href).filter((address) => /reports\\/[^/]+-[^/]+\\/$/.test(address))"
    reports = presenting.eval_on_selector_all("main table a", shown)
    assert len(reports) > 4
    for report in reports:
        presenting.goto(f"{report}present/")
        presenting.wait_for_selector("body.live")
        for place in range(1, presenting.locator("[data-slide]").count() + 1):
            seen = presenting.evaluate(TOO_SMALL), presenting.evaluate(FITS)
            assert (report, place, *seen) == (report, place, [], True)
            presenting.keyboard.press("ArrowRight")


def test_b_darkens_the_screen_and_any_key_brings_it_back(presenting) -> None:
    presenting.keyboard.press("b")
    assert presenting.locator("[data-blank]").is_visible()
    presenting.keyboard.press("b")
    assert not presenting.locator("[data-blank]").is_visible()
    assert current(presenting) == 1


def test_g_shows_all_and_enter_goes_on_from_there(presenting) -> None:
    presenting.keyboard.press("g")
    assert presenting.locator(".slide:visible").count() == presenting.locator("[data-slide]").count()
    presenting.keyboard.press("ArrowRight")
    presenting.keyboard.press("Enter")
    assert presenting.locator(".slide:visible").count() == 1
    assert current(presenting) == 2


def test_f_fills_the_screen(presenting) -> None:
    presenting.keyboard.press("f")
    presenting.wait_for_function("document.fullscreenElement !== null")
    assert not presenting.locator(".show-bar").is_visible()


def test_n_opens_notes_that_follow(presenting) -> None:
    with presenting.expect_popup() as popup:
        presenting.keyboard.press("n")
    notes = popup.value
    notes.wait_for_selector(".now[data-note='1']")
    presenting.keyboard.press("ArrowRight")
    notes.wait_for_selector(".now[data-note='2']")
    notes.keyboard.press("ArrowRight")
    presenting.wait_for_selector(".slide.on[data-slide='3']")


def test_paper_gets_one_slide_a_page(presenting) -> None:
    pages = PdfReader(io.BytesIO(presenting.pdf(prefer_css_page_size=True))).pages
    assert len(pages) == presenting.locator("[data-slide]").count()
    assert pages[0].mediabox.width > pages[0].mediabox.height


def test_without_a_script_it_is_a_page_that_scrolls(chromium, presenting) -> None:
    context = chromium.new_context(
        java_script_enabled=False, storage_state=presenting.context.storage_state()
    )
    page = context.new_page()
    page.goto(presenting.url)
    assert page.locator(".slide:visible").count() == presenting.locator("[data-slide]").count()
    context.close()
