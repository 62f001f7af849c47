"""The whole retail file through the API, to the figures that were computed independently of the product."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.accounts.test_import_acceptance import RETAIL
from tests.accounts.test_import_api import finished, post
from tests.shared_data import shared_data

pytestmark = [pytest.mark.django_db, pytest.mark.acceptance]
WHOLE = {
    "accounts": "customers",
    "top20_count": "top20pct_customers",
    "accounts_for_50": "customers_for_50pct",
    "accounts_for_80": "customers_for_80pct",
    "accounts_for_95": "customers_for_95pct",
}
SHARES = {"top20_share": "top20pct_share", "top10_share": "top10_share", "gini": "gini"}


def figures(client: Any, basis: str) -> dict[str, Any]:
    query = f"from=2010-12-01&to=2011-12-10&basis={basis}&level=account"
    return client.get(f"/api/v1/portfolio/concentration/?{query}").json()


def test_the_retail_file_reaches_its_facts_over_the_api(api: Any, dana: Any) -> None:
    folder, client = shared_data("online-retail-2010-2011"), api(dana)
    facts = json.loads((folder / "facts.json").read_text())
    content = (folder / "online_retail_2010_2011.csv.gz").read_bytes()
    file = SimpleUploadedFile("retail.csv.gz", content, "application/gzip")
    columns = {f"map.{field}": column for field, column in RETAIL.items()}
    result = finished(client, post(client, file=file, source="retail", **columns))["result"]
    assert (result["rows"], result["without_account"]) == (facts["rows"], facts["rows_without_customer"])
    assert (result["rejected"], result["accounts_created"]) == (0, facts["customers_any_line"])

    gross, published = figures(client, "gross"), facts["concentration_sales"]
    assert Decimal(gross["total"]) == Decimal(str(published["total"]))
    assert {name: gross[name] for name in WHOLE} == {name: published[key] for name, key in WHOLE.items()}
    assert {name: round(gross[name], 6) for name in SHARES} == {
        n: published[key] for n, key in SHARES.items()
    }
    net = figures(client, "net")
    assert Decimal(net["total"]) == Decimal(str(facts["concentration_net"]["total"]))

    for external_id, known in list(facts["customers"].items())[:3]:
        account = client.get(f"/api/v1/accounts/?external_id={external_id}").json()["results"][0]
        found = client.get(f"/api/v1/accounts/{account['id']}/facts/?as_of=2011-12-09&basis=gross").json()
        assert Decimal(found["revenue"]) == Decimal(str(known["sales_amount"]))
        assert (found["orders"], found["tenure_days"]) == (known["invoices"], known["tenure_days"])
