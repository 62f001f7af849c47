"""Walking through a running KAM as a signed-in person: which pages there are, and what a browser says about one."""

import re
from collections import Counter, deque
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl, urlsplit

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
IDENTITY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/|$)", re.IGNORECASE)
# Files, ways out, and the admin panel's own pages, which are Django's.
ELSEWHERE = re.compile(
    r"logout|/static/|/media/|/download|/schema|/export|/admin/.+|[./](pdf|pptx|docx|xlsx|csv|ics|json|zip|svg|png)/?$"
)
CHECK = """rules => axe.run(document, {runOnly: rules, preload: false}).then(found => found.violations.map(
    rule => `${rule.id} ×${rule.nodes.length}: ${rule.nodes[0].html.slice(0, 160)}`))"""
BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What lies beyond the edge without a way to scroll there: the page clips it, so that BEYOND does not see it.
CUT_OFF = """() => {
    const edge = document.documentElement.clientWidth + 1;
    const reachable = (element) => {
        for (let box = element.parentElement; box.tagName !== "BODY"; box = box.parentElement) {
            const scrolls = !["visible", "clip"].includes(getComputedStyle(box).overflowX);
            if (scrolls && box.getBoundingClientRect().right <= edge) return true;
        }
        return getComputedStyle(element).position === "fixed";
    };
    const shown = [...document.querySelectorAll("main :not(svg *)")].filter((element) => element.checkVisibility());
    const beyond = shown.filter((element) => element.getBoundingClientRect().right > edge && !reachable(element));
    return beyond.slice(0, 3).map((element) => element.outerHTML.slice(0, 120));
}"""

# Links that htmx would put into an element that is not there: a click on them does nothing.
LOST = """() => [...document.querySelectorAll('[hx-target^="#"]')].map((link) => link.getAttribute("hx-target"))
    .filter((target) => !document.querySelector(target))"""


def pattern(address: str) -> str:
    """Return an address without what only tells rows apart, so that one page of a kind stands for all."""
    parts = urlsplit(address)
    names = ",".join(sorted({name for name, _value in parse_qsl(parts.query)}))
    return IDENTITY.sub("{id}", parts.path) + (f"?{names}" if names else "")


def discover(page: Any, base: str, most: int = 200) -> list[str]:
    """Return one address of every kind of page that links lead to, starting at the first page."""
    queue, found, seen = deque([f"{base}/"]), [], Counter[str]()
    while queue and len(found) < most:
        address = queue.popleft()
        if ELSEWHERE.search(urlsplit(address).path) or seen[pattern(address)]:
            continue
        seen[pattern(address)] += 1
        answer = page.goto(address, wait_until="domcontentloaded")
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        found.append(address)
        links = page.eval_on_selector_all("a[href]", "all => all.map(link => link.href.split('#')[0])")
        queue.extend(link for link in links if link.startswith(base))
    return found


def what_is_wrong(page: Any, address: str, language: str, *, axe: bool = True) -> list[str]:
    """Open a page and return every objection: status, language, sideways scrolling, console, accessibility."""
    page.complaints.clear()
    answer = page.goto(address, wait_until="load")
    wrong = [] if answer.status == 200 else [f"status {answer.status}"]
    spoken = page.get_attribute("html", "lang")
    if spoken != language and "/present/" not in address:  # a report speaks the language it was written in
        wrong.append(f"speaks {spoken}")
    if (beyond := page.evaluate(BEYOND)) > 1:
        wrong.append(f"{beyond} px beyond the edge")
    wrong += [f"cut off: {element}" for element in page.evaluate(CUT_OFF)]
    wrong += [f"no {target} to answer into" for target in page.evaluate(LOST)]
    wrong += [f"console: {line[:200]}" for line in page.complaints]
    if axe:
        page.evaluate(AXE)
        wrong += page.evaluate(CHECK, RULES)
    return wrong
