"""The check-in flow, driven by the keyboard alone."""


def test_it_checks_in_by_keyboard_and_keeps_the_draft(sign_in_page, demo) -> None:
    page = sign_in_page()
    page.goto(f"{demo.base}/goals/")
    goal = page.locator("#goals-table tbody a.name").first.get_attribute("href")
    page.goto(f"{demo.base}{goal}")
    link = page.locator("a[href^='/accounts/']:not([href='/accounts/'])").first
    account = link.get_attribute("href").strip("/").split("/")[1]
    page.goto(f"{demo.base}/goals/check-in/?account={account}")
    first = page.url
    assert page.evaluate("document.activeElement.closest('form[data-draft]') !== null")
    left = int(page.locator("h1 + .badge").inner_text().split()[0])

    page.locator("input[name=status_text]").fill("")
    page.locator("input[name=status_text]").focus()
    page.keyboard.type("Trainer booked")
    page.keyboard.press("PageDown")
    page.wait_for_url(lambda address: address != first)
    page.keyboard.press("PageUp")
    page.wait_for_url(first)
    assert page.input_value("input[name=status_text]") == "Trainer booked"
    assert page.locator("[data-draft-note]").is_visible()

    if page.locator("[name=cause]").count():
        page.locator("[name=cause]").fill("Site closed")
    page.locator("input[name=status_text]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**done=**")
    assert int(page.locator("h1 + .badge").inner_text().split()[0]) == left - 1
    assert (
        page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('kam-draft:')).length") == 0
    )
    assert page.complaints == []
