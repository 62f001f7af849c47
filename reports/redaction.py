"""What a customer may read: a list of what is allowed, so that whatever is new stays inside.

No framework in here. A rule is True (the value may be shown), a dict (only these keys), or a list with the rule
of each row; a row that carries ``visibility`` is shown only when that says "shareable".
"""

from collections import Counter
from typing import Any

Rule = bool | dict[str, Any] | list[Any]
Place = tuple[str, str]

_SUMMARY = "window basis from to revenue revenue_before growth orders orders_before average average_before"
_SUMMARY += " first_order_on last_order_on"
_CHANGE = "before after orders_before orders_after orders_effect size_effect"
_GOAL = "title side who metric unit start target current measured_on due_on progress elapsed pace_gap state"


def _fields(names: str) -> dict[str, Rule]:
    return dict.fromkeys(names.split(), True)


CUSTOMER: dict[str, Rule] = {
    "promises": {"rows": [_fields("text to who due_on overdue")]},
    "summary": _fields(_SUMMARY),
    "revenue": {"basis": True, "quarters": [_fields("from until partial actual previous")]},
    "change": _fields(_CHANGE),
    "offerings": {"rows": [_fields("code name amount before")], "more": True},
    "goals": {"rows": [_fields(_GOAL)]},
    "steps": {"rows": [_fields("title who due_on")]},
    "quarter": _fields("from to actual previous orders orders_before"),
    "kept": {"from": True, "rows": [_fields("text to who due_on closed_on kept")]},
    "projects": {"rows": [_fields("title benefit_customer state who due_on")]},
    "choices": {"rows": [_fields("kind title state due_on")]},
    "ahead": {"from": True, "to": True, "rows": [_fields("kind title who due_on")]},
    "purpose": {"rows": [_fields("field text")]},
    "challenges": {"rows": [_fields("title raised_on solution result resolved_on")]},
    "values": {"rows": [_fields("direction text occurred_on worth")]},
    "team": {"ours": [_fields("name functions")], "theirs": [_fields("name job_title")]},
    "expectations": {"rows": [_fields("side text accepted accepted_by")]},
    "procedures": {"rows": [_fields("title customer_text")]},
}


def redact(
    parts: dict[str, Any], rules: dict[str, Rule] | None = None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the parts that may leave the house, and what was taken out.

    An entry of the second list names part and field ("rows" for whole rows, "" for the whole part) and how
    often; never what stood there. A part without a rule is taken out.
    """
    rules = CUSTOMER if rules is None else rules
    hidden: Counter[Place] = Counter()
    kept = {code: _keep(data, rules.get(code, False), (code, ""), hidden) for code, data in parts.items()}
    shown = {code: data for code, data in kept.items() if rules.get(code, False)}
    return shown, [
        {"part": part, "field": field, "count": count} for (part, field), count in sorted(hidden.items())
    ]


def _keep(value: Any, rule: Rule, place: Place, hidden: Counter[Place]) -> Any:
    if rule is True:
        return value
    if isinstance(rule, dict) and isinstance(value, dict):
        return _keep_keys(value, rule, place, hidden)
    if isinstance(rule, list) and isinstance(value, list):
        return _keep_rows(value, rule[0], place, hidden)
    if _says_something(value):
        hidden[place] += 1
    return None


def _keep_keys(value: dict[str, Any], rule: dict[str, Any], place: Place, hidden: Counter[Place]) -> Any:
    found = {}
    for key, inner in value.items():
        if key in rule:
            found[key] = _keep(inner, rule[key], (place[0], key), hidden)
        elif _says_something(inner) and key != "visibility":
            hidden[(place[0], key)] += 1
    return found


def _keep_rows(rows: list[Any], rule: Rule, place: Place, hidden: Counter[Place]) -> list[Any]:
    found = []
    for row in rows:
        if isinstance(row, dict) and row.get("visibility", "shareable") != "shareable":
            hidden[(place[0], "rows")] += 1
        else:
            found.append(_keep(row, rule, place, hidden))
    return found


def _says_something(value: Any) -> bool:
    return value not in (None, "", [], {})
