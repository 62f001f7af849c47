"""Texts that a spreadsheet would run as a formula, and back.

Spreadsheets skip leading blanks and invisible characters before they decide, so these are skipped here too
(EspoCRM CVE-2026-55154 was exactly that gap). ``restore`` undoes ``neutralise`` for every text, so that an
exported file can be imported again without change.
"""

import re

from kam.lib.text import TURNING

# Signs that start a formula or a DDE call, with their full-width forms; then the blanks that hide them.
_SIGNS = r"=+\-@|＝＋－＠｜"
_HIDING = r"\s\x00-\x20\x7f-\xa0\u00ad\u180e\u200b-\u200f\u2028-\u202f\u205f-\u2064\u2066-\u206f\ufeff"
# A text that is nothing but a signed number does no harm, and the error file of an import is full of them.
_START = rf"(?![-+][0-9][0-9.,]*\Z)(?:[\t\r\n]|[{_HIDING}]*[{_SIGNS}])"
_DANGEROUS = re.compile(_START)
_MAY_BE_MARKED = re.compile(rf"'+{_START}")
_CONTROL = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff{TURNING}]")

MARK = "'"


def neutralise(text: str) -> str:
    """Return text with a leading apostrophe when a spreadsheet could take it for a formula."""
    if _DANGEROUS.match(text) or _MAY_BE_MARKED.match(text):
        return MARK + text
    return text


def restore(text: str) -> str:
    """Return what ``neutralise`` was given; other texts come back as they are."""
    return text[1:] if text.startswith(MARK) and _MAY_BE_MARKED.match(text) else text


def without_control_characters(text: str) -> str:
    """Return text without the characters that neither XML nor a reader of CSV accepts, or that turn the text around."""
    return _CONTROL.sub("", text)
