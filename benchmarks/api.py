"""P4: the API of accounts against a bare Django REST framework view."""

import json
from collections.abc import Iterator
from itertools import count

from django.test import Client

from benchmarks.browser import PLAIN, as_leader, get, with_key
from benchmarks.measure import Row, Size, benchmark, milliseconds

_numbers = count(1)


def _create(client: Client, path: str) -> None:
    body = {"name": f"Neu {next(_numbers)} GmbH", "city": "Köln"}
    answer = client.post(path, json.dumps(body), content_type="application/json")
    assert answer.status_code == 201, answer.content


@benchmark("P4")
def accounts_api(size: Size) -> Iterator[Row]:
    program = with_key()
    listing = milliseconds(lambda: get(program, "/api/v1/accounts/?limit=50"))
    creating = milliseconds(lambda: _create(program, "/api/v1/accounts/"))
    with PLAIN:
        visitor = as_leader()
        floor_listing = milliseconds(lambda: get(visitor, "/api/"))
        floor_creating = milliseconds(lambda: _create(visitor, "/api/"))
    yield Row("P4", "API: list of 50", listing, floor=floor_listing, limit=2)
    yield Row("P4", "API: create one account", creating, floor=floor_creating, limit=3)
