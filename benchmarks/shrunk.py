"""P6: the list and the account page of all accounts, against the same pages when only 10,000 accounts are left.

It runs last, because it takes away what the others measure.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from accounts.models import Account
from benchmarks.browser import as_leader, get
from benchmarks.measure import Row, Size, benchmark, milliseconds

LEFT = 10_000


@benchmark("P6")
def pages_of_many(size: Size) -> Iterator[Row]:
    if size.accounts <= LEFT:
        return
    browser, account = as_leader(), Account.objects.order_by("pk")[LEFT // 2]
    pages = {"accounts list page": "/accounts/", "account page": f"/accounts/{account.pk}/"}
    of_many = {name: _milliseconds(browser, path) for name, path in pages.items()}
    _shrink()
    for name, path in pages.items():
        few = _milliseconds(browser, path)
        yield Row("P6", f"{name}, against 10,000 accounts", of_many[name], floor=few, limit=1.5)


def _milliseconds(browser: Any, path: str) -> float:
    return milliseconds(lambda: get(browser, path), times=15)


def _shrink() -> None:
    """Leave the first accounts and what belongs to them."""
    beyond = Account.objects.order_by("pk").values_list("pk", flat=True)[LEFT]
    with transaction.atomic():
        for relation in Account._meta.related_objects:
            column = f"{relation.field.attname}__gte"
            relation.related_model._base_manager.filter(**{column: beyond})._raw_delete(connection.alias)
        Account.objects.filter(pk__gte=beyond)._raw_delete(connection.alias)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
