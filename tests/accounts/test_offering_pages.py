"""The pages of what is sold: list in two levels, one offering with its buyers, create, edit, delete."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Activity, Offering
from kam.integrations.models import ImportBatch
from tests.factories import make_account, make_sales

URL = "/offerings/"


def make_offering(code: str, **values: Any) -> Offering:
    return Offering.objects.create(code=code, search_text=code.lower(), **({"name": code} | values))


def sell(account: Any, offering: Offering, amount: Any, days_ago: int = 5) -> None:
    make_sales(account, [(amount, timezone.localdate() - timedelta(days=days_ago))], offering=offering)


def names(answer: Any) -> list[str]:
    return [offering.code for offering, _sales in answer.context["page"].object_list]


@pytest.fixture
def catalogue(account: Any) -> dict[str, Offering]:
    group = make_offering("MACHINES")
    made = {code: make_offering(code, parent=group) for code in ("MILL", "LATHE")}
    sell(account, made["MILL"], 100)
    sell(account, made["MILL"], -30)
    sell(account, made["LATHE"], 500)
    sell(account, made["MILL"], 35, days_ago=400)
    return made | {"MACHINES": group, "LOOSE": make_offering("LOOSE")}


def test_it_shows_revenue_buyers_and_growth(sign_in: Any, dana: Any, catalogue: Any) -> None:
    answer = sign_in(dana).get(URL)
    assert names(answer) == ["LATHE", "MILL", "LOOSE"]
    mill = {o.code: s for o, s in answer.context["page"].object_list}["MILL"]
    assert (mill.revenue, mill.accounts, mill.growth) == (70, 1, 1.0)
    [(group, sales)] = answer.context["groups"]
    assert (group.code, group.size, sales.revenue, sales.accounts) == ("MACHINES", 2, 570, 1)


def test_a_person_sees_the_sales_of_her_accounts_only(
    sign_in: Any, alice: Any, charlie: Any, catalogue: Any
) -> None:
    sell(make_account(owner=charlie), catalogue["LOOSE"], 9)
    rows = {o.code: s.revenue for o, s in sign_in(charlie).get(URL).context["page"].object_list}
    assert rows == {"LOOSE": 9, "MILL": 0, "LATHE": 0}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=mill", ["MILL"]),
        ("sort=name", ["LATHE", "LOOSE", "MILL"]),
        ("sort=-accounts", ["LATHE", "MILL", "LOOSE"]),
        ("is_active=false", []),
        ("kind=lost", []),
        ("parent=x", []),
        ("sort=nonsense&window=x&page=99", ["LATHE", "MILL", "LOOSE"]),
    ],
)
def test_search_filter_and_order_stand_in_the_address(
    sign_in: Any, dana: Any, catalogue: Any, query: str, expected: list[str]
) -> None:
    assert names(sign_in(dana).get(f"{URL}?{query}")) == expected


def test_an_import_is_seen_at_once(sign_in: Any, dana: Any, account: Any, catalogue: Any) -> None:
    client = sign_in(dana)
    client.get(URL)
    sell(account, catalogue["LOOSE"], 1000)
    ImportBatch.objects.create(file_name="new.csv")
    assert names(client.get(URL))[0] == "LOOSE"


@pytest.mark.parametrize("code", ["MILL", "MACHINES"])
def test_the_page_of_an_offering_names_its_buyers(
    sign_in: Any, dana: Any, account: Any, catalogue: Any, code: str
) -> None:
    answer = sign_in(dana).get(f"{URL}{catalogue[code].pk}/")
    [buyer] = answer.context["buyers"]
    assert (buyer.account, buyer.revenue) == (account, {"MILL": 70, "MACHINES": 570}[code])


def test_the_api_tells_the_same_figures(api: Any, dana: Any, catalogue: Any) -> None:
    url = f"/api/v1/offerings/{catalogue['MACHINES'].pk}/sales/"
    found = api(dana).get(url).json()
    assert (found["revenue"], found["accounts"], found["window"]) == ("570.00", 1, "12m")
    assert api(dana).get(f"{url}?window=x").status_code == 422
    assert api(dana).get(f"{url}?basis=net").status_code == 400


def test_it_is_created_in_a_group(sign_in: Any, dana: Any, catalogue: Any) -> None:
    data = {"code": "SAW", "name": "", "parent": str(catalogue["MACHINES"].pk), "kind": "goods"}
    sign_in(dana).post(f"{URL}new/", data | {"is_active": "True"})
    made = Offering.objects.get(code="SAW")
    assert (made.name, made.parent) == ("SAW", catalogue["MACHINES"])
    assert Activity.objects.filter(verb="offering.created", subject_id=str(made.pk)).count() == 1


def test_a_taken_code_is_refused_at_its_field(sign_in: Any, dana: Any, catalogue: Any) -> None:
    data = {"code": "MILL", "kind": "goods", "is_active": "True"}
    assert "code" in sign_in(dana).post(f"{URL}new/", data).context["form"].errors


def posted(client: Any, offering: Offering, **values: str) -> dict[str, str]:
    """What the edit form would send, with some fields typed over."""
    form = client.get(f"{URL}{offering.pk}/edit/").context["form"]
    filled = {name: str(form[name].value() if form[name].value() is not None else "") for name in form.fields}
    return filled | {f"initial-{name}": value for name, value in filled.items()} | values


def test_it_is_taken_off_sale(sign_in: Any, dana: Any, catalogue: Any) -> None:
    client, mill = sign_in(dana), catalogue["MILL"]
    client.post(f"{URL}{mill.pk}/edit/", posted(client, mill, is_active="False"))
    mill.refresh_from_db()
    assert (mill.is_active, mill.parent, mill.version) == (False, catalogue["MACHINES"], 2)


def test_two_people_at_once_see_both_versions(sign_in: Any, dana: Any, catalogue: Any) -> None:
    client, mill = sign_in(dana), catalogue["MILL"]
    data = posted(client, mill, name="Mine")
    client.post(f"{URL}{mill.pk}/edit/", posted(client, mill, name="Theirs"))
    answer = client.post(f"{URL}{mill.pk}/edit/", data)
    assert answer.status_code == 409
    assert {"Mine", "Theirs"} <= set(answer.content.decode().replace("<", ">").split(">"))


def test_what_was_sold_stays(sign_in: Any, dana: Any, catalogue: Any) -> None:
    client = sign_in(dana)
    client.post(f"{URL}{catalogue['MILL'].pk}/delete/")
    client.post(f"{URL}{catalogue['LOOSE'].pk}/delete/")
    assert set(Offering.objects.values_list("code", flat=True)) == {"MACHINES", "MILL", "LATHE"}


def test_the_code_it_was_sold_by_stays(sign_in: Any, api: Any, dana: Any, catalogue: Any) -> None:
    client, mill, loose = sign_in(dana), catalogue["MILL"], catalogue["LOOSE"]
    answer = client.post(f"{URL}{mill.pk}/edit/", posted(client, mill, code="MILL-2"))
    assert "code" in answer.context["form"].errors
    refused = api(dana).patch(
        f"/api/v1/offerings/{mill.pk}/", {"code": "MILL-2"}, headers={"If-Match": '"1"'}
    )
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/code"]
    client.post(f"{URL}{loose.pk}/edit/", posted(client, loose, code="LOOSE-2"))
    assert set(Offering.objects.values_list("code", flat=True)) == {"MACHINES", "MILL", "LATHE", "LOOSE-2"}


def test_the_number_of_queries_does_not_grow(sign_in: Any, alice: Any, catalogue: Any, account: Any) -> None:
    client, counts = sign_in(alice), []
    client.get(URL)
    for size in (3, 40):
        for number in range(size):
            sell(account, make_offering(f"{size}-{number}", parent=catalogue["MACHINES"]), 10)
        with CaptureQueriesContext(connection) as queries:
            client.get(URL)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16
