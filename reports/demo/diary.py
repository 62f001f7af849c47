"""What people logged over the last months, and what they plan to do next."""

from datetime import date, timedelta
from random import Random
from uuid import UUID

from accounts.models import Account, Activity, Contact, Task
from kam.users.models import User
from reports.demo import texts
from reports.demo.clock import at, office_hour

MONTHS = 9


def build_diary(accounts: list[Account], people: list[User], today: date, rng: Random) -> None:
    """Write calls, meetings, mails, visits and notes: many for key accounts, few for the others."""
    contacts: dict[object, list[Contact]] = {}
    for contact in Contact.objects.filter(account__in=accounts):
        contacts.setdefault(contact.account_id, []).append(contact)
    entries = []
    for account in accounts:
        often = rng.randint(14, 30) if account.is_key else rng.choice([0, 1, 1, 2, 3, 5, 8])
        entries += [_entry(account, contacts[account.pk], people, today, rng) for _ in range(often)]
    Activity.objects.bulk_create(entries, batch_size=1000)


def _entry(
    account: Account, contacts: list[Contact], people: list[User], today: date, rng: Random
) -> Activity:
    verb, body, minutes = rng.choice(texts.DIARY)
    day = today - timedelta(days=1 + int(MONTHS * 30 * rng.random() ** 1.5))
    while day.weekday() > 4:
        day -= timedelta(days=1)
    actor = rng.choice([account.kam or account.owner, account.owner, rng.choice(people)])
    return Activity(
        account=account,
        verb=verb,
        actor=actor,
        occurred_at=office_hour(day, rng),
        subject_type="account",
        subject_id=str(account.pk),
        subject_label=str(account),
        contact=rng.choice(contacts) if verb != "note" else None,
        body=body,
        minutes=minutes or None,
        visibility="shareable" if verb in ("meeting", "visit") else "internal",
    )


def build_tasks(accounts: list[Account], planned: set[UUID], today: date, rng: Random) -> None:
    """Plan next steps: several where there is a plan, one for half of the others; some overdue, some done."""
    tasks = []
    for account in accounts:
        count = rng.choice([2, 2, 3]) if account.pk in planned else rng.choice([0, 1])
        assignee = account.kam or account.owner
        for title, reason in rng.sample(texts.STEPS, k=count):
            due = today + timedelta(days=rng.randint(-10, 40))
            late = due < today and rng.random() < 0.6
            done = {"done_at": at(due, 15), "done_by": assignee} if late else {}
            tasks.append(
                Task(account=account, title=title, reason=reason, due_on=due, assignee=assignee, **done)
            )
    Task.objects.bulk_create(tasks)
