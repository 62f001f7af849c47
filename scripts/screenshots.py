"""Pictures of the product with the demo company, written to docs/screenshots/.

    .venv/bin/python scripts/screenshots.py [--pages today,accounts] [--out FOLDER]

Starts the whole system on a free port with data in a temporary folder, signs in and walks through the pages in
Chromium (KAM_CHROMIUM, or /usr/bin/chromium).
"""

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = os.environ.get("KAM_CHROMIUM", "/usr/bin/chromium")
LARGEST = 250_000
# Published with the demo: reports/demo/words.py.
SIGN_IN, PASSWORD = "leonie.falk@demo.example", "demo-kam-2026"


@dataclass(frozen=True)
class Shot:
    """A page: ``path`` is an address, or a link's pattern to look for on the page ``start``."""

    name: str
    path: str
    start: str = ""
    width: int = 1280
    scheme: str = "light"


KEY_ACCOUNT = r"^/accounts/[0-9a-f-]{36}/$"
SHOTS = [
    Shot("today", "/"),
    Shot("accounts", "/accounts/"),
    Shot("account", KEY_ACCOUNT, "/accounts/?key=true&sort=-score"),
    Shot("account-dark", KEY_ACCOUNT, "/accounts/?key=true&sort=-score", scheme="dark"),
    Shot("account-phone", KEY_ACCOUNT, "/accounts/?key=true&sort=-score", width=390),
    Shot("portfolio", "/portfolio/"),
    Shot("ranking", "/scoring/ranking/"),
    Shot("decisions", "/scoring/decisions/"),
    Shot("goals", "/goals/"),
    Shot("report", r"^/reports/[0-9a-f-]{36}/$", "/reports/"),
    Shot("import", "/imports/new/"),
]


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@contextmanager
def demo() -> Iterator[str]:
    """Run the demo and yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="kam-pictures-") as folder:
        command = [sys.executable, "manage.py", "start", "--demo", "--port", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"KAM_DATA_DIR": folder})
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/healthz", process)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the address answers; ends with an error when the process does."""
    for _ in range(600):
        if process.poll() is not None:
            sys.exit("The demo did not start.")
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own address
                return
        except (URLError, OSError):
            time.sleep(0.5)
    sys.exit("The demo did not answer in five minutes.")


def take(browser: Browser, address: str, shot: Shot, out: Path, language: str) -> None:
    """Sign in, open the page and write its picture."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": 844 if shot.width < 500 else 860},
        color_scheme="dark" if shot.scheme == "dark" else "light",
        locale=language,
    )
    try:
        page = context.new_page()
        page.goto(f"{address}/sign-in/login/")
        page.fill("input[name=login]", SIGN_IN)
        page.fill("input[name=password]", PASSWORD)
        page.click(".form button[type=submit]")
        page.wait_for_url(lambda url: "/sign-in/" not in url)
        page.goto(f"{address}/settings/")  # the greeting is shown once, and not in the picture
        path = find(page, address, shot)
        if path is None:
            say(f"{shot.name}: no such page")
            return
        answer = page.goto(address + path)
        page.wait_for_load_state("networkidle")
        file = out / f"{shot.name}.png"
        page.screenshot(path=file)
        shrink(file)
        status = answer.status if answer else 0
        say(f"{shot.name}: {path} {status}, {file.stat().st_size // 1024} KB")
    finally:
        context.close()


def find(page: Page, address: str, shot: Shot) -> str | None:
    """Return the address of a shot: its path, or the first link of the start page that fits."""
    if not shot.start:
        return shot.path
    page.goto(address + shot.start)
    links = page.eval_on_selector_all("main a[href]", "links => links.map(a => a.getAttribute('href'))")
    return next((link for link in links if re.match(shot.path, link)), None)


def shrink(file: Path) -> None:
    """Reduce a picture to 256 colours where it is large and ``pngquant`` is there."""
    if tool := shutil.which("pngquant"):
        subprocess.run([tool, "--force", "--output", file, "--skip-if-larger", file], check=False)
    if file.stat().st_size > LARGEST:
        say(f"{file.name} is larger than {LARGEST // 1000} KB")


def main() -> None:
    """Take all pictures, or those named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", default="", help="names, separated by commas")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--address", default="", help="of a demo that runs already")
    parser.add_argument("--language", default="en", choices=["de", "en"])
    options = parser.parse_args()
    wanted = [shot for shot in SHOTS if not options.pages or shot.name in options.pages.split(",")]
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        if options.address:
            pictures(browser, options.address, wanted, options.out, options.language)
        else:
            with demo() as address:
                pictures(browser, address, wanted, options.out, options.language)
        browser.close()


def pictures(browser: Browser, address: str, shots: list[Shot], out: Path, language: str) -> None:
    for shot in shots:
        take(browser, address, shot, out, language)


if __name__ == "__main__":
    main()
