"""What we sell, what was sold, and the roll-ups that every figure is computed from."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account
from accounts.querysets import OfferingQuerySet, SalesLineQuerySet
from kam.integrations.models import ExternalReference, ImportBatch
from kam.lib.models import UUIDModel, VersionedModel

AMOUNT: dict[str, Any] = {"max_digits": 18, "decimal_places": 4}


class OfferingKind(models.TextChoices):
    GOODS = "goods", _("Goods")
    SERVICE = "service", _("Service")
    SUBSCRIPTION = "subscription", _("Subscription")
    NO_GOODS = "no_goods", _("No goods (postage, bank charges)")


class Offering(VersionedModel):
    """A product or service; a group of offerings is an offering without a parent (two levels)."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("group"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    kind = models.CharField(
        _("kind"), max_length=12, choices=OfferingKind.choices, default=OfferingKind.GOODS
    )
    is_active = models.BooleanField(_("on sale"), default=True)
    search_text = models.TextField(editable=False, blank=True)

    objects = OfferingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("offering"), _("offerings")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")), name="offering_is_not_its_own_group"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.code


class OfferingReference(UUIDModel, ExternalReference):
    """The id another system knows the offering by."""

    offering = models.ForeignKey(Offering, on_delete=models.CASCADE, related_name="references")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="offering_reference_unique")
        ]


class SalesLine(models.Model):
    """One order or invoice line: a fact that nobody edits. A correction is a reversing line or a new import."""

    id = models.BigAutoField(primary_key=True)
    # Foreign keys without a check of their own: each would cost an import as much as the row itself.
    # accounts.rollup.verify_rollups names lines whose account or offering is gone.
    batch = models.ForeignKey(
        ImportBatch,
        on_delete=models.PROTECT,
        related_name="sales_lines",
        null=True,
        db_index=False,
        db_constraint=False,
    )
    # Half a hash of source and order, half of the line number or of content and occurrence: the lines of
    # an order lie side by side, and the same row never counts twice.
    line_key = models.UUIDField(unique=True)
    content_hash = models.BigIntegerField(help_text="tells an unchanged row from a changed one")
    row_number = models.PositiveIntegerField(default=0, help_text="row of the imported file")
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="sales_lines", db_index=False, db_constraint=False
    )
    # Not indexed: the lines of an order spread over all offerings, and so would every write of an import.
    offering = models.ForeignKey(
        Offering,
        on_delete=models.PROTECT,
        null=True,
        related_name="sales_lines",
        db_index=False,
        db_constraint=False,
    )
    order_no = models.CharField(max_length=60)
    line_no = models.CharField(max_length=20, blank=True)
    ordered_on = models.DateField()
    quantity = models.DecimalField(**AMOUNT)
    unit_price = models.DecimalField(**AMOUNT)
    amount = models.DecimalField(**AMOUNT)
    discount_amount = models.DecimalField(**AMOUNT, null=True, help_text="given on this line, positive")
    cost_amount = models.DecimalField(**AMOUNT, null=True, help_text="cost of goods of this line")
    currency = models.CharField(max_length=3)
    country = models.CharField(max_length=60, blank=True)
    is_reversal = models.BooleanField(default=False)

    objects = SalesLineQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("sales line"), _("sales lines")
        indexes = [
            models.Index(fields=["account", "ordered_on"], name="sales_line_by_account"),
            # Of the batch alone: its lines come one after the other, so an import only adds to the end of it.
            models.Index(fields=["batch"], name="sales_line_of_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.order_no} {self.amount}"


class SalesOrder(models.Model):
    """Roll-up of an account's lines of one order on one day; kept in SQL by accounts/rollup.py."""

    is_derived = True

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="orders", db_index=False)
    order_no = models.CharField(max_length=60)
    ordered_on = models.DateField()
    gross = models.DecimalField(**AMOUNT, help_text="sum of the positive lines")
    net = models.DecimalField(**AMOUNT, help_text="sum of all lines, reversals negative")
    lines = models.PositiveIntegerField(help_text="positive lines")
    reversals = models.PositiveIntegerField(default=0, help_text="reversing lines")
    discount = models.DecimalField(**AMOUNT, default=0)
    cost = models.DecimalField(**AMOUNT, null=True, help_text="empty when no line states its cost")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "order_no", "ordered_on"], name="sales_order_once_a_day"
            )
        ]
        # With what is summed over all accounts, so that a year of everybody's orders never leaves the index.
        indexes = [models.Index(fields=["account", "ordered_on", "net", "lines"], name="sales_order_amounts")]

    def __str__(self) -> str:
        return self.order_no


class AccountMonth(models.Model):
    """Roll-up of an account's orders of one month; ``month`` is its first day."""

    is_derived = True

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="months", db_index=False)
    month = models.DateField()
    gross = models.DecimalField(**AMOUNT)
    net = models.DecimalField(**AMOUNT)
    orders = models.PositiveIntegerField(help_text="orders with a positive line")
    lines = models.PositiveIntegerField()
    cost = models.DecimalField(**AMOUNT, null=True, help_text="empty when no line states its cost")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "month"], name="account_month_once")]
        # With the amounts, so that what is summed over all accounts never leaves the index.
        indexes = [models.Index(fields=["month", "account", "net", "cost"], name="account_month_amounts")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
