"""The account list as a page."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account, Activity, SalesOrder, Task
from scoring.models import Score, ScoreRun
from tests.factories import make_account, make_criterion, make_model

URL = "/accounts/"


def scored(*accounts: Any, total: float = 7.4) -> ScoreRun:
    model = make_model((make_criterion(), 0.6), (make_criterion(), 0.4))
    run = ScoreRun.objects.create(
        model=model, as_of=date(2026, 1, 1), weights=[0.6, 0.4], finished_at=timezone.now()
    )
    for place, account in enumerate(accounts, start=1):
        Score.objects.create(
            run=run,
            account=account,
            position=place,
            rank=place,
            previous_rank=place + 1,
            total=total - place,
            low=total - place,
            high=9,
            completeness=0.6,
            ratings=[8, None],
        )
    return run


def names(answer: Any) -> list[str]:
    return [row.account.name for row in answer.context["table"].rows]


def test_it_shows_what_a_person_sees(sign_in: Any, account: Any, bob: Any, charlie: Any) -> None:
    make_account("Foreign GmbH", owner=charlie)
    assert names(sign_in(bob).get(URL)) == [account.name]
    assert names(sign_in(charlie).get(URL)) == ["Foreign GmbH"]


def test_it_works_without_sales_and_scores(sign_in: Any, account: Any, alice: Any) -> None:
    page = sign_in(alice).get(URL, headers={"Accept-Language": "en"}).content.decode()
    assert "not rated" in page
    assert "Nothing planned" in page


@pytest.mark.parametrize("typed", ["Müller", "MUELLER", "mueller gmbh", "Müller AG"])
def test_search_finds_it_however_it_is_typed(sign_in: Any, account: Any, alice: Any, typed: str) -> None:
    make_account("Other", owner=alice)
    assert names(sign_in(alice).get(URL, {"q": typed})) == [account.name]


def test_archived_accounts_are_shown_on_request(sign_in: Any, alice: Any) -> None:
    make_account("Old", owner=alice, status="inactive")
    client = sign_in(alice)
    assert [names(client.get(URL, {"status": status})) for status in ("", "inactive", "all")] == [
        [],
        ["Old"],
        ["Old"],
    ]


def test_the_best_score_comes_first_and_no_score_last(sign_in: Any, alice: Any) -> None:
    last, second, first = (make_account(name, owner=alice) for name in ("A", "B", "C"))
    scored(first, second)
    client = sign_in(alice)
    assert names(client.get(URL, {"sort": "-score"})) == ["C", "B", "A"]
    assert names(client.get(URL, {"sort": "score"}))[0] == last.name


def test_a_missing_rating_is_drawn_as_missing(sign_in: Any, account: Any, alice: Any) -> None:
    scored(account)
    cell = sign_in(alice).get(URL).context["table"].rows[0].score
    assert cell.parts == ((0.0, pytest.approx(0.48), 1),)
    assert cell.missing == (pytest.approx(0.48), pytest.approx(0.42))


def test_columns_stand_in_the_address(sign_in: Any, account: Any, alice: Any) -> None:
    client = sign_in(alice)
    assert client.get(URL, {"columns": "city,kam"}).context["table"].columns == ["kam", "city"]
    assert client.get(URL, {"columns": ["city", "nonsense"]}).context["table"].columns == ["city"]
    assert (
        client.get(
            URL, {"columns": "score,rank,revenue,owner,kam,city,status,contact,next,updated"}
        ).status_code
        == 200
    )


def test_a_filter_keeps_every_column_that_was_chosen(sign_in: Any, account: Any, alice: Any) -> None:
    answer = sign_in(alice).get(URL, {"columns": ["city", "status"], "industry": "Tools", "cursor": ""})
    form = answer.content.decode().split('id="account-filters"')[1].split("</form>")[0]
    kept = re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)"', form)
    assert kept == [("columns", "city"), ("columns", "status"), ("industry", "Tools")]


def test_every_page_is_reached_once(sign_in: Any, alice: Any) -> None:
    for number in range(120):
        make_account(f"Customer {number:03d}", owner=alice)
    client, cursor, seen = sign_in(alice), "", []
    while True:
        answer = client.get(URL, {"cursor": cursor})
        seen += names(answer)
        cursor = answer.context["table"].page.next
        if not cursor:
            break
    assert seen == [f"Customer {number:03d}" for number in range(120)]


@pytest.mark.parametrize(
    "query",
    [
        "cursor=nonsense",
        "cursor=WyJuYW1lIiwwLDEsMl0",
        "sort=nonsense",
        "owner=x",
        "status=lost",
        "team=7",
        "columns=",
        "updated_since=x",
        "key=maybe",
        "group=x",
        "owner=0192f0c0-0000-7000-8000-000000000000",
    ],
)
def test_a_bad_address_is_no_failure(sign_in: Any, account: Any, alice: Any, query: str) -> None:
    assert sign_in(alice).get(f"{URL}?{query}").status_code == 200


def test_htmx_gets_the_table_alone(sign_in: Any, account: Any, alice: Any) -> None:
    answer = sign_in(alice).get(URL, headers={"HX-Request": "true"})
    assert answer.content.decode().strip().startswith('<section id="table"')
    assert "HX-Request" in answer["Vary"]


def test_an_empty_list_says_what_to_do(sign_in: Any, alice: Any) -> None:
    client = sign_in(alice)
    assert "No accounts yet" in client.get(URL, headers={"Accept-Language": "en"}).content.decode()
    assert "No account fits" in client.get(f"{URL}?q=x", headers={"Accept-Language": "en"}).content.decode()


def test_a_viewer_finds_no_button_to_create(sign_in: Any, account: Any, rita: Any) -> None:
    assert "/accounts/new/" not in sign_in(rita).get(URL).content.decode()


def test_a_name_is_never_markup(sign_in: Any, alice: Any) -> None:
    make_account("<script>alert(1)</script>", owner=alice)
    assert "<script>alert" not in sign_in(alice).get(URL).content.decode()


def sold(account: Any, net: str, days_ago: int = 10) -> None:
    day = timezone.localdate() - timedelta(days=days_ago)
    SalesOrder.objects.create(account=account, order_no=net, ordered_on=day, gross=net, net=net, lines=1)


def test_the_most_revenue_of_the_last_year_comes_first(sign_in: Any, alice: Any) -> None:
    small, none, large, past = (make_account(name, owner=alice) for name in ("S", "N", "L", "P"))
    for account, net in ((small, "0.10"), (small, "0.20"), (large, "0.31")):
        sold(account, net)
    sold(past, "900", days_ago=400)
    client = sign_in(alice)
    found = names(client.get(URL, {"sort": "-revenue"}))
    assert (found[:2], set(found[2:])) == ([large.name, small.name], {none.name, past.name})
    assert names(client.get(URL, {"sort": "revenue"}))[2:] == ["S", "L"]


def test_pages_by_revenue_repeat_and_lose_nobody(sign_in: Any, alice: Any) -> None:
    for number in range(120):
        sold(make_account(f"Customer {number:03d}", owner=alice), f"{number // 3}.1{number % 7}")
    client, cursor, seen = sign_in(alice), "", []
    while True:
        answer = client.get(URL, {"cursor": cursor, "sort": "-revenue"})
        seen += [row.revenue for row in answer.context["table"].rows]
        cursor = answer.context["table"].page.next
        if not cursor:
            break
    assert (len(seen), seen) == (120, sorted(seen, reverse=True))


def test_it_sorts_by_contact_and_by_what_is_due(sign_in: Any, alice: Any) -> None:
    first, second = (make_account(name, owner=alice) for name in ("A", "B"))
    Task.objects.create(account=second, title="Call", due_on=date(2026, 1, 1))
    Activity.objects.create(account=first, verb="call", occurred_at=timezone.now())
    client = sign_in(alice)
    assert names(client.get(URL, {"sort": "next"})) == ["B", "A"]
    assert names(client.get(URL, {"sort": "-contact"})) == ["A", "B"]


@pytest.mark.parametrize("sort", ["-revenue", "rank", "next", "-contact"])
def test_an_export_follows_the_order_of_the_list(sign_in: Any, alice: Any, sort: str) -> None:
    for number in range(3):
        sold(make_account(f"C{number}", owner=alice), str(number))
    client = sign_in(alice)
    lines = b"".join(client.get("/accounts/export.csv", {"sort": sort})).decode("utf-8-sig").splitlines()[1:]
    assert [line[:2] for line in lines] == names(client.get(URL, {"sort": sort}))


@pytest.mark.parametrize("sort", ["name", "-score", "-revenue", "-contact", "next"])
def test_the_number_of_queries_does_not_grow(sign_in: Any, alice: Any, team: Any, sort: str) -> None:
    client, counts = sign_in(alice), []
    for size in (5, 45):
        made = [make_account(owner=alice, team=team) for _number in range(size)]
        for account in made:
            Task.objects.create(account=account, title="Call")
            SalesOrder.objects.create(
                account=account, order_no="1", ordered_on=timezone.localdate(), gross=1, net=1, lines=1
            )
        scored(*made)
        client.get(URL)
        with CaptureQueriesContext(connection) as queries:
            client.get(URL, {"sort": sort})
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_a_row_shows_every_change_at_once(sign_in: Any, account: Any, dana: Any, bob: Any) -> None:
    """Rows are kept under all they show; a change of any of it is a row of its own."""
    client = sign_in(dana)

    def shown() -> str:
        return str(client.get("/accounts/").content.decode().partition("<tbody>")[2].partition("</tbody>")[0])

    seen = [shown(), shown()]
    assert seen[0] == seen[1]
    for change in (
        lambda: Account.objects.filter(pk=account.pk).update(brand_name="Renamed"),
        lambda: Account.objects.filter(pk=account.pk).update(industry="Optics"),
        lambda: Account.objects.filter(pk=account.pk).update(owner=bob),
        lambda: type(bob).objects.filter(pk=bob.pk).update(name="Robert"),
        lambda: Task.objects.create(account=account, title="Call the buyer"),
        lambda: type(dana).objects.filter(pk=dana.pk).update(language="en"),
    ):
        change()
        seen.append(shown())
    assert len(set(seen)) == len(seen) - 1
