"""What the demo's customers did together with us beyond buying: events, trainings, boards, references."""

from datetime import date, timedelta
from random import Random

from accounts.models import Account, Activity
from kam.users.models import User
from reports.demo import texts_pipeline as texts
from reports.demo.clock import office_hour

DAYS = 640


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
