"""A running demo company and a Chromium to look at it; without Chromium these tests are named as not run."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.running import Installation, running

CHROMIUM = os.environ.get("KAM_CHROMIUM") or shutil.which("chromium")
LEADER, PASSWORD = "leonie.falk@demo.example", "demo-kam-2026"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="browser tests (Chromium is not installed)"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with running(tmp_path_factory.mktemp("demo"), "--demo") as installation:
        yield installation


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Ends with its module: while Playwright runs, Django takes the thread for an asynchronous one."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation without data; a key account manager, since leaders need a second factor there."""
    with running(tmp_path_factory.mktemp("empty")) as installation:
        installation.manage("create_user", LEADER, "--role", "kam", "--password-stdin", send=PASSWORD)
        yield installation


@pytest.fixture
def sign_in_page(request: pytest.FixtureRequest, chromium: Any) -> Iterator[Any]:
    """Return a function that opens a signed-in page; what the console says is collected in ``page.complaints``."""
    contexts = []

    def open_page(
        width: int = 1280, theme: str = "light", language: str = "en", *, where: str = "demo"
    ) -> Any:
        demo: Installation = request.getfixturevalue(where)
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
        context.add_cookies([{"name": "django_language", "value": language, "url": demo.base}])
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on(
            "console", lambda m: page.complaints.append(m.text) if m.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(f"{demo.base}/sign-in/login/")
        page.fill("input[name=login]", LEADER)
        page.fill("input[type=password]", PASSWORD)
        page.press("input[type=password]", "Enter")
        page.wait_for_url(f"{demo.base}/")
        return page

    yield open_page
    for context in contexts:
        context.close()
