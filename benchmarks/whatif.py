"""P13: the workbench in Chromium, from a key pressed on a slider to the frame that shows the new ranking."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from threading import Thread
from typing import Any

from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

from benchmarks.browser import as_leader
from benchmarks.measure import Row, Size, benchmark
from benchmarks.scores import AS_OF, ranked_model
from scoring.actions.runs import compute_run, create_run

CHROMIUM = os.environ.get("KAM_CHROMIUM") or shutil.which("chromium")
ROWS, PRESSES, PAUSE, PATIENCE = 500, 21, 300, 180_000
# The moment of a key is the browser's own. A message sent while a frame is prepared comes in when it is painted.
WATCH = """() => {
  const slider = document.querySelector("[data-slider]");
  window.taken = [];
  slider.addEventListener("keydown", ({ timeStamp, key }) => key.startsWith("Arrow") && requestAnimationFrame(() => {
    const painted = new MessageChannel();
    painted.port1.onmessage = () => window.taken.push(performance.now() - timeStamp);
    painted.port2.postMessage(null);
  }), { capture: true });
  slider.focus();
}"""


class _Quiet(WSGIRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


@benchmark("P13")
def what_if_in_chromium(size: Size) -> Iterator[Row]:
    if CHROMIUM is None or size.accounts < ROWS:
        return
    model = ranked_model()
    compute_run(create_run(model, as_of=AS_OF, by=None, queue=False))
    session = as_leader().cookies[settings.SESSION_COOKIE_NAME].value
    with _served() as address:
        taken = _pressed(f"{address}/scoring/whatif/", session)
    yield Row("P13", "what-if, 500 accounts × 5, key to painted", median(taken), limit=100)
    yield Row("P13", "  the slowest of 21", max(taken))


@contextmanager
def _served() -> Iterator[str]:
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
    server.set_app(get_wsgi_application())
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _pressed(address: str, session: str) -> list[float]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
        page.goto(address, wait_until="load", timeout=PATIENCE)
        assert page.locator("[data-row]").count() == ROWS
        page.evaluate(WATCH)
        for press in range(PRESSES):
            page.keyboard.press("Shift+ArrowLeft" if press % 2 else "Shift+ArrowRight")
            page.wait_for_timeout(PAUSE)
        taken: Any = page.evaluate("window.taken")
        browser.close()
    return [float(each) for each in taken]
