"""Values as they are stored."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.tidy import (
    check_coordinates,
    tidy_currency,
    tidy_domain,
    tidy_email,
    tidy_phone,
    tidy_text,
    tidy_vat_id,
)
from kam.lib.errors import InvalidInput


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("https://www.Example.com/shop?x=1#top", "example.com"),
        ("example.co.uk:8443", "example.co.uk"),
        ("  EXAMPLE.DE. ", "example.de"),
        ("müller.de", "müller.de"),
        ("xn--mller-kva.de", "müller.de"),
        ("", ""),
    ],
)
def test_a_domain_is_the_bare_host(typed: str, stored: str) -> None:
    assert tidy_domain(typed) == stored


@pytest.mark.parametrize(
    "typed", ["example", "info@example.com", "-a.de", "a..de", "10.0.0.1", "a b.de", "x" * 70 + ".de"]
)
def test_what_is_no_domain_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        tidy_domain(typed)
    assert (refused.value.code, refused.value.field) == ("bad_domain", "domain")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("de 123 456 789", "DE123456789"),
        ("ATU12345678", "ATU12345678"),
        ("gr123456789", "EL123456789"),
        ("CHE-123.456.789", "CHE123456789"),
        ("", ""),
    ],
)
def test_a_vat_id_is_compact(typed: str, stored: str) -> None:
    assert tidy_vat_id(typed) == stored


@pytest.mark.parametrize("typed", ["DE12345678", "AT12345678", "FR123", "NL1", "D"])
def test_a_vat_id_of_a_member_state_follows_its_syntax(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        tidy_vat_id(typed)
    assert refused.value.code == "bad_vat_id"


@pytest.mark.parametrize("typed", ["+49 221 12345-0", "(0221) 123 45", "+44 20 7946 0000 ext. 12"])
def test_a_phone_number_stays_as_people_write_it(typed: str) -> None:
    assert tidy_phone(typed) == typed


@pytest.mark.parametrize("typed", ["123", "call me", "+49 221 1234567890123456", ""])
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        tidy_phone(typed)


def test_an_address_is_lower_case() -> None:
    assert tidy_email(" Erika@Example.COM ") == "erika@example.com"


@pytest.mark.parametrize("typed", ["erika", "a@b", "a@b.de, c@d.de"])
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        tidy_email(typed)


def test_a_currency_has_three_letters() -> None:
    assert tidy_currency("eur") == "EUR"
    with pytest.raises(InvalidInput):
        tidy_currency("Euro")


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("91", "0"), ("-90.1", "0"), ("0", "180.5"), ("50", None), (None, "7")]
)
def test_coordinates_lie_on_the_globe_and_go_together(latitude: str | None, longitude: str | None) -> None:
    with pytest.raises(InvalidInput):
        check_coordinates(Decimal(latitude) if latitude else None, Decimal(longitude) if longitude else None)


@given(st.text())
def test_tidying_text_twice_changes_nothing_more(text: str) -> None:
    assert tidy_text(tidy_text(text)) == tidy_text(text)


@given(st.text())
def test_a_domain_is_refused_or_stable(text: str) -> None:
    try:
        stored = tidy_domain(text)
    except InvalidInput:
        return
    assert tidy_domain(stored) == stored


def test_marks_that_turn_the_direction_of_what_follows_are_dropped():
    assert tidy_text("\u202eevil\u202c GmbH") == "evil GmbH"
    assert tidy_text("\u2067first\u2069\nsecond", lines=True) == "first\nsecond"
    assert tidy_text("e\u202e\u0301") == "é"
    assert tidy_text("شركة النور\u200f") == "شركة النور\u200f"
