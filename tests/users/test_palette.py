"""What the command menu offers: where a person may go, and what she may begin."""

BEGIN = ["/accounts/new/", "/imports/new/", "/goals/new/"]


def offered(browser):
    page = browser.get("/accounts/").content.decode()
    menu = page[page.index('id="palette-list"') : page.index('id="palette-results"')]
    return [address for address in BEGIN if f'href="{address}"' in menu], menu


def test_a_leader_may_begin_everything_from_the_palette(sign_in, dana):
    browser = sign_in(dana)
    found, menu = offered(browser)
    assert found == BEGIN
    assert [browser.get(address).status_code for address in found] == [200] * len(found)
    assert "Account anlegen" in menu
    assert 'href="/portfolio/"' in menu


def test_what_a_viewer_may_not_do_is_not_offered(sign_in, rita):
    found, menu = offered(sign_in(rita))
    assert found == []
    assert 'href="/portfolio/"' in menu
