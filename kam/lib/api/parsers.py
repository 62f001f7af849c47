"""JSON in, with the limits that keep hostile documents from becoming 500s."""

import codecs
import json
import re
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, MultiPartParser

from kam.lib.text import is_storable

MAX_DEPTH = 20
MAX_DIGITS = 100
# A string is skipped whole; one that never ends as well, or each quote in it would be tried as the next beginning.
TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)


class StrictJSONParser(BaseParser):
    """UTF-8 JSON of at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes and 20 levels.

    NaN and infinities, duplicate keys, NUL, lone surrogates and numbers of more than 100 digits are
    refused, because a database refuses them later and less politely.
    """

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        raw = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(raw) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise ParseError(_("The document is larger than 2 MB."), code="too_large")
        try:
            text = codecs.decode(raw, "utf-8-sig")
        except UnicodeDecodeError as error:
            raise ParseError(_("The document is not UTF-8."), code="bad_encoding") from error
        _check_depth(text)
        try:
            document = json.loads(
                text,
                parse_constant=_refuse_constant,
                parse_int=_integer,
                parse_float=_number,
                object_pairs_hook=_unique,
            )
        except json.JSONDecodeError as error:
            place = {"line": error.lineno, "column": error.colno}
            text = _("The document is not valid JSON: line %(line)s, column %(column)s.") % place
            raise ParseError(text, code="bad_json") from error
        except ValueError as error:
            raise ParseError(
                _("The document is not valid JSON: %(error)s") % {"error": error}, code="bad_json"
            ) from error
        check_strings(document)
        return document


class FormParser(MultiPartParser):
    """A form with files; one that cannot be taken apart is refused in the language of the caller."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except ParseError as error:
            text = _("The form cannot be taken apart into its fields: its boundary or encoding does not fit.")
            raise ParseError(text, code="bad_form") from error


def _check_depth(text: str) -> None:
    depth = 0
    for token in TOKENS.finditer(text):
        mark = token.group()[0]
        if mark in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise ParseError(_("The document is nested too deeply."), code="too_deep")
        elif mark in "]}":
            depth -= 1


def _refuse_constant(name: str) -> None:
    raise ValueError(_("%(name)s is no number in JSON") % {"name": name})


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError(_("a number has too many digits"))
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if len(digits) > MAX_DIGITS or value in (float("inf"), float("-inf")):
        raise ValueError(_("a number is out of range"))
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError(_("a key stands twice in one object"))
    return document


def check_strings(value: Any) -> None:
    """Raise a ParseError for a text, anywhere in a document, that no database takes."""
    if isinstance(value, str):
        if not is_storable(value):
            raise ParseError(_("A text has characters that cannot be stored."), code="bad_text")
    elif isinstance(value, dict):
        for key, item in value.items():
            check_strings(key)
            check_strings(item)
    elif isinstance(value, list):
        for item in value:
            check_strings(item)
