import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam.lib.tabular.formulas import neutralise, restore
from kam.lib.tabular.values import clean_text

ATTACKS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "|calc",
    '=HYPERLINK("http://x")',
    "\t=1",
    "\r=1",
    "\n=1",
    "\tx",
    " =1",
    "\xa0=1",
    "\ufeff=1",
    "\u200b=1",
    "\u200e=1",
    "\u2060=1",
    "\u3000=1",
    "\x00=1",
    "\x1f=1",
    "＝1+1",
    "＋1",
    "－1+1",
    "＠SUM(1)",
    "=cmd|' /C calc'!A0",
    "+49 30 1234",
    "-",
    "--1",
    "-1-1",
    "=",
    "@",
    "\u2028=1",
    "\xad=1",
    "\u180e=1",
    "-5 %",
    "+A1",
    "-A1",
    '="a"&"b"',
    "-2+3+cmd|' /C calc'!D2",
    "\u202e=1",
    "\x0b=1",
    "\x0c=1",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_it_marks_what_a_spreadsheet_could_run(text):
    assert neutralise(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["", "Müller", "a=b", "O'Neil", "'tis", "5", "-5", "-12,50", "+1.234,00", "–"]
)
def test_it_leaves_harmless_texts_alone(text):
    assert neutralise(text) == text


@given(st.one_of(st.text(max_size=20), st.text("'=+-@ \t1a", max_size=8)))
def test_every_text_comes_back(text):
    assert restore(neutralise(text)) == text


def test_clean_text_removes_blanks_control_characters_and_the_mark():
    assert clean_text("  '=SUM(1) ") == "=SUM(1)"
    assert clean_text("A\x00B\x1fC") == "ABC"
    assert clean_text("\u202eevil\u2069 GmbH") == "evil GmbH"
    assert clean_text("O'Neil\nLtd") == "O'Neil\nLtd"
    assert clean_text("'quoted'") == "'quoted'"
