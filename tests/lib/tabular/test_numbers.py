from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam.lib.tabular.values import ValueProblem, detect_decimal, parse_decimal


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("12", ".", "12"),
        ("-12.50", ".", "-12.50"),
        ("12,5", ",", "12.5"),
        ("1.234,56", ",", "1234.56"),
        ("1.250", ",", "1250"),
        ("1.250", ".", "1.250"),
        ("1,234,567.89", ".", "1234567.89"),
        ("1'234'567.89", ".", "1234567.89"),
        ("1’234,5", ",", "1234.5"),
        ("1 234 567,89", ",", "1234567.89"),
        ("1\u00a0234,50", ",", "1234.50"),
        ("1\u202f234,50\u00a0€", ",", "1234.50"),
        ("€1,234.50", ".", "1234.50"),
        ("-€5", ".", "-5"),
        ("€ -5", ".", "-5"),
        ("CHF 12.30", ".", "12.30"),
        ("12,30 EUR", ",", "12.30"),
        ("US$12.30", ".", "12.30"),
        ("12,00-", ",", "-12.00"),
        ("(1,200.00)", ".", "-1200.00"),
        ("(€5)", ".", "-5"),
        ("+7", ".", "7"),
        ("−7,5", ",", "-7.5"),
        ("  3 ", ".", "3"),
        (".5", ".", "0.5"),
        (",5", ",", "0.5"),
        ("5.", ".", "5"),
        ("1.5E+3", ".", "1500"),
        ("2,5e-2", ",", "0.025"),
    ],
)
def test_it_reads_numbers_as_people_write_them(text, decimal, number):
    assert parse_decimal(text, decimal) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "decimal", "code"),
    [
        ("", ".", "empty"),
        ("   ", ",", "empty"),
        ("12 %", ".", "percent"),
        ("12,5", ".", "wrong_decimal"),
        ("12.5", ",", "wrong_decimal"),
        ("1.23.456", ",", "not_a_number"),
        ("1,234.567,8", ".", "not_a_number"),
        ("NaN", ".", "not_a_number"),
        ("inf", ".", "not_a_number"),
        ("-Infinity", ".", "not_a_number"),
        ("1e999999999", ".", "not_a_number"),
        ("1e999", ".", "too_many_digits"),
        ("9" * 60, ".", "too_many_digits"),
        ("--5", ".", "not_a_number"),
        ("0x10", ".", "not_a_number"),
        ("1_000", ".", "not_a_number"),
        ("١٢", ".", "not_a_number"),
        ("12 Stück", ".", "not_a_number"),
        (".", ".", "not_a_number"),
        ("-", ".", "not_a_number"),
    ],
)
def test_it_says_why_a_text_is_not_a_number(text, decimal, code):
    with pytest.raises(ValueProblem) as problem:
        parse_decimal(text, decimal)
    assert problem.value.code == code


def test_a_problem_reads_as_a_sentence_with_the_value():
    with pytest.raises(ValueProblem, match="“n/a”"):
        parse_decimal("n/a")


def test_a_long_value_is_shortened_in_its_problem():
    with pytest.raises(ValueProblem) as problem:
        parse_decimal("x" * 10_000)
    assert len(problem.value.params["value"]) == 80


decimals = st.decimals(min_value=-(10**12), max_value=10**12, places=4, allow_nan=False, allow_infinity=False)


@given(
    decimals,
    st.sampled_from(["", ",", " ", "'", "\u00a0"]),
    st.sampled_from(["{}", "{} €", "EUR {}", " {} "]),
)
def test_every_number_comes_back_from_english_notation(number, separator, frame):
    text = frame.format(f"{number:,f}".replace(",", separator))
    assert parse_decimal(text, ".") == number


@given(decimals, st.sampled_from(["", ".", " ", "’", "\u202f"]), st.booleans())
def test_every_number_comes_back_from_german_notation(number, separator, trailing_minus):
    text = f"{abs(number):,f}".translate({44: "_", 46: ","}).replace("_", separator)
    sign = "-" if number < 0 else ""
    assert parse_decimal(text + sign if trailing_minus else sign + text, ",") == number


@given(st.text(max_size=40), st.sampled_from([",", "."]))
def test_any_text_is_a_finite_number_or_a_problem(text, decimal):
    try:
        assert parse_decimal(text, decimal).is_finite()
    except ValueProblem as problem:
        assert problem.code


@pytest.mark.parametrize(
    ("samples", "guess"),
    [
        (["1.234,56"], (",", False)),
        (["1,234.56"], (".", False)),
        (["12,5", "7"], (",", False)),
        (["12.50 €"], (".", False)),
        (["0,125"], (",", False)),
        (["1.234.567"], (",", False)),
        (["1,234,567"], (".", False)),
        (["1.250"], (None, True)),
        (["1.250", "3,5"], (",", False)),
        (["5", "17"], (None, False)),
        ([], (None, False)),
        (["28.09.2025", "Müller"], (None, False)),
        (["12,5", "12.5", "3,1"], (",", True)),
    ],
)
def test_it_proves_the_decimal_sign_and_never_guesses(samples, guess):
    assert detect_decimal(samples) == guess
