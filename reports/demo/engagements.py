"""What the demo's customers did together with us beyond buying: events, trainings, boards, references."""

from datetime import date, timedelta
from random import Random

from accounts.models import Account, Activity
from goals.models import Goal, GoalActivity
from kam.users.models import User
from reports.demo import texts_pipeline as texts
from reports.demo.clock import at, office_hour

DAYS = 640
LINKED, UNTOUCHED = 12, 43


def build_engagements(planned: list[tuple[Account, User]], today: date, rng: Random) -> None:
    """Log a few engagements over nearly two years for every account with a plan; some have hardly any."""
    entries = []
    for account, kam in planned:
        contact = account.contacts.first()
        count = min(rng.choice([1, 3, 4, 5, 6]), len(texts.ENGAGEMENTS))
        for verb, body, people, brought, minutes in rng.sample(texts.ENGAGEMENTS, k=count):
            day = today - timedelta(days=1 + int(DAYS * rng.random() ** 1.3))
            entries.append(
                Activity(
                    account=account,
                    verb=verb,
                    actor=kam,
                    occurred_at=office_hour(day, rng),
                    subject_type="account",
                    subject_id=str(account.pk),
                    subject_label=str(account),
                    contact=contact,
                    body=body,
                    minutes=minutes,
                    details={"people": people, "brought": brought},
                    visibility="shareable",
                )
            )
    Activity.objects.bulk_create(entries)


def link_work(planned: list[tuple[Account, User]], today: date) -> None:
    """Say of two thirds of what was logged for which goal it was done, and let some goals lie for long."""
    links = []
    for account, _kam in planned:
        goals = list(account.goals.open().order_by("start_on", "title"))
        logged = Activity.objects.filter(account=account).logged().order_by("-occurred_at", "body")
        for place, entry in enumerate(logged[:LINKED]):
            if goals and place % 3:
                links.append(GoalActivity(goal=goals[place % len(goals)], activity=entry))
    GoalActivity.objects.bulk_create(links)
    untouched = [goals[-1].pk for account, _kam in planned[::4] if (goals := list(account.goals.open()))]
    Goal.objects.filter(pk__in=untouched).update(worked_at=at(today - timedelta(days=UNTOUCHED)))
