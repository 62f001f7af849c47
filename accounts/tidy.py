"""Values as we store them: stripped, normalised, checked. Form, API and import all come through here."""

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext_noop

from accounts.windows import check_day
from kam.lib.errors import InvalidInput
from kam.lib.text import TURNING

LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
PHONE = re.compile(r"\+?[0-9()/. \-]+(?:(?:ext\.?|x|DW) ?[0-9]{1,6})?", re.IGNORECASE)

# Syntax of the member states' VAT ids (European Commission, VIES FAQ, question 11); XI: Northern Ireland.
VAT_SYNTAX = {
    "AT": r"U\d{8}",
    "BE": r"[01]\d{9}",
    "BG": r"\d{9,10}",
    "CY": r"\d{8}[A-Z]",
    "CZ": r"\d{8,10}",
    "DE": r"\d{9}",
    "DK": r"\d{8}",
    "EE": r"\d{9}",
    "EL": r"\d{9}",
    "ES": r"[A-Z0-9]\d{7}[A-Z0-9]",
    "FI": r"\d{8}",
    "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}",
    "HR": r"\d{11}",
    "HU": r"\d{8}",
    "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}",
    "IT": r"\d{11}",
    "LT": r"(\d{9}|\d{12})",
    "LU": r"\d{8}",
    "LV": r"\d{11}",
    "MT": r"\d{8}",
    "NL": r"[A-Z0-9+*]{12}",
    "PL": r"\d{10}",
    "PT": r"\d{9}",
    "RO": r"\d{2,10}",
    "SE": r"\d{12}",
    "SI": r"\d{8}",
    "SK": r"\d{10}",
    "XI": r"(\d{9}|\d{12}|GD\d{3}|HA\d{3})",
}


_NO_TURNING = dict.fromkeys(map(ord, TURNING))


def tidy_text(text: str, *, lines: bool = False) -> str:
    """Return text in NFC without control characters and outer space; ``lines`` keeps line ends and tabs.

    Marks that turn the direction of what follows are dropped: they would turn the page around the name as well.
    """
    if not lines and text.isprintable() and unicodedata.is_normalized("NFC", text):
        return " ".join(text.split())
    kept = "\n\t" if lines else ""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(_NO_TURNING))
    plain = "".join(c if c in kept or unicodedata.category(c) not in ("Cc", "Cs") else " " for c in plain)
    return plain.strip() if lines else " ".join(plain.split())


def tidy_domain(text: str) -> str:
    """Return the bare host of what people paste: no scheme, path, port or «www.»; umlauts readable.

    Raises InvalidInput ``bad_domain``.
    """
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", text.strip().lower())
    host = re.split(r"[/?#]", host, maxsplit=1)[0].split(":")[0].strip(".").removeprefix("www.")
    if not host:
        return ""
    ascii_host = readable = host
    if not host.isascii() or "xn--" in host:
        try:
            ascii_host = host.encode("idna").decode("ascii")
            readable = ascii_host.encode("ascii").decode("idna")
        except UnicodeError:
            ascii_host = readable = ""
    labels = ascii_host.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or not all(LABEL.fullmatch(label) for label in labels):
        raise InvalidInput(
            "bad_domain",
            gettext_noop("“%(text)s” is not a web domain such as example.com."),
            {"text": text[:60]},
            "domain",
        )
    return readable


def tidy_vat_id(text: str) -> str:
    """Return the VAT id in capitals without spaces and dots; the syntax is checked for EU prefixes.

    Raises InvalidInput ``bad_vat_id``.
    """
    compact = re.sub(r"[\s.\-]", "", text).upper()
    if compact.startswith("GR"):
        compact = "EL" + compact[2:]
    syntax = VAT_SYNTAX.get(compact[:2], r"[A-Z0-9]{2,18}")
    if compact and not re.fullmatch(syntax, compact[2:]):
        raise InvalidInput(
            "bad_vat_id",
            gettext_noop("“%(text)s” is not a VAT id as this country writes it, for example DE123456789."),
            {"text": text[:30]},
            "vat_id",
        )
    return compact


def tidy_email(text: str) -> str:
    """Return an address in lower case. Raises InvalidInput ``bad_email``."""
    address = tidy_text(text).lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise InvalidInput(
            "bad_email",
            gettext_noop("“%(text)s” is not an e-mail address."),
            {"text": text[:80]},
            "emails",
        ) from error
    return address


def tidy_phone(text: str) -> str:
    """Return a number as typed, single spaces, 5 to 15 digits. Raises InvalidInput ``bad_phone``."""
    number = tidy_text(text)
    digits = sum(c.isdigit() for c in number)
    if not PHONE.fullmatch(number) or not 5 <= digits <= 15 or len(number) > 40:
        raise InvalidInput(
            "bad_phone", gettext_noop("“%(text)s” is not a phone number."), {"text": text[:40]}, "phones"
        )
    return number


def tidy_currency(text: str) -> str:
    """Return an ISO 4217 code in capitals. Raises InvalidInput ``bad_currency``."""
    code = text.strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise InvalidInput(
            "bad_currency",
            gettext_noop("“%(text)s” is not a currency code such as EUR."),
            {"text": text[:10]},
            "currency",
        )
    return code


SPECIAL: dict[str, Callable[[str], str]] = {
    "domain": tidy_domain,
    "vat_id": tidy_vat_id,
    "currency": tidy_currency,
}


def tidy_values(model: type[models.Model], values: dict[str, Any]) -> dict[str, Any]:
    """Return ``values`` as the fields of ``model`` store them; related rows pass through.

    Raises InvalidInput with the name of the first field that is wrong.
    """
    return {name: _tidy_value(model, name, value) for name, value in values.items()}


def check_coordinates(latitude: Decimal | None, longitude: Decimal | None) -> None:
    """Raise InvalidInput unless both are empty or both lie on the globe."""
    if (latitude is None) != (longitude is None):
        raise InvalidInput(
            "half_coordinates", gettext_noop("Latitude and longitude go together."), field="longitude"
        )
    if latitude is not None and abs(latitude) > 90:
        raise InvalidInput(
            "bad_latitude", gettext_noop("Latitude lies between −90 and 90."), field="latitude"
        )
    if longitude is not None and abs(longitude) > 180:
        raise InvalidInput(
            "bad_longitude", gettext_noop("Longitude lies between −180 and 180."), field="longitude"
        )


def _tidy_value(model: type[models.Model], name: str, value: Any) -> Any:
    field = model._meta.get_field(name)
    if field.is_relation:
        return value
    assert isinstance(field, models.Field)  # noqa: S101 - tells the type checker; relations left above
    if isinstance(value, str) and not field.choices:
        value = tidy_text(value, lines=isinstance(field, models.TextField))
        value = SPECIAL.get(name, str)(value) if isinstance(field, models.CharField) else value or None
        value = "" if value is None and isinstance(field, models.TextField) else value
    try:
        clean = field.clean(value, None)
    except ValidationError as error:
        raise InvalidInput("invalid", error.messages[0], field=name) from error
    is_day = isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField)
    return check_day(clean, name) if is_day and clean else clean
