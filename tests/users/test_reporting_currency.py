"""The reporting currency is chosen once: amounts that were converted into it are never called something else."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from accounts.actions.rates import add_rates
from accounts.models import SalesLine
from goals.models import AccountYear, Opportunity
from kam.lib.errors import InvalidInput
from kam.users.actions import update_organisation
from kam.users.models import Organisation
from tests.factories import make_account, make_sales

pytestmark = pytest.mark.django_db
SETTINGS = {"name": "Acme", "fiscal_year_start": 1}


def sold(by: Any) -> None:
    make_sales(make_account(), [(100, date(2026, 1, 5))])


def rated(by: Any) -> None:
    add_rates([("USD", date(2026, 1, 1), Decimal("0.9"))], by=by)


def planned(by: Any) -> None:
    AccountYear.objects.create(account=make_account(), year=2026, planned_revenue=100)


def offered(by: Any) -> None:
    Opportunity.objects.create(
        account=make_account(), title="Line 2", value=100, expected_on=date(2026, 9, 1)
    )


def test_an_empty_installation_may_take_another_currency(dana: Any) -> None:
    assert update_organisation(by=dana, currency="CHF", **SETTINGS).currency == "CHF"


@pytest.mark.parametrize("keep", [sold, rated, planned, offered])
def test_a_currency_that_amounts_are_kept_in_stays(dana: Any, keep: Any) -> None:
    Organisation.current()
    keep(dana)
    with pytest.raises(InvalidInput) as refusal:
        update_organisation(by=dana, currency="CHF", **SETTINGS)
    assert (refusal.value.code, refusal.value.field) == ("currency_in_use", "currency")
    assert Organisation.current().currency == "EUR"
    assert update_organisation(by=dana, currency="EUR", **SETTINGS).name == "Acme"


def test_the_page_explains_it_at_the_field_and_keeps_the_rest(sign_in: Any, dana: Any) -> None:
    sold(dana)
    answer = sign_in(dana).post(reverse("organisation"), SETTINGS | {"currency": "CHF"})
    assert answer.status_code == 200
    assert "EUR" in str(answer.context["form"].errors["currency"])
    assert Organisation.current().name != "Acme"


def test_when_all_is_taken_back_it_may_change(dana: Any) -> None:
    Organisation.current()
    sold(dana)
    SalesLine.objects.all().delete()
    assert update_organisation(by=dana, currency="USD", **SETTINGS).currency == "USD"
