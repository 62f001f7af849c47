"""P1, P2, P3, P5, P18: the pages everybody opens all day."""

import gzip
import re
from collections.abc import Iterator
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.contrib.staticfiles import finders

from accounts.models import Account
from benchmarks.browser import PLAIN, as_leader, get, leader, queries
from benchmarks.measure import Row, Size, benchmark, milliseconds

DEEP = 100
NEXT = re.compile(r'rel="next" href="([^"]+)"')


@benchmark("P1")
def account_list(size: Size) -> Iterator[Row]:
    browser, path = as_leader(), "/accounts/"
    product = milliseconds(lambda: get(browser, path))
    with PLAIN:
        visitor = as_leader()
        floor = milliseconds(lambda: get(visitor, "/list/"))
    yield Row("P1", "accounts list page, 50 rows", product, floor=floor, limit=2)
    yield Row("P1", "  its statements", queries(browser, path), "", limit=8)


@benchmark("P2")
def account_page(size: Size) -> Iterator[Row]:
    browser, account = as_leader(), Account.objects.order_by("pk")[size.accounts // 2]
    path = f"/accounts/{account.pk}/"
    product = milliseconds(lambda: get(browser, path))
    with PLAIN:
        visitor = as_leader()
        floor = milliseconds(lambda: get(visitor, f"/detail/{account.pk}/"))
    yield Row("P2", "account page", product, floor=floor, limit=5)
    yield Row("P2", "  its statements", queries(browser, path), "", limit=12)


@benchmark("P3")
def search(size: Size) -> Iterator[Row]:
    visible = Account.objects.visible_to(leader())
    for kind, words in (
        ("a rare word", f"K{size.accounts}"),
        ("a common word", "kunde"),
        ("nothing", "xyzzyq"),
    ):
        found = visible.search(words).order_by("sort_key")[:8]
        yield Row("P3", f"search box: {kind}", milliseconds(partial(_fetch, found)), limit=15)


def _fetch(found: Any) -> None:
    """Ask again, whatever the queryset remembers."""
    list(found.all())


@benchmark("P5")
def deep_pages(size: Size) -> Iterator[Row]:
    browser = as_leader()
    for sort in ("name", "-name", "-score"):
        first = path = f"/accounts/?sort={sort}"
        page = 1
        while page < DEEP and (found := NEXT.search(get(browser, path).content.decode())):
            path, page = "/accounts/" + unescape(found[1]), page + 1
        product = milliseconds(partial(get, browser, path))
        floor = milliseconds(partial(get, browser, first))
        yield Row("P5", f"page {page} by {sort}, against page 1", product, floor=floor, limit=1.3)


@benchmark("P18")
def weight(size: Size) -> Iterator[Row]:
    browser = as_leader()
    page = get(browser, "/accounts/").content
    yield Row("P18", "HTML of a list page", len(page) / 1024, "KB", limit=60)
    for kind, pattern, limit in (("JavaScript", "src", 60), ("CSS", "href", 30)):
        ending = ".js" if kind == "JavaScript" else ".css"
        yield Row(
            "P18", f"{kind} of a page, compressed", _loaded(page.decode(), pattern, ending), "KB", limit=limit
        )


def _loaded(page: str, attribute: str, ending: str) -> float:
    """Return the compressed size in KB of what a page loads, with everything that imports."""
    seen: dict[str, int] = {}
    wanted = [path for path in re.findall(rf'{attribute}="(/static/[^"]+)"', page) if path.endswith(ending)]
    while wanted:
        path = wanted.pop()
        if path in seen:
            continue
        text = _static(path)
        seen[path] = len(gzip.compress(text))
        names = re.findall(rb"""(?:from|import|url\()\s*["']([^"']+)["']""", text)
        base = path.rsplit("/", 1)[0]
        wanted += [_joined(base, name.decode()) for name in names if name.decode().endswith(ending)]
    return sum(seen.values()) / 1024


def _joined(base: str, name: str) -> str:
    return name if name.startswith("/") else f"{base}/{name.removeprefix('./')}"


def _static(path: str) -> bytes:
    name = re.sub(r"\.[0-9a-f]{12}(?=\.\w+$)", "", path.removeprefix("/static/"))
    found = finders.find(quote(name))
    return Path(str(found)).read_bytes() if found else b""
