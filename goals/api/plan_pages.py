"""What the plan page says of a plan, and what the customer may read of it, over the API; templates to begin with."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.amounts import amount_text
from accounts.permissions import caller
from goals.actions.periods import add_fiscal_years
from goals.actions.plans import fill_plan, take_over_expectations
from goals.api.asking import AMOUNT, SHARE, account_of, amounts
from goals.api.plans import EntryView, PlanSerializer
from goals.customer_plan import CustomerPlan, customer_plan
from goals.plan_page import PlanPage, plan_page
from goals.plan_templates import TEMPLATES
from goals.status import GoalRow
from kam.lib.api.bodies import Body
from kam.lib.api.views import ApiView, etag
from kam.users.models import Organisation
from kam.users.policy import MANAGERS, Policy

TOUCHED = serializers.DateTimeField(allow_null=True, help_text="null: never")
STANDING: dict[str, Any] = {
    "plan_updated_at": TOUCHED,
    "plan_stale": serializers.BooleanField(help_text="not touched for 90 days"),
    "blocks": inline_serializer(
        "PlanBlock",
        {
            "kind": serializers.CharField(help_text="as in the addresses of entries"),
            "label": serializers.CharField(),
            "count": serializers.IntegerField(),
            "touched_at": TOUCHED,
            "stale": serializers.BooleanField(),
        },
        many=True,
    ),
    "steps": inline_serializer(
        "PlanStep",
        {
            "label": serializers.CharField(),
            "done": serializers.BooleanField(),
            "missing": serializers.CharField(help_text="what is missing, empty where it is done"),
        },
        many=True,
        help_text="the four steps: set goals, deliver, measure growth, anticipate needs",
    ),
    "promises": inline_serializer(
        "PromiseRecord",
        {
            "kept": serializers.IntegerField(),
            "closed": serializers.IntegerField(),
            "kept_rate": SHARE,
            "overdue": serializers.ListField(child=serializers.UUIDField()),
        },
    ),
    "give_and_get": inline_serializer(
        "GiveAndGet",
        {
            "given": AMOUNT,
            "got": AMOUNT,
            "gave": serializers.IntegerField(help_text="entries of what we gave"),
            "received": serializers.IntegerField(help_text="entries of what we got"),
            "silent": serializers.IntegerField(help_text="entries without an amount"),
            "verdict": serializers.CharField(
                help_text="none, unknown, we_give, we_get, even (up to twice as much)"
            ),
        },
        help_text="beyond the invoice, of the last 365 days",
    ),
    "work_without_goal": serializers.IntegerField(help_text="logged in the last 30 days"),
    "open_opportunities": AMOUNT,
    "currency": serializers.CharField(),
}
# What of an entry a customer reads; a field that is not named here stays inside.
SHOWN = {
    "expectations": ("side", "text"),
    "promises": ("text", "due_on", "state", "owner"),
    "projects": ("title", "benefit_customer", "state"),
    "challenges": ("title", "solution", "result"),
    "procedures": ("title", "customer_text"),
    "values": ("direction", "kind", "text", "amount", "occurred_on"),
}
TEXT = {"label": serializers.CharField(), "text": serializers.CharField()}
FOR_CUSTOMER: dict[str, Any] = {
    "texts": inline_serializer("SharedText", dict(TEXT), many=True),
    "goals": inline_serializer(
        "SharedGoal",
        {
            "title": serializers.CharField(),
            "side": serializers.CharField(),
            "due_on": serializers.DateField(),
            "start_value": serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True),
            "target_value": serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True),
            "current": serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True),
            "progress": SHARE,
            "state": serializers.CharField(),
        },
        many=True,
    ),
    **{
        code: serializers.ListField(child=serializers.DictField(), help_text=", ".join(fields))
        for code, fields in SHOWN.items()
    },
}


class PlanTemplateInput(Body):
    template = serializers.CharField(max_length=20, help_text="code of a template")


class FiscalYearInput(Body):
    month = serializers.IntegerField(help_text="the first month of the fiscal year, 1 to 12")


class PlanStanding(ApiView):
    """How a plan stands: how fresh each block is, which of the four steps are taken, who gives more."""

    policy = Policy(about="account", scope="goals")

    @extend_schema(responses=inline_serializer("PlanStanding", dict(STANDING)))
    def get(self, request: Request, account: Any) -> Response:
        page = plan_page(account_of(request, account), timezone.localdate())
        return Response(_standing(page) | {"currency": Organisation.current().currency})


class PlanForCustomer(ApiView):
    """The plan as the customer may read it: what is shareable, and nothing else."""

    policy = Policy(about="account", scope="goals")

    @extend_schema(responses=inline_serializer("PlanForCustomer", dict(FOR_CUSTOMER)))
    def get(self, request: Request, account: Any) -> Response:
        return Response(_for_customer(customer_plan(account_of(request, account), timezone.localdate())))


class PlanTemplates(ApiView):
    """Beginnings of a plan: sentences to be completed, in the caller's language."""

    policy = Policy(scope="goals")

    @extend_schema(
        responses=inline_serializer(
            "PlanTemplates",
            {
                "results": inline_serializer(
                    "PlanTemplate",
                    {
                        "code": serializers.CharField(),
                        "label": serializers.CharField(),
                        "texts": serializers.DictField(child=serializers.CharField()),
                    },
                    many=True,
                )
            },
        )
    )
    def get(self, request: Request) -> Response:
        rows = [
            {"code": code, "label": str(label), "texts": {name: str(text) for name, text in texts.items()}}
            for code, (label, texts) in TEMPLATES.items()
        ]
        return Response({"results": rows})


class PlanFromTemplate(ApiView):
    """Begin a plan with the sentences of a template; texts that stand already stay."""

    policy = Policy(read=(), write=MANAGERS, about="account", scope="goals")

    @extend_schema(request=PlanTemplateInput, responses=PlanSerializer)
    def post(self, request: Request, account: Any) -> Response:
        found = account_of(request, account)
        data = PlanTemplateInput(data=request.data)
        data.is_valid(raise_exception=True)
        plan = fill_plan(found, template=data.validated_data["template"], by=caller(request))
        return Response(PlanSerializer(plan).data, headers={"ETag": etag(plan)})


class PlanTakeOver(EntryView):
    """Take over the expectations of the approved decision, where the plan has none of that side."""

    policy = Policy(read=(), write=MANAGERS, about="account", scope="goals")

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, account: Any) -> Response:
        """Answers what was taken over; a second time that is nothing."""
        rows = take_over_expectations(account_of(request, account), by=caller(request))
        return Response({"results": [self.represent(row) for row in rows]})


class FiscalYears(EntryView):
    """An account's own fiscal years as named periods."""

    policy = Policy(read=(), write=MANAGERS, about="account", scope="goals")

    @extend_schema(request=FiscalYearInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, pk: Any) -> Response:
        """Add the running fiscal year and the three before it; those that stand already stay as they are."""
        account = account_of(request, pk)
        data = FiscalYearInput(data=request.data)
        data.is_valid(raise_exception=True)
        month = data.validated_data["month"]
        rows = add_fiscal_years(account, month=month, today=timezone.localdate(), by=caller(request))
        return Response({"results": [self.represent(row) for row in rows]}, status=201)


def _standing(page: PlanPage) -> dict[str, Any]:
    found = page.balance
    counts = {name: getattr(found, name) for name in ("gave", "received", "silent", "verdict")}
    return {
        "plan_updated_at": page.plan.updated_at if page.plan.version else None,
        "plan_stale": page.plan_stale,
        "blocks": [
            {"kind": code, "label": str(block.kind.label), "count": len(block.rows)}
            | {"touched_at": block.touched_at, "stale": block.stale}
            for code, block in page.blocks.items()
        ],
        "steps": [
            {"label": str(step.label), "done": step.done, "missing": "" if step.done else str(step.missing)}
            for step in page.steps
        ],
        "promises": {"kept": page.kept, "closed": page.closed, "kept_rate": page.kept_rate}
        | {"overdue": [row.pk for row in page.overdue]},
        "give_and_get": amounts(given=found.given, got=found.got) | counts,
        "work_without_goal": page.work_without_goal,
        "open_opportunities": amount_text(page.pipeline),
    }


def _for_customer(page: CustomerPlan) -> dict[str, Any]:
    blocks = {code: [_shown(row, SHOWN[code]) for row in rows] for code, rows in page.blocks.items()}
    texts = [{"label": label, "text": text} for label, text in page.texts]
    return {"texts": texts, "goals": [_goal(row) for row in page.goals], **blocks}


def _shown(row: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in fields}
    if "owner" in found:
        found["owner"] = str(row.owner) if row.owner else None
    if "amount" in found:
        found["amount"] = amount_text(row.worth_to_customer)
    return found


def _goal(row: GoalRow) -> dict[str, Any]:
    goal, status = row.goal, row.status
    values = amounts(start_value=goal.start_value, target_value=goal.target_value, current=status.current)
    about = {name: getattr(goal, name) for name in ("title", "side", "due_on")}
    return about | values | {"progress": status.progress, "state": status.state}
