"""What comes next, driven by the keyboard alone."""


def test_an_anticipation_becomes_an_opportunity_by_two_keys(sign_in_page, demo) -> None:
    page = sign_in_page()
    page.goto(f"{demo.base}/goals/contracts/?within=90")
    plan = page.locator("#contract-table a.name").first.get_attribute("href").split("#")[0]
    page.goto(demo.base + plan)
    page.locator("#ahead li").first.wait_for()
    page.keyboard.press("j")
    row = page.locator("#ahead li", has=page.locator(":focus"))
    title = row.locator("[data-row-link]").inner_text()
    with page.expect_navigation():
        page.keyboard.press("3")
    page.locator("#ahead li", has_text=title).locator(".badge.pos").wait_for()
    assert page.locator("section", has_text=title).count() >= 2
    assert page.complaints == []
