"""How sure a ranking is, over the API."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Account
from kam.lib.api.views import ObjectView
from kam.users.policy import PLANNERS, Policy
from scoring.actions.certainty import start_certainty
from scoring.api.runs import accepted, not_finished
from scoring.certainty import Certainty, run_certainty
from scoring.explain import items_of
from scoring.models import ModelCriterion, Score, ScoreRun
from scoring.robustness import Robustness, robustness
from scoring.sensitivity import RatingChange
from scoring.serializers import RunSerializer, StartedSerializer
from scoring.serializers_stability import StabilitySerializer
from scoring.stability import SAMPLES, ranked_draws

Seen = set[UUID]


class RunStability(ObjectView):
    """How firm each place is: rank interval, probability of standing above the line, distance from it.

    Beside it what would change it: how far each weight may move, the smallest change, the rating that takes an
    account across, and who stands before whom whatever the weights.
    """

    policy = Policy(write=PLANNERS, about="score_run", scope="scoring")
    parameters = frozenset({"top"})
    serializer_class = RunSerializer

    def queryset_for(self, user: Any) -> QuerySet[ScoreRun]:
        return ScoreRun.objects.visible_to(user).for_list()

    @extend_schema(
        parameters=[OpenApiParameter("top", int, description="default: the model's cut line")],
        responses=StabilitySerializer,
    )
    def get(self, request: Request, pk: Any) -> Response:
        run = self.get_object()
        if run.finished_at is None:
            raise not_finished()
        top = _whole(request.query_params.get("top"))
        return Response(StabilitySerializer(_body(run, top, request.user)).data)

    @extend_schema(request=None, responses={202: StartedSerializer})
    def post(self, request: Request, pk: Any) -> Response:
        """Compute it once more, when a run could not: GET answers 409 certainty_missing until then."""
        run = self.get_object()
        job = start_certainty(run, by=request.user)
        return accepted(run.pk, job.pk)


def _body(run: ScoreRun, top: int | None, user: Any) -> dict[str, Any]:
    sure, found, items = run_certainty(run, top), robustness(run, top), items_of(run)
    scores = Score.objects.visible_to(user).of_run(run).filter(position__lte=len(sure))
    seen = _seen(found, user)
    return {
        "run": run.pk,
        "top": top,
        "seed": run.seed,
        "draws": SAMPLES,
        "ranked_draws": ranked_draws(len(sure)),
        "weights": [_weight(each, found, items, seen) for each in found.weights],
        "smallest_change": _smallest(found, items, seen),
        "results": [_row(score, sure, found, items, seen) for score in scores.for_api().ranked()],
    }


def _row(
    score: Score, sure: list[Certainty], found: Robustness, items: list[ModelCriterion], seen: Seen
) -> dict[str, Any]:
    references = sorted(score.account.references.all(), key=lambda r: (r.source, r.external_id))
    number = score.position - 1
    own, ahead = sure[number], found.beaten_by[number]
    return {
        "account": score.account_id,
        "external_id": references[0].external_id if references else None,
        "name": score.account.display_name,
        "rank": score.rank,
        "total": score.total,
        "rank_low": own.rank_low,
        "rank_high": own.rank_high,
        "p_top": own.p_top,
        "margin": own.margin,
        "word": own.word,
        "central_weights": own.central,
        "before": found.over[number],
        "behind": found.under[number],
        "behind_any": found.under_any[number],
        "behind_accounts": [key for key in map(found.key, ahead) if key in seen],
        "flip": _flip(found.changes[number], items),
    }


def _flip(change: RatingChange | None, items: list[ModelCriterion]) -> dict[str, Any] | None:
    if change is None:
        return None
    code = items[change.criterion].criterion.code
    return {"criterion": code, "current": change.current, "needed": change.needed, "enters": change.enters}


def _weight(interval: Any, found: Robustness, items: list[ModelCriterion], seen: Seen) -> dict[str, Any]:
    criterion = items[interval.criterion].criterion
    return {
        "criterion": criterion.code,
        "name": criterion.name,
        "weight": interval.weight,
        "low": interval.low,
        "high": interval.high,
        "low_swap": _swap(interval.low_swap, found, seen),
        "high_swap": _swap(interval.high_swap, found, seen),
    }


def _smallest(found: Robustness, items: list[ModelCriterion], seen: Seen) -> dict[str, Any] | None:
    change = found.smallest
    if change is None:
        return None
    swap = _swap((change.first, change.second), found, seen) or {}
    code = items[change.criterion].criterion.code
    return {**swap, "criterion": code, "relative": change.relative, "weight": change.weight}


def _swap(swap: Sequence[int] | None, found: Robustness, seen: Seen) -> dict[str, Any] | None:
    if swap is None:
        return None
    falls, rises = (key if key in seen else None for key in map(found.key, swap))
    return {"falls": falls, "rises": rises}


def _seen(found: Robustness, user: Any) -> Seen:
    """Return which of the accounts that stand in other accounts' answers the caller may know of."""
    spoken = {number for rows in found.beaten_by for number in rows}
    for interval in found.weights:
        spoken |= {*(interval.low_swap or ()), *(interval.high_swap or ())}
    keys = [key for key in map(found.key, spoken) if key is not None]
    return set(Account.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))


def _whole(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 7:
        raise ParseError(_("top is a whole number from 1."), code="bad_top")
    return int(text)
