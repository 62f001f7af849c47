"""P4: the API of accounts against a bare Django REST framework view, alone and with four clients at once."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from statistics import median
from time import perf_counter

from django.db import connections
from django.test import Client

from benchmarks.browser import PLAIN, as_leader, get, with_key
from benchmarks.measure import Row, Size, benchmark, milliseconds

CLIENTS, REQUESTS, ROUNDS = 4, 20, 7
_numbers = count(1)


def _create(client: Client, path: str) -> None:
    body = {"name": f"Neu {next(_numbers)} GmbH", "city": "Köln"}
    answer = client.post(path, json.dumps(body), content_type="application/json")
    assert answer.status_code == 201, answer.content


def _a_second(client: Client, path: str) -> float:
    """Return how many answers a second one process gives four clients that ask at once."""

    def ask() -> None:
        for _ in range(REQUESTS):
            get(client, path)
        connections.close_all()

    get(client, path)
    start = perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        for asked in [pool.submit(ask) for _ in range(CLIENTS)]:
            asked.result()
    return CLIENTS * REQUESTS / (perf_counter() - start)


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
    yield _throughput(program, visitor)


def _throughput(program: Client, visitor: Client) -> Row:
    """Measure in turns, so that what else the machine does meets product and floor alike."""
    rounds = []
    for _ in range(ROUNDS):
        together = _a_second(program, "/api/v1/accounts/?limit=50")
        with PLAIN:
            rounds.append((together, _a_second(visitor, "/api/")))
    share = median(together / floor for together, floor in rounds)
    floor = median(floor for _, floor in rounds)
    note = f"{share:.2f} of the floor's {floor:,.0f}; {'ok' if share >= 0.5 else 'MISSED: at least 0.5'}"
    return Row(
        "P4", "API: lists a second for four clients", median(row[0] for row in rounds), "1/s", note=note
    )
