"""Every kind of page that a link leads to, in both widths, themes and languages: whole, quiet and accessible."""

from typing import Any

import pytest

from tests.browser.walking import discover, what_is_wrong

# Each width, theme and language once, since a look takes minutes: the phone in German, whose words are longer.
LOOKS = [(1280, "light", "en"), (390, "dark", "de")]
FEWEST = 80
addresses: dict[str, list[str]] = {}


def everywhere(page: Any, base: str) -> list[str]:
    if base not in addresses:
        addresses[base] = discover(page, base)
    return addresses[base]


@pytest.mark.parametrize(("width", "theme", "language"), LOOKS)
def test_every_page_of_the_demo(sign_in_page, demo, width, theme, language) -> None:
    page = sign_in_page(width, theme, language)
    found = everywhere(page, demo.base)
    wrong = {address: said for address in found if (said := what_is_wrong(page, address, language))}
    assert (len(found) >= FEWEST, wrong) == (True, {})


@pytest.mark.parametrize(("width", "theme", "language"), LOOKS)
def test_every_page_before_there_is_anything(sign_in_page, empty, width, theme, language) -> None:
    page = sign_in_page(width, theme, language, where="empty")
    found = everywhere(page, empty.base)
    wrong = {address: said for address in found if (said := what_is_wrong(page, address, language))}
    assert wrong == {}


@pytest.mark.parametrize(("width", "theme", "language"), LOOKS)
def test_a_page_that_refuses_is_whole_as_well(sign_in_page, demo, width, theme, language) -> None:
    page = sign_in_page(width, theme, language)
    nowhere = f"{demo.base}/accounts/0192f0c0-0000-7000-8000-000000000000/"
    said = [line for line in what_is_wrong(page, nowhere, language) if not line.startswith("console:")]
    assert said == ["status 404"]
    page.goto(f"{demo.base}/offerings/new/")
    page.click("main form button.primary")
    page.wait_for_selector(".error-summary")
    assert page.evaluate("document.title")
