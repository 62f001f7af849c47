"""Small functions that make rows; each call makes a different one."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.actions.imports import receive_file
from accounts.models import Account, AccountReference, Contact, Offering, OwnSite, SalesLine
from accounts.rollup import refresh_rollups
from goals.models import Goal
from kam.integrations.models import ImportBatch
from kam.lib.ids import uuid7
from kam.lib.text import fold, fold_name
from kam.users.models import Role, Team, User
from reports.actions import build_report, create_report
from reports.models import Report
from reports.snapshot import Order
from scoring.actions.runs import compute_run, create_run
from scoring.models import (
    AccountEstimate,
    Criterion,
    Decision,
    ModelCriterion,
    Rating,
    Scenario,
    ScoreRun,
    ScoringModel,
)

_numbers = count(1)
PASSWORD = "correct horse battery"


def make_user(name: str = "", role: str = Role.KAM, **values: Any) -> User:
    number = next(_numbers)
    return User.objects.create_user(
        values.pop("email", f"user{number}@example.com"),
        values.pop("password", None),
        name=name or f"User {number}",
        role=role,
        **values,
    )


def make_team(*members: User, name: str = "") -> Team:
    team = Team.objects.create(name=name or f"Team {next(_numbers)}")
    team.members.set(members)
    return team


def make_account(name: str = "", *, external_id: str = "", source: str = "file", **values: Any) -> Account:
    name = name or f"Customer {next(_numbers)} GmbH"
    words = fold(f"{name} {values.get('domain', '')} {values.get('city', '')} {external_id}")
    sort_key = fold_name(values.get("brand_name") or name)[:200]
    account = Account.objects.create(name=name, search_text=words, sort_key=sort_key, **values)
    if external_id:
        AccountReference.objects.create(account=account, source=source, external_id=external_id)
    return account


def make_contact(account: Account, last_name: str = "Muster", **values: Any) -> Contact:
    return Contact.objects.create(account=account, last_name=last_name, **values)


def make_offering(code: str = "", **values: Any) -> Offering:
    code = code or f"P-{next(_numbers)}"
    return Offering.objects.create(code=code, name=values.pop("name", code), **values)


def make_site(name: str = "", latitude: Any = "52.52", longitude: Any = "13.405", **values: Any) -> OwnSite:
    place = {"latitude": Decimal(str(latitude)), "longitude": Decimal(str(longitude))}
    return OwnSite.objects.create(name=name or f"Site {next(_numbers)}", **place, **values)


def make_line(account: Account, amount: Any = "100", on: date = date(2026, 3, 1), **values: Any) -> SalesLine:
    """Write one sales line. The roll-up is another matter: see ``make_sales``."""
    amount = Decimal(str(amount))
    defaults = {
        "line_key": uuid7(),
        "content_hash": next(_numbers),
        "order_no": f"O-{next(_numbers)}",
        "ordered_on": on,
        "quantity": 1,
        "unit_price": amount,
        "amount": amount,
        "currency": "EUR",
        "is_reversal": amount < 0,
    }
    return SalesLine.objects.create(account=account, **(defaults | values))


def make_criterion(code: str = "", **values: Any) -> Criterion:
    code = code or f"criterion-{next(_numbers)}"
    return Criterion.objects.create(code=code, **({"name_de": code, "name_en": code} | values))


def make_model(*weighted: tuple[Criterion, float], **values: Any) -> ScoringModel:
    """Write a model of (criterion, weight) pairs."""
    model = ScoringModel.objects.create(**({"name": f"Model {next(_numbers)}", "state": "active"} | values))
    for position, (criterion, weight) in enumerate(weighted, start=1):
        ModelCriterion.objects.create(
            model=model,
            criterion=criterion,
            position=position,
            weight=weight,
            rule=criterion.rule,
            basis=criterion.basis,
        )
    return model


def make_goal(account: Account, title: str = "", **values: Any) -> Goal:
    defaults = {"start_on": date(2026, 1, 1), "due_on": date(2026, 12, 31)}
    return Goal.objects.create(
        account=account, title=title or f"Goal {next(_numbers)}", **(defaults | values)
    )


def make_sales(account: Account, sales: list[tuple[Any, date]], **values: Any) -> list[SalesLine]:
    """Write one line for each (amount, day), every one an order of its own, and refresh the roll-up."""
    lines = [make_line(account, amount, on, **values) for amount, on in sales]
    refresh_rollups([account.pk])
    return lines


def make_rating(account: Account, criterion: Criterion, rater: User, value: Any = 7, **values: Any) -> Rating:
    """Write a submitted rating; ``value`` None means «not applicable»."""
    defaults = {
        "value": None if value is None else Decimal(str(value)),
        "not_applicable": value is None,
        "rated_on": date(2026, 3, 1),
        "submitted_at": timezone.now(),
    }
    return Rating.objects.create(account=account, criterion=criterion, rater=rater, **(defaults | values))


def make_run(model: ScoringModel | None = None, *, as_of: date = date(2026, 6, 30)) -> ScoreRun:
    """Write a run and compute it; without a model, of one criterion that people rate."""
    run = create_run(model or make_model((make_criterion(), 1.0)), as_of=as_of, by=None, queue=False)
    compute_run(run)
    return run


def make_scenario(run: ScoreRun | None = None, **values: Any) -> Scenario:
    """Write a scenario with the weights of its model, as they are."""
    model = (run or make_run()).model
    weights = [round(100 * item.weight, 2) for item in model.items.all()]
    standard = {"name": f"Scenario {next(_numbers)}", "weights": weights, "cut_value": model.cut_value}
    return Scenario.objects.create(model=model, **(standard | values))


def make_decision(account: Account, **values: Any) -> Decision:
    return Decision.objects.create(account=account, **values)


def make_estimate(
    account: Account, kind: str = "potential", value: Any = 100_000, **values: Any
) -> AccountEstimate:
    values = {"source": "Talk", "confidence": "medium", "stated_on": date(2026, 6, 1), **values}
    return AccountEstimate.objects.create(account=account, kind=kind, value=value, **values)


def make_report(account: Account | None, *, as_of: date = date(2026, 6, 30), **values: Any) -> Report:
    """Order a report and build it: one part of the snapshot for each section, and the PDF."""
    template = values.pop("template", "progress" if account else "portfolio")
    order = Order(account, as_of, values.pop("audience", "internal"), values.pop("language", "en"), template)
    report = create_report(order, by=values.pop("by", None), queue=False)
    build_report(report)
    return report


def make_import(text: str = "", **values: Any) -> ImportBatch:
    """Write an uploaded sales file that nobody has checked yet."""
    text = text or "order,date,account,quantity,unit_price\nA1,2026-03-01,C1,2,10\n"
    by = values.pop("created_by", None)
    batch = receive_file(ContentFile(text.encode(), name="sales.csv"), by=by, **values)
    return ImportBatch.objects.get(pk=batch.pk)
