"""From a Vega-Lite specification to an SVG that the strict policy, both themes and a screen reader accept.

Colours in specifications are the style sheet's variables ("var(--c1)"), so one drawing serves light and dark;
``for_paper`` puts the light values in their place for PDF and mail. Nothing is ever loaded from an address.
"""

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Literal

import vl_convert
from django.core.cache import cache as store
from django.utils.html import escape
from django.utils.safestring import SafeString

from kam.lib.formatting import is_german

Spec = dict[str, Any]
FONTS = Path(__file__).parent / "fonts"
# Part of the cache key: a change of how drawings are made makes the old ones unreachable.
EDITION = "1"
SECONDS = 24 * 3600

# The light values of static/css/tokens.css, for where no style sheet is: PDF, mail, slides.
PAPER = {
    "text": "#141A22", "muted": "#4A5565", "subtle": "#5C6879", "surface": "#FFFFFF", "sunken": "#EEF0F4",
    "line": "#E8EBF0", "border": "#D9DEE6", "border-strong": "#7C8798", "accent": "#3046C2",
    "accent-soft": "#E9ECFB", "pos": "#14713F", "neg": "#B3261E", "warn": "#8A5200", "info": "#0B5CAD",
    "c1": "#3F5ADB", "c2": "#D97C12", "c3": "#005451", "c4": "#AE2797", "c5": "#736713", "c6": "#648FE9",
    "c-other": "#9AA3B0", "ac": "#3D4856", "py": "#B4BCC8", "q1": "#EEF1FC", "q2": "#CBD4F7", "q3": "#9DAEEF",
    "q4": "#6B83E3", "q5": "#3F5ADB", "q6": "#26389A", "q7": "#141F5C",
}  # fmt: skip

_AXIS = {
    "aria": False, "domainColor": "var(--border-strong)", "gridColor": "var(--line)", "tickColor": "var(--border)",
    "labelColor": "var(--muted)", "titleColor": "var(--muted)", "labelFontSize": 12, "titleFontSize": 12,
    "titleFontWeight": "normal", "labelLimit": 170, "ticks": False, "labelPadding": 6, "domain": False,
}  # fmt: skip
CONFIG: Spec = {
    "background": None,
    "font": "Inter",
    "padding": 4,
    "view": {"stroke": None},
    "axis": _AXIS,
    "axisY": {"domain": False},
    "text": {"color": "var(--text)", "fontSize": 12, "aria": False},
    "rule": {"color": "var(--border-strong)", "aria": False},
    "bar": {"color": "var(--ac)"},
    "line": {"color": "var(--accent)", "strokeWidth": 2},
    "point": {"color": "var(--accent)", "filled": True, "size": 48, "opacity": 1},
}

PRIVATE = range(0xE000, 0xF900)
# What XML has no place for: the renderer ends the whole process over one of them, be it in a customer's name.
UNDRAWN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
_ROOT = re.compile(r'^<svg[^>]*? width="([\d.]+)" height="([\d.]+)" viewBox="([^"]+)">')
_MARK = re.compile(r'aria-label="([^"]*)" role="graphics-symbol" aria-roledescription="[^"]*"')
_ROLE = re.compile(r' (?:role="graphics-[^"]*"|aria-roledescription="[^"]*"|font-family="[^"]*")')
_WIDTH = re.compile(r'^<svg[^>]*? width="([\d.]+)"')
_VARIABLE = re.compile(r"var\(--([\w-]+)\)")


@cache
def _register_fonts() -> None:
    """Texts are measured with the face they are shown in."""
    vl_convert.register_font_directory(str(FONTS))


def render(spec: Spec, title: str, description: str) -> SafeString:
    """Return the drawing as an ``<svg role="img">`` with title and description (both plain text)."""
    language = "de" if is_german() else "en"
    text = json.dumps([EDITION, language, title, description, spec], sort_keys=True, default=str)
    key = "chart-" + hashlib.sha256(text.encode()).hexdigest()
    svg = store.get(key)
    if svg is None:
        svg = _dress(_draw(spec, language), title, description, key[6:18])
        store.set(key, svg, SECONDS)
    # Everything in it that people typed was escaped by the renderer or in _dress; tests prove both.
    return SafeString(svg)


def for_paper(svg: str) -> str:
    """Return the drawing with the light theme's colours and the font's name, for PDF, mail and slides."""
    coloured = _VARIABLE.sub(lambda match: PAPER.get(match[1], "#141A22"), svg)
    return coloured.replace("<svg ", '<svg font-family="Inter" ', 1).translate(UNDRAWN)


def width_of(svg: str) -> float:
    """Return how wide a drawing is, in pixels: its texts have 12 of them, however wide it is."""
    found = _WIDTH.search(svg)
    return float(found[1]) if found else 0.0


def _draw(spec: Spec, language: str) -> str:
    # The converter drops such data without a word (tried with file: and http:); an empty chart misleads.
    if _has_address(spec):
        raise ValueError("a chart's data stands inline, never at an address")
    _register_fonts()
    full = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", **spec, "config": CONFIG}
    locale: Literal["de-DE", "en-GB"] = "de-DE" if language == "de" else "en-GB"
    stand_ins = _stand_ins(json.dumps(full, ensure_ascii=False, default=str))
    full = _translated(full, {**UNDRAWN, **stand_ins})
    svg: str = vl_convert.vegalite_to_svg(
        full, allowed_base_urls=[], format_locale=locale, time_format_locale=locale
    )
    return svg.translate({ord(stand_in): chr(letter) for letter, stand_in in stand_ins.items()})


def _stand_ins(text: str) -> dict[int, str]:
    """Return a letter without a meaning for each that JavaScript counts as two.

    A label that is too long is cut between any two, and half a letter makes the renderer break.
    """
    free = (chr(code) for code in PRIVATE if chr(code) not in text)
    return dict(zip(sorted({ord(letter) for letter in text if letter > "\uffff"}), free, strict=False))


def _translated(part: Any, letters: dict[int, Any]) -> Any:
    if isinstance(part, dict):
        return {name: _translated(value, letters) for name, value in part.items()}
    if isinstance(part, list):
        return [_translated(value, letters) for value in part]
    return part.translate(letters) if isinstance(part, str) else part


def _has_address(part: object) -> bool:
    if isinstance(part, dict):
        return "url" in part or any(map(_has_address, part.values()))
    return isinstance(part, list) and any(map(_has_address, part))


def _dress(svg: str, title: str, description: str, anchor: str) -> str:
    """Give the drawing its name, mark what can be pointed at, drop what the page decides (roles, fonts)."""
    marked = _MARK.sub(r'data-mark="" role="img" aria-label="\1"', svg)
    plain = _ROLE.sub("", marked)
    names = f"t-{anchor} d-{anchor}"
    head = (
        rf'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-labelledby="{names}"'
        r' width="\1" height="\2" viewBox="\3">'
    )
    opened = _ROOT.sub(head, plain, count=1)
    words = (
        f'<title id="t-{anchor}">{escape(title)}</title><desc id="d-{anchor}">{escape(description)}</desc>'
    )
    end = opened.index(">") + 1
    return opened[:end] + words + opened[end:]
