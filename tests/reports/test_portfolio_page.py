"""The portfolio page."""

from datetime import date, timedelta

import pytest
from django.utils import timezone, translation

from accounts.concentration import concentration
from reports.portfolio_words import sentences
from reports.queries.portfolio_before import previous_span
from tests.accounts.sales import make_lines
from tests.factories import make_account


@pytest.fixture
def market(account):
    """Alice's account with 500 yesterday, four others with 200, 150, 100 and 50."""
    yesterday = timezone.localdate() - timedelta(days=1)
    make_lines(account, ("A", yesterday, "600"), ("CA", yesterday, "-100"))
    for number, amount in enumerate(["200", "150", "100", "50"]):
        make_lines(
            make_account(f"Other {number}", external_id=f"X{number}"), (f"O{number}", yesterday, amount)
        )
    return account


def visit(client, query=""):
    return client.get(f"/portfolio/{query}")


def test_a_viewer_sees_all_accounts(sign_in, rita, market):
    page = visit(sign_in(rita))
    assert page.status_code == 200
    assert [row.name for row in page.context["shown"].rows][:2] == [market.name, "Other 0"]
    assert page.context["shown"].concentration.total == 1000


def test_others_see_their_part_and_a_note_that_says_so(sign_in, alice, rita, market, settings):
    client = sign_in(alice)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = visit(client)
    assert [row.name for row in page.context["shown"].rows] == [market.name]
    assert "Only accounts that you may see" in page.content.decode()
    assert "Only accounts that you may see" not in visit(sign_in(rita)).content.decode()


@pytest.mark.parametrize(
    ("query", "total"), [("?basis=gross", 1100), ("?period=all", 1000), ("?period=12m&level=parent", 1000)]
)
def test_basis_level_and_period_stand_in_the_address(sign_in, dana, market, query, total):
    assert visit(sign_in(dana), query).context["shown"].concentration.total == total


def test_every_year_with_sales_is_offered(sign_in, dana, account):
    make_lines(account, ("A", date(2010, 5, 1), "5"), ("B", date(2011, 5, 1), "7"))
    page = visit(sign_in(dana), "?period=2010")
    assert [period.code for period in page.context["periods"]] == ["12m", "2011", "2010", "all"]
    assert page.context["shown"].concentration.total == 5


@pytest.mark.parametrize("query", ["?period=1999", "?basis=both", "?level=team"])
def test_it_says_what_it_did_not_understand(sign_in, dana, market, query):
    page = visit(sign_in(dana), query)
    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()


@pytest.mark.parametrize("query", ["?page=99", "?page=x", "?page=-1"])
def test_a_page_that_does_not_exist_is_the_nearest_one(sign_in, dana, market, query):
    assert visit(sign_in(dana), query).status_code == 200


def test_without_sales_it_says_what_to_do(sign_in, dana):
    page = visit(sign_in(dana))
    assert page.status_code == 200
    assert 'class="empty"' in page.content.decode()


def test_reversals_that_ate_everything_leave_no_charts(sign_in, dana, account):
    make_lines(account, ("A", timezone.localdate(), "5"), ("CA", timezone.localdate(), "-5"))
    page = visit(sign_in(dana))
    assert page.context["shown"].pareto is None
    assert page.context["shown"].rows[0].share is None


def test_classes_follow_the_cumulated_share(sign_in, dana, market):
    rows = visit(sign_in(dana)).context["shown"].rows
    assert "".join(row.abc for row in rows) == "AAABC"
    assert [round(row.cumulated, 2) for row in rows] == [0.5, 0.7, 0.85, 0.95, 1.0]


@pytest.mark.parametrize("accounts", [2, 60])
def test_it_takes_the_same_number_of_queries_at_any_size(sign_in, rita, django_assert_num_queries, accounts):
    for _number in range(accounts):
        make_lines(make_account(), ("A", timezone.localdate(), "5"))
    browser = sign_in(rita)
    visit(browser)
    with django_assert_num_queries(9):
        visit(browser)


def test_the_words_say_whether_eighty_twenty_holds():
    uneven, even = concentration([900, 50, 20, 20, 10]), concentration([10] * 10)
    with translation.override("en"):
        assert any("80/20 holds" in text for text in sentences(uneven, "A", 1))
        assert any("80/20 does not hold" in text for text in sentences(even, "A", 0))


def test_a_total_that_is_not_positive_leaves_no_words():
    assert sentences(concentration([5, -5]), "A", 0) == []


def test_without_revenue_in_the_last_year_it_opens_on_everything_and_says_so(sign_in, dana, settings):
    make_lines(make_account("Old"), ("A", date(2019, 3, 1), "100"))
    client = sign_in(dana)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = visit(client)
    assert page.context["period"].code == "all"
    assert page.context["shown"].rows
    assert "There is no revenue in the last 12 months" in page.content.decode()


def test_a_period_somebody_asked_for_stays_even_if_it_is_empty(sign_in, dana):
    make_lines(make_account("Old"), ("A", date(2019, 3, 1), "100"))
    page = visit(sign_in(dana), "?period=12m")
    assert (page.context["period"].code, page.context["shown"].rows) == ("12m", [])


# --- dates of one's own, and the period before --------------------------------------------------------------


def test_free_dates_count_the_last_day(sign_in, dana, account):
    make_lines(
        account, ("A", date(2026, 1, 1), "5"), ("B", date(2026, 3, 31), "7"), ("C", date(2026, 4, 1), "9")
    )
    page = visit(sign_in(dana), "?period=own&from=2026-01-01&to=2026-03-31")
    assert page.context["shown"].concentration.total == 12
    assert page.context["period"].code == "own"


@pytest.mark.parametrize(
    "query",
    ["from=2026-03-01&to=2026-01-01", "from=&to=2026-01-01", "from=x&to=y", "from=0001-01-01&to=2026-01-01"],
)
def test_dates_that_are_none_are_named(sign_in, dana, market, query):
    page = visit(sign_in(dana), f"?period=own&{query}")
    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()


def test_the_period_stands_beside_the_one_before(sign_in, dana, account):
    other = make_account("Other", external_id="X")
    make_lines(account, ("A", date(2025, 11, 1), "100"), ("B", date(2026, 2, 1), "150"))
    make_lines(other, ("O", date(2025, 12, 1), "50"))
    before = visit(sign_in(dana), "?period=own&from=2026-01-01&to=2026-03-31").context["before"]
    assert (before.first, before.last) == (date(2025, 10, 1), date(2025, 12, 31))
    assert (before.came, before.left) == (0, 1)
    assert before.lines[0].tone == ""
    assert "0" in before.lines[0].change


def test_the_period_before_is_read_again_when_sales_change(sign_in, rita, account):
    make_lines(account, ("A", date(2025, 11, 3), "100"), ("B", date(2026, 2, 3), "80"))
    browser, quarter = sign_in(rita), "?period=own&from=2026-01-01&to=2026-03-31"
    assert "100" in visit(browser, quarter).context["before"].lines[0].before
    make_lines(make_account(), ("C", date(2025, 12, 3), "300"))
    before = visit(browser, quarter).context["before"]
    assert "400" in before.lines[0].before
    assert (before.came, before.left) == (0, 1)


def test_everything_has_nothing_before_it(sign_in, dana, market):
    assert visit(sign_in(dana), "?period=all").context["before"] is None


@pytest.mark.parametrize(
    ("start", "end", "before"),
    [
        (date(2026, 1, 1), date(2026, 4, 1), date(2025, 10, 1)),
        (date(2026, 1, 1), date(2027, 1, 1), date(2025, 1, 1)),
        (date(2026, 3, 1), date(2026, 3, 11), date(2026, 2, 19)),
        (date(2026, 1, 31), date(2026, 2, 28), date(2026, 1, 3)),
    ],
)
def test_the_period_before_is_as_long(start, end, before):
    assert previous_span(start, end) == (before, start)


def test_a_company_without_sales_is_led_to_their_import(sign_in, dana, alice):
    assert "Noch keine Umsätze" in visit(sign_in(dana)).content.decode()
    assert "/imports/" in visit(sign_in(dana)).content.decode().split("Noch keine Umsätze")[1]
