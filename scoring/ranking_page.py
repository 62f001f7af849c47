"""What the ranking shows: rows with contributions, change of rank, certainty, and where the cut line runs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.shortcuts import get_object_or_404

from scoring.actions.decisions import line_of
from scoring.certainty import Certainty
from scoring.cut_line import NEAR_RANKS, NEAR_TOTAL, Line
from scoring.explain import Explanation, explained, items_of
from scoring.models import ModelCriterion, Score, ScoreRun


@dataclass(frozen=True)
class Row:
    """A line of the ranking; ``change`` is how many ranks it rose, None without a previous run."""

    score: Score
    why: Explanation
    change: int | None
    certainty: Certainty | None
    is_in: bool
    is_near: bool
    is_last_in: bool


@dataclass(frozen=True)
class Ranking:
    """A run as its page shows it."""

    run: ScoreRun
    items: list[ModelCriterion]
    line: Line
    line_total: float | None
    sure: list[Certainty]

    @property
    def without_values(self) -> list[str]:
        """The criteria by which no account had a value in this run."""
        pairs = zip(self.items, self.run.contexts, strict=False)
        return [item.criterion.name for item, context in pairs if not context.get("count")]

    def rows(self, scores: Iterable[Score]) -> Iterator[Row]:
        """Yield the lines of these scores; the line is drawn after the last one above it."""
        known = list(scores)
        inside = [self.line.is_in(score.rank, score.total) for score in known]
        for place, score in enumerate(known):
            last = inside[place] and place + 1 < len(known) and not inside[place + 1]
            near = self.line.is_near(score.rank, score.total, self.line_total)
            yield Row(
                score=score,
                why=explained(score, self.run, self.items),
                change=None if score.previous_rank is None else score.previous_rank - score.rank,
                certainty=self.sure[score.position - 1] if score.position <= len(self.sure) else None,
                is_in=inside[place],
                is_near=near,
                is_last_in=last,
            )


def ranking_of(run: ScoreRun) -> Ranking:
    """Return a finished run ready for its page, in three queries."""
    line = line_of(run.model)
    at_line = Score.objects.of_run(run).filter(rank__lte=line.top) if line.top else Score.objects.none()
    last_in = at_line.order_by("-position").values_list("total", flat=True).first()
    sure = [Certainty(*row) for row in run.certainty]
    return Ranking(run, items_of(run), line, line.threshold if line.top is None else last_in, sure)


def asked_run(asked: str) -> ScoreRun | None:
    """Return the run an address names, or the one people look at; 404 for what is none."""
    if not asked:
        return ScoreRun.objects.latest()  # type: ignore[no-any-return]  # the manager answers a run or none
    return get_object_or_404(ScoreRun.objects.select_related("model", "job"), pk=as_uuid(asked))


def as_uuid(text: str) -> UUID | None:
    """Return the id in an address, None for what is none and so is found nowhere."""
    try:
        return UUID(text)
    except ValueError:
        return None


def narrowed(scores: QuerySet[Any], ranking: Ranking, choices: Mapping[str, str], user: Any) -> QuerySet[Any]:
    """Apply the filters of the page: q, key=yes|no, mine, near, incomplete, moved."""
    if words := choices.get("q", "").strip():
        accounts = scores.model._meta.get_field("account").related_model
        scores = scores.filter(account__in=accounts.objects.search(words[:100]).values("pk"))
    if choices.get("key") in ("yes", "no"):
        scores = scores.filter(account__key_since__isnull=choices["key"] == "no")
    if choices.get("mine"):
        scores = scores.filter(Q(account__kam=user) | Q(account__owner=user))
    if choices.get("near"):
        scores = scores.filter(_near(ranking))
    if choices.get("incomplete"):
        scores = scores.filter(completeness__lt=1)
    if choices.get("moved"):
        scores = scores.filter(previous_rank__isnull=False).exclude(previous_rank=F("rank"))
    return scores


def _near(ranking: Ranking) -> Q:
    line, near = ranking.line, Q(pk__in=[])
    if line.top is not None:
        near |= Q(rank__gt=line.top + 0.5 - NEAR_RANKS, rank__lt=line.top + 0.5 + NEAR_RANKS)
    if ranking.line_total is not None:
        total = ranking.line_total
        near |= Q(total__gt=total - NEAR_TOTAL, total__lt=total + NEAR_TOTAL)
    return near
