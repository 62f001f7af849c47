"""Named reads of criteria, models, ratings, runs and decisions."""

from typing import Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from accounts.querysets import OfAccountQuerySet


class SharedQuerySet(models.QuerySet[Any]):
    """The method is the company's: whoever signs in may read it."""

    def visible_to(self, user: Any) -> "SharedQuerySet":
        return self if user.is_authenticated and user.is_active else self.none()


class CriterionQuerySet(SharedQuerySet):
    def current(self) -> "CriterionQuerySet":
        return self.filter(archived_at__isnull=True)

    def rated(self) -> "CriterionQuerySet":
        """Those that people rate by hand."""
        return self.filter(source="rated")

    def handed_in(self) -> "CriterionQuerySet":
        """Those whose 1 to 10 is handed in, by people or from a table; no fact stands for them."""
        return self.exclude(source="computed")


class ScoringModelQuerySet(SharedQuerySet):
    def active(self) -> "ScoringModelQuerySet":
        return self.filter(state="active")

    def for_list(self) -> "ScoringModelQuerySet":
        return self.prefetch_related("items__criterion").select_related("approved_by")


class RatingQuerySet(OfAccountQuerySet):
    def submitted(self) -> "RatingQuerySet":
        return self.filter(submitted_at__isnull=False)

    def readable_by(self, user: Any) -> "OfAccountQuerySet":
        """Ratings are blind until submitted: drafts are seen by who writes them and nobody else, and in an
        open round nobody reads the others before handing in.
        """
        rounds = self.model._meta.get_field("round").related_model
        handed_in = self.model.objects.filter(rater=user.pk, submitted_at__isnull=False, round__isnull=False)
        still_blind = rounds.objects.filter(raters=user.pk, closed_at__isnull=True).exclude(
            pk__in=handed_in.values("round")
        )
        readable = Q(submitted_at__isnull=False) & (
            Q(round__isnull=True) | ~Q(round__in=still_blind.values("pk"))
        )
        return self.visible_to(user).filter(readable | Q(rater=user.pk))


class RatingImportQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "RatingImportQuerySet":
        """What somebody hands in is hers alone: in an open round the others rate blind."""
        return self.filter(created_by=user.pk) if user.is_authenticated and user.is_active else self.none()


class ScoreRunQuerySet(SharedQuerySet):
    def finished(self) -> "ScoreRunQuerySet":
        return self.filter(finished_at__isnull=False)

    def newest_first(self) -> "ScoreRunQuerySet":
        return self.order_by("-as_of", "-created_at")

    def before(self, run: Any) -> "ScoreRunQuerySet":
        """Finished runs of any version of the same model as of an earlier or the same day, newest first."""
        earlier = self.finished().filter(model__name=run.model.name, as_of__lte=run.as_of)
        return earlier.filter(created_at__lt=run.created_at).exclude(pk=run.pk).newest_first()

    def with_inputs_of(self, run: Any) -> "ScoreRunQuerySet":
        """Finished runs with scores of their own that computed from just the same, newest first."""
        same = self.finished().filter(model=run.model_id, inputs=run.inputs, same_as=None)
        return same.exclude(pk=run.pk).newest_first()

    def latest(self, *fields: Any) -> Any:
        """Return the run people look at: the newest finished one of a model in use, else of any; or None."""
        runs = self.finished().select_related("model").newest_first()
        return runs.filter(model__state="active").first() or runs.first()

    def for_list(self) -> "ScoreRunQuerySet":
        return self.select_related("model", "job", "created_by").defer("certainty")


class ScoreQuerySet(OfAccountQuerySet):
    def ranked(self) -> "ScoreQuerySet":
        return self.order_by("position")

    def of_run(self, run: Any) -> "ScoreQuerySet":
        """Return the scores of a run, also when it only repeats an earlier one; without a run none."""
        return self.filter(run=run.scores_in_id) if run else self.none()

    def for_ranking(self) -> "ScoreQuerySet":
        """In rank order, with what the ranking shows of the account."""
        return self.ranked().select_related("account", "account__kam", "account__owner")

    def for_api(self) -> "ScoreQuerySet":
        return self.select_related("account").prefetch_related("account__references")


class ScenarioQuerySet(SharedQuerySet):
    def open(self) -> "ScenarioQuerySet":
        """Those nobody has decided on."""
        return self.filter(state__in=["draft", "proposed"])

    def for_list(self) -> "ScenarioQuerySet":
        """With the people, the baseline's criteria, and ``in_use``: the id of the version in use by now."""
        versions = self.model._meta.get_field("model").related_model.objects.active()
        in_use = versions.filter(name=OuterRef("model__name")).order_by("-number").values("pk")[:1]
        people = ("model", "result", "created_by", "proposed_by", "decided_by")
        found = self.select_related(*people).prefetch_related("model__items__criterion")
        return found.annotate(in_use=Subquery(in_use))


class DecisionQuerySet(OfAccountQuerySet):
    def waiting(self) -> "DecisionQuerySet":
        return self.filter(state="proposed")

    def current(self) -> "DecisionQuerySet":
        return self.filter(state="approved")

    def for_list(self) -> "DecisionQuerySet":
        return self.select_related("account", "kam", "run__model", "proposed_by", "decided_by")

    def with_conversation(self) -> "DecisionQuerySet":
        """With the conversation about key account status and who was there; an older decision has none."""
        found = self.select_related("conversation", "conversation__held_by")
        return found.prefetch_related("conversation__contacts")


class ConversationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "ConversationQuerySet":
        """Conversations are seen by whoever sees the account that they are about."""
        decisions = self.model._meta.get_field("decision").related_model
        return self.filter(decision__in=decisions.objects.visible_to(user).order_by().values("pk"))


class EstimateQuerySet(OfAccountQuerySet):
    def standing(self) -> "EstimateQuerySet":
        return self.filter(withdrawn_at__isnull=True)

    def newest(self, as_of: Any) -> "EstimateQuerySet":
        """Return of each account and kind the newest statement up to a day."""
        rows = self.standing().filter(stated_on__lte=as_of)
        cell = {name: models.OuterRef(name) for name in ("account", "kind")}
        newest = self.model.objects.standing().filter(**cell, stated_on__lte=as_of)
        newest = newest.order_by("-stated_on", "-created_at", "-pk").values("pk")[:1]
        return rows.filter(pk=models.Subquery(newest)).select_related("stated_by")
