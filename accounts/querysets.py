"""Named reads of accounts and what belongs to them. Every read for a person starts at ``visible_to``."""

import sys
from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connections, models
from django.db.models import OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.amounts import DayNumber, Units
from accounts.rates import MOST_DAYS, RateBook
from kam.lib.text import LEGAL_FORMS, fold, fold_name

MAX_WORDS = 8
YEAR = timedelta(days=365)
NEVER = datetime(1900, 1, 1, tzinfo=UTC)  # the last contact of an account without one
SOMEDAY = date(9999, 12, 31)  # when a next step without a date, or none at all, is due


def _is_known(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_active)


def _search(queryset: Any, text: str) -> Any:
    words = fold(text[:200]).split()[:MAX_WORDS]
    telling = [word for word in words if not LEGAL_FORMS.fullmatch(word.replace(".", ""))] or words
    if text.strip() and not telling:
        return queryset.none()
    for word in telling:
        queryset = queryset.filter(search_text__contains=word)
    return queryset


def _known(column: str, value: Any) -> Q:
    """Rows with this value; saying that it is not blank lets SQLite use the index of those that have one."""
    return Q(**{column: value}) & ~Q(**{column.partition("__")[0]: ""})


def _unless_blank(column: str, others: Any) -> Q:
    """Whether there are others; an account without a value is not compared with all that have none either.

    A CASE, because SQLite works out both sides of an AND.
    """
    blank = models.When(**{column: ""}, then=Value(False))
    return Q(models.Case(blank, default=models.Exists(others), output_field=models.BooleanField()))


class AccountQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "AccountQuerySet":
        """Leaders and viewers see all; others what they own, are on the team of, or their team holds."""
        if not _is_known(user):
            return self.none()
        if user.sees_everything:
            return self
        on_team = (
            self.model._meta.get_field("team_members")
            .related_model.objects.filter(user=user)
            .values("account")
        )
        teams = user.teams.through.objects.filter(user=user).values("team")
        return self.filter(Q(owner=user) | Q(kam=user) | Q(pk__in=on_team) | Q(team__in=teams))

    def key(self) -> "AccountQuerySet":
        return self.filter(key_since__isnull=False)

    def active(self) -> "AccountQuerySet":
        return self.exclude(status="inactive")

    def search(self, text: str) -> "AccountQuerySet":
        """Every word must stand in the folded names, domain, city or ids; legal forms are ignored."""
        return _search(self, text)

    def called(self, text: str) -> "AccountQuerySet":
        """Those whose folded name begins with a text.

        On SQLite a range of the names, because its LIKE reads all of them.
        """
        name = fold_name(text)
        if connections[self.db].vendor == "sqlite":
            return self.filter(sort_key__gte=name, sort_key__lt=name + chr(sys.maxunicode))
        return self.filter(sort_key__startswith=name)

    def having(self, column: str, values: Collection[str]) -> "AccountQuerySet":
        """Accounts whose ``domain`` or ``vat_id`` is one of these."""
        return self.filter(_known(f"{column}__in", values))

    def with_former_name(self, text: str) -> "AccountQuerySet":
        """Annotate ``former_name``: that of an account merged into this one which the words fit, else NULL."""
        merged = _search(self.model.everything.filter(merged_into=OuterRef("pk")), text)
        return self.annotate(former_name=Subquery(merged.order_by("pk").values("name")[:1]))

    def similar_to(self, account: Any) -> "AccountQuerySet":
        """Accounts that may be the same company: equal name without legal form, domain or VAT id.

        Those that somebody has told apart from it are not.
        """
        same = Q(sort_key=fold_name(account.display_name)[:200])
        for column in ("domain", "vat_id"):
            if value := getattr(account, column):
                same |= _known(column, value)
        return self.filter(same).exclude(pk=account.pk).exclude(told_apart_from__account=account.pk)

    def with_twin(self, user: Any) -> "AccountQuerySet":
        """Annotate ``has_twin``: another account may be the same company, and nobody has told them apart.

        One group shares its web domain.
        """
        others = self.model.objects.visible_to(user).exclude(pk=OuterRef("pk")).order_by()
        apart = self.model._meta.get_field("told_apart").related_model.objects
        others = others.exclude(
            models.Exists(apart.filter(account=OuterRef(OuterRef("pk")), other=OuterRef("pk")))
        )
        same_name = others.filter(sort_key=OuterRef("sort_key"))
        same_id = others.filter(_known("vat_id", OuterRef("vat_id")))
        # Compared row by row, so that the index on the domain leaves next to none of them.
        my_top = Coalesce(OuterRef("ultimate_parent_id"), OuterRef("pk"))
        same_domain = (
            others.filter(_known("domain", OuterRef("domain")))
            .alias(top=Coalesce("ultimate_parent_id", "pk"))
            .exclude(top=my_top)
        )
        found = Q(models.Exists(same_name)) | _unless_blank("vat_id", same_id)
        found |= _unless_blank("domain", same_domain)
        return self.annotate(has_twin=models.ExpressionWrapper(found, output_field=models.BooleanField()))

    def known_as(self, external_id: str, source: str = "") -> "AccountQuerySet":
        """Accounts that another system knows by ``external_id``."""
        references = self.model._meta.get_field("references").related_model.objects
        wanted = {"external_id": external_id} | ({"source": source} if source else {})
        return self.filter(pk__in=references.filter(**wanted).values("account"))

    def known_to(self, source: str) -> "AccountQuerySet":
        """Accounts that the system ``source`` knows."""
        references = self.model._meta.get_field("references").related_model.objects
        return self.filter(pk__in=references.filter(source=source).values("account"))

    def in_group_of(self, account_id: Any) -> "AccountQuerySet":
        """The account and everything that belongs to it or to one of its subsidiaries."""
        return self.filter(Q(pk=account_id) | Q(parent=account_id) | Q(ultimate_parent=account_id))

    def with_people(self) -> "AccountQuerySet":
        return self.select_related("owner", "kam", "team")

    def with_owner(self) -> "AccountQuerySet":
        return self.select_related("owner")

    def with_kam(self) -> "AccountQuerySet":
        return self.select_related("kam")

    def with_team(self) -> "AccountQuerySet":
        return self.select_related("team")

    def with_references(self) -> "AccountQuerySet":
        return self.prefetch_related("references")

    def with_recent_units(self, until: date) -> "AccountQuerySet":
        """Annotate the net revenue of the year up to a day, in whole units so that it orders and pages exactly."""
        sold = self._of_each("orders").filter(ordered_on__gt=until - YEAR, ordered_on__lte=until)
        total = sold.annotate(sum=Sum(Units(models.F("net")))).values("sum")
        return self.annotate(recent_units=Coalesce(Subquery(total), Value(0)))

    def with_last_touch(self) -> "AccountQuerySet":
        touches = self._of_each("activities").touches().annotate(last=models.Max("occurred_at"))
        return self.annotate(last_touch=Coalesce(Subquery(touches.values("last")), Value(NEVER)))

    def with_next_due(self) -> "AccountQuerySet":
        steps = self._of_each("tasks").open().annotate(first=models.Min("due_on"))
        return self.annotate(next_due=Coalesce(Subquery(steps.values("first")), Value(SOMEDAY)))

    def _of_each(self, relation: str) -> Any:
        """Rows that belong to the account of the outer query, to be summed up per account."""
        rows = self.model._meta.get_field(relation).related_model.objects
        return rows.filter(account=OuterRef("pk")).order_by().values("account")

    def for_list(self) -> "AccountQuerySet":
        return self.with_people()


class OfAccountQuerySet(models.QuerySet[Any]):
    """Rows that belong to an account and are seen by whoever sees the account."""

    def visible_to(self, user: Any) -> "OfAccountQuerySet":
        if not _is_known(user):
            return self.none()
        if user.sees_everything:
            return self
        accounts = self.model._meta.get_field("account").related_model
        return self.filter(account__in=accounts.objects.visible_to(user).values("pk"))

    def with_account(self) -> "OfAccountQuerySet":
        return self.select_related("account")


class ContactQuerySet(OfAccountQuerySet):
    def current(self) -> "ContactQuerySet":
        return self.filter(left_on__isnull=True)

    def search(self, text: str) -> "ContactQuerySet":
        return _search(self, text)

    def with_addresses(self) -> "ContactQuerySet":
        return self.prefetch_related("emails", "phones")


ENGAGEMENTS = ["co_project", "event", "advisory", "training", "reference"]
LOGGED = ["note", "call", "meeting", "mail", "visit", *ENGAGEMENTS]
# A reference is given behind our backs; the others happen face to face.
TOUCHES = ["call", "meeting", "mail", "visit", "co_project", "event", "advisory", "training"]


class ActivityQuerySet(OfAccountQuerySet):
    def logged(self) -> "ActivityQuerySet":
        """What people wrote down, without the changes that actions recorded."""
        return self.filter(verb__in=LOGGED)

    def engagements(self) -> "ActivityQuerySet":
        """What was done together beyond buying and selling."""
        return self.filter(verb__in=ENGAGEMENTS)

    def changes(self) -> "ActivityQuerySet":
        return self.exclude(verb__in=LOGGED)

    def of_kind(self, kind: str) -> "ActivityQuerySet":
        """``logged``, ``changes``, or one of the kinds people log; anything else is everything."""
        named = {"logged": self.logged, "changes": self.changes, "engagement": self.engagements}
        if kind in named:
            return named[kind]()
        return self.filter(verb=kind) if kind in LOGGED else self

    def touches(self) -> "ActivityQuerySet":
        """Contact with the customer; a note is none."""
        return self.filter(verb__in=TOUCHES)

    def for_timeline(self) -> "ActivityQuerySet":
        return self.select_related("actor", "contact")


class TaskQuerySet(OfAccountQuerySet):
    def open(self) -> "TaskQuerySet":
        return self.filter(done_at__isnull=True)

    def with_people(self) -> "TaskQuerySet":
        return self.select_related("assignee", "done_by")

    def for_account_page(self, since: datetime | None = None) -> "TaskQuerySet":
        """What is open, by due date, and what was done since then (two days), so that it can be taken back."""
        since = since or timezone.now() - timedelta(days=2)
        return (
            self.filter(Q(done_at__isnull=True) | Q(done_at__gte=since))
            .with_people()
            .order_by(
                models.F("done_at").asc(nulls_first=True), models.F("due_on").asc(nulls_last=True), "id"
            )
        )

    def by_due(self) -> "TaskQuerySet":
        """What is due first comes first, what has no date last."""
        return self.order_by(models.F("due_on").asc(nulls_last=True), "id")

    def overdue(self, today: date) -> "TaskQuerySet":
        return self.open().filter(due_on__lt=today)


class SalesLineQuerySet(OfAccountQuerySet):
    def gross(self) -> "SalesLineQuerySet":
        """Positive sales only."""
        return self.filter(amount__gt=0)

    def between(self, start: date | None, end: date | None) -> "SalesLineQuerySet":
        """Half open: from ``start`` up to, not including, ``end``."""
        found = self
        if start:
            found = found.filter(ordered_on__gte=start)
        if end:
            found = found.filter(ordered_on__lt=end)
        return found


class OfferingQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "OfferingQuerySet":
        return self if _is_known(user) else self.none()

    def search(self, text: str) -> "OfferingQuerySet":
        return _search(self, text)

    def on_sale(self) -> "OfferingQuerySet":
        return self.filter(is_active=True)

    def with_group(self) -> "OfferingQuerySet":
        return self.select_related("parent")

    def groups(self) -> "OfferingQuerySet":
        return self.filter(parent__isnull=True)

    def groups_with_size(self) -> "OfferingQuerySet":
        """Offerings that group others, with ``size``, the number of offerings in each."""
        return self.groups().annotate(size=models.Count("children")).filter(size__gt=0)


class CurrencyRateQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "CurrencyRateQuerySet":
        """Rates are the company's: whoever signs in may read them."""
        return self if _is_known(user) else self.none()

    def book(self) -> RateBook:
        """Return the rates to look days up in, in one query."""
        found: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
        rows = self.order_by("valid_from").values_list("currency", "valid_from", "rate")
        for currency, day, rate in rows:
            found[currency].append((day, rate))
        return RateBook(dict(found))

    def on_day(self, currency: Any, day: Any) -> "CurrencyRateQuerySet":
        """The rate of a day first, as ``RateBook.on`` finds it; both may be columns of an outer query."""
        given = self.filter(currency=currency, valid_from__lte=day)
        recent = given.annotate(age=DayNumber(day) - DayNumber("valid_from")).filter(age__lte=MOST_DAYS)
        return recent.order_by("-valid_from")


class OwnSiteQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "OwnSiteQuerySet":
        return self if _is_known(user) else self.none()

    def open_on(self, day: date) -> "OwnSiteQuerySet":
        """Those that had opened by a day and had not closed; without dates a site has always been there."""
        opened = Q(opened_on__isnull=True) | Q(opened_on__lte=day)
        return self.filter(opened, Q(closed_on__isnull=True) | Q(closed_on__gt=day))


class AccountMergeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "AccountMergeQuerySet":
        """Merges into accounts that the person sees; after an undo she has to see both."""
        accounts = self.model._meta.get_field("target").related_model
        seen = accounts.everything.visible_to(user).order_by().values("pk")
        return self.filter(target__in=seen).exclude(~Q(source__in=seen), state="undone")

    def standing(self) -> "AccountMergeQuerySet":
        return self.filter(state="merged")

    def for_list(self) -> "AccountMergeQuerySet":
        return self.select_related("target", "source", "created_by", "undone_by", "job").defer(
            "changes", "aside", "made"
        )


class DistinctionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "DistinctionQuerySet":
        """Pairs of which the person sees both."""
        accounts = self.model._meta.get_field("other").related_model
        seen = accounts.objects.visible_to(user).order_by().values("pk")
        return self.filter(account__in=seen, other__in=seen)

    def for_page(self) -> "DistinctionQuerySet":
        return self.select_related("other", "created_by").order_by("other__sort_key", "pk")
