"""What the page of weights reads and shows: order, swings, pairs or typed shares of one model's criteria."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kam.lib.errors import DomainError, InvalidInput
from scoring.certainty import importance
from scoring.inputs import as_number
from scoring.models import ModelCriterion, ScoringModel
from scoring.swing_range import swing_range
from scoring.weighing import BY_RANK, INPUT_OF, Weighing, weigh

# The words of Saaty's scale; the even numbers lie between them.
JUDGEMENTS = ("9", "7", "5", "3", "2", "1", "1/2", "1/3", "1/5", "1/7", "1/9")
REVERSED = dict(zip(JUDGEMENTS, reversed(JUDGEMENTS), strict=True))


def read_inputs(
    method: str, posted: Mapping[str, Any], model: ScoringModel, items: Sequence[ModelCriterion]
) -> tuple[list[ModelCriterion], dict[str, Any], str]:
    """Return (criteria in their order, the method's input, refusal) from a form, or as the model has them."""
    order = _moved(_ordered(posted, items), posted)
    if not posted and method == model.weight_method and method in ("swing", "ahp"):
        return order, model.weight_inputs, ""
    if method in BY_RANK:
        ties = {str(item.pk) for item in order if posted.get(f"tie-{item.pk}")}
        ranks = _ranks(order, ties) if posted else importance(list(order))
        return order, {"ranks": ranks}, ""
    if method == "swing":
        return (
            order,
            {"swings": [posted.get(f"swing-{item.pk}") or _swing(item, order) for item in order]},
            "",
        )
    if method == "ahp":
        return order, {"matrix": _matrix(posted, order)}, ""
    shares = [posted.get(f"weight-{item.pk}", "").replace(",", ".") for item in order]
    return order, {"weights": shares if posted else [round(100 * i.weight, 2) for i in order]}, ""


def weights_page(
    model: ScoringModel, method: str, order: Sequence[ModelCriterion], inputs: dict[str, Any], error: str
) -> dict[str, Any]:
    """Return the context of the page: the weights that follow, and those of the other rank methods beside."""
    result: Weighing | None = None
    try:
        result = weigh(method if method in INPUT_OF else "typed", inputs)
    except InvalidInput as refused:
        # What is still open is said beside the pairs; it is no mistake before somebody saves it.
        error = error or ("" if refused.code == "matrix_incomplete" else str(refused))
    pairs = _pairs(order, inputs.get("matrix"))
    return {
        "model": model,
        "method": method,
        "methods": ScoringModel.WeightMethod.choices,
        "rows": _rows(order, result, inputs),
        "comparison": result.comparison if result else None,
        "worst": _worst(result, order),
        "pairs": pairs,
        "judged": sum(bool(pair["said"]) for pair in pairs),
        "judgements": JUDGEMENTS,
        "by_rank": method in BY_RANK,
        "sortable": [
            {"pk": item.pk, "label": item.criterion.name, "note": item.criterion.need} for item in order
        ],
        "error": error,
    }


def refusal_words(refused: DomainError, order: Sequence[ModelCriterion]) -> str:
    """Return a refusal as the page says it: pairs by the names of their criteria, not by row and column."""
    if refused.code != "matrix_incomplete":
        return str(refused)
    row, column = refused.params["row"] - 1, refused.params["column"] - 1
    words = {"first": order[row].criterion.name, "second": order[column].criterion.name}
    return (
        _("Nobody has judged %(first)s : %(second)s yet. Weights follow when every pair is judged.") % words
    )


def _ordered(posted: Mapping[str, Any], items: Sequence[ModelCriterion]) -> list[ModelCriterion]:
    getlist = getattr(posted, "getlist", None)
    wanted = getlist("order") if getlist else []
    places = {pk: place for place, pk in enumerate(wanted)}
    return sorted(items, key=lambda item: (places.get(str(item.pk), len(places)), item.position))


def _moved(order: list[ModelCriterion], posted: Mapping[str, Any]) -> list[ModelCriterion]:
    """Apply the arrow buttons that work without JavaScript: ``move=<pk>:up``."""
    pk, _sign, way = str(posted.get("move", "")).partition(":")
    for place, item in enumerate(order):
        other = place + (-1 if way == "up" else 1)
        if str(item.pk) == pk and 0 <= other < len(order):
            order[place], order[other] = order[other], order[place]
            break
    return order


def _ranks(order: Sequence[ModelCriterion], ties: set[str]) -> list[int]:
    """Return ranks by place; a criterion marked as tied shares the rank of the one above it."""
    ranks: list[int] = []
    for place, item in enumerate(order, start=1):
        ranks.append(ranks[-1] if ranks and str(item.pk) in ties else place)
    return ranks


def _swing(item: ModelCriterion, order: Sequence[ModelCriterion]) -> float:
    return round(100 * item.weight / max(other.weight for other in order))


def _matrix(posted: Mapping[str, Any], order: Sequence[ModelCriterion]) -> list[list[str]]:
    """Return the full matrix from its upper triangle; a pair nobody has judged is empty on both sides."""
    matrix = [["1"] * len(order) for _row in order]
    for row in range(len(order)):
        for column in range(row + 1, len(order)):
            said = str(posted.get(f"pair-{order[row].pk}-{order[column].pk}", ""))
            number = as_number(said)
            if number is not None and number > 0:
                matrix[row][column], matrix[column][row] = said, REVERSED.get(said, str(1 / number))
            else:
                matrix[row][column] = matrix[column][row] = ""
    return matrix


def _rows(
    order: Sequence[ModelCriterion], result: Weighing | None, inputs: dict[str, Any]
) -> list[dict[str, Any]]:
    places = list(range(1, len(order) + 1))
    ranks = inputs.get("ranks", places)
    others = {name: weigh(name, {"ranks": ranks}).weights for name in BY_RANK}
    given: list[Any] = next(iter(inputs.values()), [])
    return [
        {
            "item": item,
            "weight": result.weights[place] if result else None,
            "given": given[place] if place < len(given) else "",
            "others": [others[name][place] for name in BY_RANK],
            "tied": place > 0 and ranks[place] == ranks[place - 1],
            "range": swing_range(item) if "swings" in inputs else None,
        }
        for place, item in enumerate(order)
    ]


def _pairs(order: Sequence[ModelCriterion], matrix: list[list[str]] | None) -> list[dict[str, Any]]:
    if matrix is None:
        return []
    return [
        {"first": order[row], "second": order[column], "said": str(matrix[row][column])}
        for row in range(len(order))
        for column in range(row + 1, len(order))
    ]


def _worst(result: Weighing | None, order: Sequence[ModelCriterion]) -> tuple[str, str] | None:
    made = result.comparison if result else None
    if made is None or made.worst is None or made.is_consistent:
        return None
    return order[made.worst[0]].criterion.name, order[made.worst[1]].criterion.name
