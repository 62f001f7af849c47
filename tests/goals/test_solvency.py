"""Z-scores by the published coefficients, and how invoices were paid."""

import csv
import json
from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from accounts.arithmetic import CannotCompute
from goals.solvency import (
    Z_LISTED,
    Z_PRIVATE,
    Z_SERVICES,
    BalanceSheet,
    Invoice,
    ZModel,
    balance_ratios,
    payment_behaviour,
    z_score,
)
from tests.reference_cases import reference_cases, tolerance
from tests.shared_data import shared_data

AS_OF = date(2026, 6, 30)


def test_the_z_score_of_a_listed_firm_is_the_textbook_one():
    found = z_score({"x1": 0.1, "x2": 0.2, "x3": 0.13, "x4": 0.65, "x5": 0.95}, Z_LISTED)
    assert (round(found.z, 5), found.zone) == (2.16805, "grey")


def test_the_z_score_of_a_private_firm():
    found = z_score({"x1": 0.25, "x2": 0.3, "x3": 0.15, "x4": 1.2, "x5": 1.8})
    assert (found.z, found.zone) == (pytest.approx(3.1998), "safe")


def test_a_service_firm_is_not_asked_for_its_sales():
    found = z_score({"x1": 0.1, "x2": 0.1, "x3": 0.1, "x4": 0.5}, Z_SERVICES)
    assert found.z == pytest.approx(0.656 + 0.326 + 0.672 + 0.525)
    assert found.zone == "grey"


@pytest.mark.parametrize(("z", "zone"), [(1.22, "distress"), (1.23, "grey"), (2.9, "grey"), (2.91, "safe")])
def test_a_score_on_a_limit_is_grey(z, zone):
    assert z_score({"x1": z}, ZModel({"x1": 1}, Z_PRIVATE.limits)).zone == zone


def test_a_missing_ratio_is_named():
    with pytest.raises(CannotCompute) as refusal:
        z_score({"x1": 1, "x3": 1})
    assert refusal.value.params == {"names": "x2, x4, x5"}


def test_the_ratios_come_from_the_balance_sheet():
    sheet = BalanceSheet(10, 20, 13, Decimal(26), 95, total_assets=100, total_liabilities=40)
    assert balance_ratios(sheet) == {"x1": 0.1, "x2": 0.2, "x3": 0.13, "x4": 0.65, "x5": 0.95}


@pytest.mark.parametrize(("assets", "liabilities"), [(0, 40), (100, 0)])
def test_a_balance_without_assets_or_liabilities_is_refused(assets, liabilities):
    with pytest.raises(CannotCompute) as refusal:
        balance_ratios(BalanceSheet(1, 1, 1, 1, 1, assets, liabilities))
    assert refusal.value.code == "balance_not_positive"


def invoice(amount, settled_on, due_on=date(2026, 5, 31)):
    return Invoice(Decimal(amount), date(2026, 5, 1), due_on, settled_on)


def test_days_beyond_terms_weigh_by_amount():
    found = payment_behaviour([invoice(300, date(2026, 6, 10)), invoice(100, date(2026, 5, 21))], AS_OF)
    assert (found.days_beyond_terms, found.mean_days_late, found.share_late) == (5.0, 5.0, 0.5)
    assert (found.mean_days_to_settle, found.weighted_days_to_settle) == (30.0, 35.0)
    assert found.longest_days_late == 10


def test_open_invoices_are_no_payment_yet():
    found = payment_behaviour([invoice(300, None), invoice(100, None, due_on=AS_OF)], AS_OF)
    assert (found.settled, found.days_beyond_terms) == (0, None)
    assert (found.overdue_invoices, found.overdue_amount) == (1, 300)


def test_a_later_payment_is_not_known_yet():
    found = payment_behaviour([invoice(300, date(2026, 7, 1))], AS_OF)
    assert (found.invoices, found.settled, found.overdue_invoices) == (1, 0, 1)


def test_an_account_without_invoices_leaves_everything_open():
    found = payment_behaviour([], AS_OF)
    assert (found.invoices, found.share_late, found.longest_days_late, found.overdue_amount) == (
        0,
        None,
        None,
        0,
    )


def test_it_agrees_with_the_reference_cases():
    for case in reference_cases("solvency", "altman"):
        model = ZModel(case["input"]["coefficients"], tuple(case["input"]["zones"]))
        found = z_score(case["input"]["ratios"], model)
        # One case says 3.1999 where its own products add up to 3.1998: on the very edge of its tolerance.
        assert found.z == pytest.approx(case["expected"]["z"], abs=tolerance(case) + 1e-12)
        assert found.zone == case["expected"]["zone"]


def test_the_coefficients_are_the_published_ones():
    (case,) = reference_cases("solvency", "constant")
    published = case["expected"]
    assert ZModel(published["Z"], tuple(published["Z_zones"])) == Z_LISTED
    assert ZModel(published["Z_private_firms"], tuple(published["Z_private_zones"])) == Z_PRIVATE
    services = published["Z_double_prime_non_manufacturers"]
    assert ZModel(services, tuple(published["Z_double_prime_zones"])) == Z_SERVICES


def day(text):
    month, number, year = map(int, text.split("/"))
    return date(year, month, number)


@pytest.mark.acceptance
def test_it_reaches_the_facts_of_a_real_ledger():
    place, per_customer = shared_data("accounts-receivable"), defaultdict(list)
    with (place / "accounts_receivable.csv").open(newline="") as rows:
        for row in csv.DictReader(rows):
            days = [day(row[name]) for name in ("InvoiceDate", "DueDate", "SettledDate")]
            per_customer[row["customerID"]].append(Invoice(Decimal(row["InvoiceAmount"]), *days))
    facts = json.loads((place / "facts.json").read_text())
    everything = [invoice for invoices in per_customer.values() for invoice in invoices]
    groups = [(everything, facts["overall"])]
    groups += [(per_customer[name], expected) for name, expected in facts["worst5_by_avg_days_late"].items()]
    for invoices, expected in groups:
        found = payment_behaviour(invoices, date(2014, 12, 31))
        assert round(found.mean_days_late, 4) == expected["avg_days_late"]
        assert round(found.share_late, 6) == expected["share_late"]
        assert found.longest_days_late == expected["max_days_late"]
        assert round(found.mean_days_to_settle, 4) == expected["avg_days_to_settle"]
        assert round(found.weighted_days_to_settle, 4) == expected["amount_weighted_days_to_settle"]
