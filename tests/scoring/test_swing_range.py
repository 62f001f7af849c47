"""Swing weights ask about a range: each criterion states its own on the screen."""

from datetime import date
from typing import Any

import pytest

from scoring.swing_range import swing_range
from tests.factories import make_account, make_criterion, make_model, make_sales

pytestmark = pytest.mark.django_db


def ends(rule: dict[str, Any]) -> tuple[float, float] | None:
    criterion = make_criterion(source="computed", fact="revenue", rule=rule)
    found = swing_range(make_model((criterion, 1.0)).items.get())
    return (found.worst, found.best) if found else None


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"type": "linear", "bounds": [10, 500]}, (10, 500)),
        ({"type": "linear", "bounds": [10, 500], "direction": "lower"}, (500, 10)),
        ({"type": "linear", "bounds": "portfolio"}, (200, 900)),
        ({"type": "percentile"}, (200, 900)),
        ({"type": "steps", "steps": [[0, 9], [50, 4], [80, 2]]}, (80, 0)),
    ],
)
def test_worst_and_best_are_what_the_rule_rates_1_and_10(
    rule: dict[str, Any], expected: tuple[float, float]
) -> None:
    for amount in (200, 400, 900):
        make_sales(make_account(), [(amount, date(2026, 3, 1))])
    assert ends(rule) == expected


def test_without_any_fact_or_rule_there_is_no_range() -> None:
    assert ends({"type": "linear", "bounds": "portfolio"}) is None
    assert swing_range(make_model((make_criterion(), 1.0)).items.get()) is None


def test_the_page_of_swings_states_every_range(sign_in: Any, dana: Any) -> None:
    anchors = {language: {"1": "Niemand", "10": "Alle"} for language in ("de", "en")}
    rated = make_criterion(anchors=anchors)
    computed = make_criterion(
        source="computed", fact="revenue", rule={"type": "linear", "bounds": [1000, 50000]}
    )
    model = make_model((rated, 0.5), (computed, 0.5), state="draft")
    page = sign_in(dana).get(f"/scoring/models/{model.pk}/?method=swing").content.decode()
    assert "Niemand → Alle" in page
    assert "1.000,00\xa0€ → 50.000,00\xa0€" in page
