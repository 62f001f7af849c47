"""The way from an empty installation to the first ranking, each step with the page where it happens."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import SalesOrder
from accounts.permissions import can_import
from kam.users.models import User
from reports.links import url
from scoring.models import ScoringModel
from scoring.permissions import can_manage_models


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what to do, why, where, and whether it is done."""

    title: str
    text: str
    action: str
    link: str
    done: bool


def first_steps(user: User) -> list[Step]:
    """Return the steps before the first ranking, for people who may take them; empty for the others."""
    if not (can_import(user) and can_manage_models(user)):
        return []
    has_orders, has_model = SalesOrder.objects.exists(), ScoringModel.objects.exists()
    return [
        Step(
            _("Import customers and orders"),
            _(
                "One file from your order system is enough. Nothing is written before you have seen what would be."
            ),
            _("Import a file"),
            url("imports:create"),
            has_orders,
        ),
        Step(
            _("Choose three to five criteria"),
            _("Ten are ready, with anchors in words. The weights follow from their order of importance."),
            _("Create model"),
            url("scoring:model_create"),
            has_model,
        ),
        Step(
            _("Compute the ranking"),
            _("Criteria from sales data rate themselves. Then the proposals for key accounts wait here."),
            _("To scoring"),
            url("scoring:home"),
            False,
        ),
    ]
