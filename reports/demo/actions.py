"""The demo company: built once, rebuilt on demand, and removed without touching what people entered."""

from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_noop

from accounts.actions.timeline import record
from accounts.models import Account
from accounts.rollup import refresh_rollups
from goals.actions.health import record_health
from kam.lib.errors import DomainError
from kam.users.models import Organisation, User
from reports.demo import removal
from reports.demo.betas import build_betas
from reports.demo.customers import build_accounts, build_contacts, build_people
from reports.demo.decisions import build_decisions
from reports.demo.diary import build_diary, build_tasks
from reports.demo.documents import build_jobs, build_reports
from reports.demo.engagements import build_engagements, link_work
from reports.demo.looking_back import build_looking_back
from reports.demo.made import note_made, open_batch
from reports.demo.orders import build_offerings, build_orders
from reports.demo.pipeline import build_pipeline
from reports.demo.plans import build_plans
from reports.demo.playbooks import build_playbooks
from reports.demo.ratings import build_ratings, open_round
from reports.demo.service import build_service
from reports.demo.standing import build_standing
from scoring.actions.criteria import ensure_shipped_criteria

SEED = 20260101
LANGUAGE = "de"  # of whatever the actions write on its way: it is a German company
# Beside the key accounts, so many others have a plan as well.
MORE_PLANS = 8


def has_demo() -> bool:
    """Say whether the demo company stands."""
    return Organisation.objects.filter(is_demo=True).exists()


@translation.override(LANGUAGE)
@transaction.atomic
def build_demo() -> dict[str, int]:
    """Build the demo company and return how much of what; the same on every machine on the same day.

    Raises DomainError when the installation holds other data: a demo must never mix with real accounts.
    """
    if Account.objects.exists() or User.objects.exclude(pk__in=removal.leftover_people()).exists():
        raise DomainError(
            "not_empty",
            gettext_noop(
                "There are people or accounts already. The demo company needs an empty installation."
            ),
        )
    return _build(_chance())


@translation.override(LANGUAGE)
@transaction.atomic
def rebuild_demo() -> dict[str, int]:
    """Remove the demo company and build it afresh beside what people entered meanwhile."""
    removal.remove()
    return _build(_chance())


@transaction.atomic
def remove_demo(*, by: User | None) -> dict[str, Any]:
    """Remove exactly the demo's rows and return what was removed and kept.

    Kept are accounts that somebody else has worked on or imported sales for, offerings such sales need, and
    sign-ins that own something still. Who removes the demo keeps her sign-in while no other leader exists.
    """
    if not has_demo():
        raise DomainError("no_demo", gettext_noop("There is no demo company."))
    counts = removal.remove(by=by)
    by = User.objects.filter(pk=by.pk).first() if by else None
    record("demo.removed", by=by, subject=Organisation.current(), counts=counts)
    return counts


def _chance() -> Random:
    """Return the chance that makes the same company everywhere."""
    return Random(SEED)  # noqa: S311 - invents names and amounts, guards nothing


def _build(rng: Random) -> dict[str, int]:
    today = timezone.localdate()
    ensure_shipped_criteria()
    cast = build_people()
    batch = open_batch(cast.leader)
    note_made(batch, [*cast.people, *cast.teams])
    accounts = build_accounts(cast, rng)
    contacts = build_contacts(accounts, rng)
    articles = build_offerings()
    lines = build_orders(accounts, articles, batch, today, rng)
    batch.counts = {"rows": lines, "new": lines, "unchanged": 0, "changed": 0, "rejected": 0}
    batch.save(update_fields=["counts", "updated_at"])
    refresh_rollups(account.pk for account in accounts)
    build_ratings(accounts, cast, batch, today, rng)
    approved = [(decision.account, decision.kam) for decision in build_decisions(cast, batch, today, rng)]
    build_looking_back(cast, batch, today)
    accounts = list(Account.objects.filter(pk__in=[account.pk for account in accounts]).with_people())
    more = rng.sample([account for account in accounts if not account.is_key], k=MORE_PLANS)
    planned = [(a, kam) for a, kam in approved if kam] + [(a, a.owner) for a in more if a.owner]
    build_plans(planned, today, rng)
    build_standing(accounts, today, _chance())
    build_pipeline(planned, today, _chance())
    open_round(cast, batch, today)
    build_service(accounts, cast, batch, today, _chance())
    build_betas(planned, batch, today, _chance())
    build_engagements(planned, today, _chance())
    build_diary(accounts, cast.people[:-1], today, rng)
    link_work(planned, today)
    build_tasks(accounts, {account.pk for account, _ in planned}, today, rng)
    build_playbooks(planned, batch, today, cast.leader)
    record_health(today)
    build_reports(planned[:2], cast.leader, batch, today)
    build_jobs(batch, today)
    return {"accounts": len(accounts), "contacts": len(contacts), "offerings": len(articles), "lines": lines}
