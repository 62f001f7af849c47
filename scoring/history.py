"""Ranks over runs, and the drawings of how a total came from another one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kam.lib import formatting
from kam.lib.charting import Chart, Frame, Measure
from kam.lib.charts import waterfall
from kam.lib.charts_ranking import bump
from scoring.comparison import Comparison, movers, runs_of
from scoring.models import Score, ScoreRun

HIGHLIGHTED, SHOWN = 10, 20


@dataclass(frozen=True)
class Line:
    """One account: its rank in each run, None where it had no score."""

    account: Any
    ranks: list[int | None]
    is_chosen: bool

    @property
    def change(self) -> int | None:
        """How many ranks it rose between the last two runs in which it has one."""
        known = [rank for rank in self.ranks if rank is not None]
        return known[-2] - known[-1] if len(known) > 1 and self.ranks[-1] is not None else None


@dataclass(frozen=True)
class History:
    """Runs from the oldest on; the lines of the accounts that stand first in the newest, and of the chosen."""

    runs: list[ScoreRun]
    lines: list[Line]

    @property
    def days(self) -> list[str]:
        return [formatting.date(run.as_of) for run in self.runs]

    @property
    def new_versions(self) -> set[str]:
        """The days of runs whose model is another version than that of the run before."""
        pairs = zip(self.runs, self.runs[1:], strict=False)
        return {formatting.date(run.as_of) for before, run in pairs if run.model_id != before.model_id}


def history(user: Any, run: ScoreRun, chosen: Sequence[UUID] = ()) -> History:
    """Return the ranks over the last runs of a model, in three queries.

    Highlighted are the ``chosen`` accounts, at most ten, or else the first ten of the newest run.
    """
    runs = runs_of(run)
    ranking = list(Score.objects.of_run(run).for_ranking().visible_to(user)[:SHOWN])
    wanted = [pk for pk in chosen if pk][:HIGHLIGHTED]
    extra = Score.objects.of_run(run).for_ranking().visible_to(user).filter(account__in=wanted)
    scores = {score.account_id: score for score in [*ranking, *(extra if wanted else [])]}
    hot = set(wanted) or {score.account_id for score in ranking[:HIGHLIGHTED]}
    found = Score.objects.filter(run__in=[r.scores_in_id for r in runs], account__in=scores)
    places = found.values_list("account", "run", "rank")
    rank_of = {(account, at): rank for account, at, rank in places}
    ordered = sorted(scores.values(), key=lambda score: score.position)
    lines = [
        Line(
            score.account,
            [rank_of.get((score.account_id, r.scores_in_id)) for r in runs],
            score.account_id in hot,
        )
        for score in ordered
    ]
    return History(runs, lines)


def bump_chart(found: History) -> Chart | None:
    """Return the ranks as lines, None while there are not two runs to compare."""
    if len(found.runs) < 2 or not found.lines:
        return None
    names = _unique([line.account.display_name for line in found.lines])
    ranks = {
        name: [(day, rank) for day, rank in zip(found.days, line.ranks, strict=True) if rank is not None]
        for name, line in zip(names, found.lines, strict=True)
    }
    chosen = [name for name, line in zip(names, found.lines, strict=True) if line.is_chosen]
    model = found.runs[-1].model.name
    subtitle = _("Rank in the runs of “%(model)s”, 1 is first") % {"model": model}
    if found.new_versions:
        subtitle += "; " + _("dashed: into a new version of the model")
    return bump(
        Frame(_message(found), subtitle, anchor="ranks"), found.days, ranks, chosen, found.new_versions
    )


def waterfall_chart(found: Comparison, names: tuple[str, str]) -> Chart:
    """Return how the second total comes from the first, criterion by criterion."""
    steps = [(step.name, step.difference) for step in found.steps]
    frame = Frame(comparison_message(found, names), _("Points, 1–10"), anchor="waterfall")
    start, end = (names[0], found.before.total), (names[1], found.after.total)
    return waterfall(frame, start, steps, end, Measure(decimals=2))


def comparison_message(found: Comparison, names: tuple[str, str]) -> str:
    """Return the sentence: how far apart, and through what above all."""
    words = {"first": names[0], "second": names[1]}
    if abs(found.difference) < 0.005:
        return _("%(first)s and %(second)s have the same total") % words
    same_way = [step for step in found.changed if step.difference * found.difference > 0]
    words |= {"points": formatting.number(found.difference, 2, signed=True)}
    words |= {"reason": same_way[0].name if same_way else "–"}
    return _("%(points)s points against %(first)s, above all by %(reason)s") % words


def _message(found: History) -> str:
    rows = [
        (line.account.display_name, line.ranks[-2], line.ranks[-1])
        for line in found.lines
        if line.ranks[-2] is not None and line.ranks[-1] is not None
    ]
    moved = movers([(name, before or 0, after or 0) for name, before, after in rows], 1)
    if not moved:
        return _("Nobody at the top changed place since the run before")
    name, before, after = moved[0]
    count = sum(1 for _name, one, two in rows if one != two)
    words = {"name": name, "before": before, "after": after, "count": count}
    text = ngettext(
        "%(count)s account at the top changed place: %(name)s from %(before)s to %(after)s",
        "%(count)s accounts at the top changed place, %(name)s most: from %(before)s to %(after)s",
        count,
    )
    return text % words


def _unique(names: Sequence[str]) -> list[str]:
    """Give a number to names that occur more than once: a chart tells its lines apart by name."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found
