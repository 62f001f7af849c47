"""Taking the demo away again: its own rows go, what people entered or imported stays."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import Account, AccountReference, Activity, Offering, OwnSite, SalesLine
from accounts.rollup import refresh_rollups
from goals.models import BetaProgramme, Goal, Playbook
from kam.integrations.models import Job
from kam.users.models import Organisation, Role, Team, User
from reports.demo import words
from reports.demo.made import demo_batches, made
from reports.models import Report
from scoring.models import Backtest, Criterion, Rating, RatingRound, Scenario, ScoreRun, ScoringModel


def leftover_people() -> QuerySet[User]:
    """Return sign-ins of the demo, also those that stayed when a demo was removed."""
    return User.objects.filter(email__endswith=f"@{words.DOMAIN}")


def remove(*, by: User | None = None) -> dict[str, Any]:
    """Remove the demo's rows and return the counts. Runs in the caller's transaction."""
    _forget()
    batches = demo_batches()
    counts = {"lines": SalesLine.objects.filter(batch__in=batches).delete()[0]}
    counts |= _remove_accounts()
    _remove_models()
    made(OwnSite).delete()
    made(BetaProgramme).filter(participations__isnull=True).delete()
    made(Playbook).filter(runs__isnull=True).delete()
    made(Job).delete()
    counts["offerings"] = _remove_offerings()
    counts |= _remove_people(by)
    batches.delete()
    name = {"name": "KAM"} if Organisation.current().name == words.COMPANY else {}
    Organisation.objects.filter(pk=1).update(is_demo=False, **name)
    return counts


def _remove_accounts() -> dict[str, int]:
    mine = Account.objects.filter(references__source=words.SOURCE)
    kept = set(mine.filter(_in_use()).values_list("pk", flat=True))
    doomed = Account.objects.filter(pk__in=set(mine.values_list("pk", flat=True)) - kept)
    documents = Report.objects.filter(account__in=doomed) | made(Report)
    for report in documents.exclude(pdf=""):
        report.pdf.delete(save=False)
    documents.delete()
    # What protects a row of an account goes before the account: subsidiaries let go, goals free their metrics.
    Account.objects.filter(parent__in=doomed).update(parent=None, version=F("version") + 1)
    Goal.objects.filter(account__in=doomed).delete()
    count = doomed.count()
    _remove_merged(doomed)
    doomed.delete()
    AccountReference.objects.filter(account__in=kept, source=words.SOURCE).delete()
    refresh_rollups(kept)
    return {"accounts": count, "accounts_kept": len(kept)}


def _remove_merged(doomed: QuerySet[Account]) -> None:
    """Remove what was merged into accounts that go: a merge protects the one that stays."""
    merged: set[Any] = set()
    level = set(doomed.values_list("pk", flat=True))
    while level:
        level = set(Account.everything.filter(merged_into__in=level).values_list("pk", flat=True))
        merged |= level
    Account.everything.filter(pk__in=merged).update(merged_into=None)
    Account.everything.filter(pk__in=merged).delete()


def _in_use() -> Q:
    """Somebody who is not of the demo did something here, another system knows it, or other sales hang on it."""
    touched = Activity.objects.filter(account=OuterRef("pk"), actor__isnull=False)
    known = AccountReference.objects.filter(account=OuterRef("pk")).exclude(source=words.SOURCE)
    return (
        Q(Exists(touched.exclude(actor__in=made(User))))
        | Q(Exists(known))
        | Q(Exists(SalesLine.objects.filter(account=OuterRef("pk"))))
    )


def _remove_models() -> None:
    models, rounds = made(ScoringModel), made(RatingRound)
    Rating.objects.filter(round__in=rounds, rater__in=made(User)).delete()
    ScoreRun.objects.filter(model__in=models).delete()
    # Also those that people made of the demo's model: without it they say nothing.
    Backtest.objects.filter(model__in=models).delete()
    Scenario.objects.filter(model__in=models).delete()
    models.delete()
    rounds.delete()
    made(Criterion).filter(uses__isnull=True, ratings__isnull=True).delete()


def _forget() -> None:
    """Remove the entries, outside any account's timeline, about what the demo made for the whole company."""
    gone = {
        str(pk) for pk in ScoreRun.objects.filter(model__in=made(ScoringModel)).values_list("pk", flat=True)
    }
    for batch in demo_batches():
        for ids in batch.options.get("made", {}).values():
            gone.update(ids)
    Activity.objects.filter(account__isnull=True, subject_id__in=gone).delete()


def _remove_offerings() -> int:
    sold = SalesLine.objects.filter(offering=OuterRef("pk"))
    mine = Offering.objects.filter(~Exists(sold), references__source=words.SOURCE)
    count: int = mine.filter(parent__isnull=False).delete()[1].get(Offering._meta.label, 0)
    mine.filter(parent__isnull=True, children__isnull=True).delete()
    return count


def _remove_people(by: User | None) -> dict[str, int]:
    """Delete the sign-ins that own nothing any more; shut the others, whose password everybody knows."""
    people = made(User)
    other_leaders = User.objects.filter(role=Role.LEADER, is_active=True).exclude(pk__in=people)
    stays = [by.pk] if by and not other_leaders.exists() else []
    for team in made(Team).filter(accounts__isnull=True):
        if not team.members.exclude(pk__in=people).exists():
            team.delete()
    others = people.exclude(pk__in=stays)
    idle = [person for person in others if not _owns_something(person)]
    User.objects.filter(pk__in=[person.pk for person in idle]).delete()
    return {"people": len(idle), "people_closed": made(User).exclude(pk__in=stays).update(is_active=False)}


def _owns_something(person: User) -> bool:
    """Say whether a row that stays names the person."""
    if person.import_batches.exclude(source=words.SOURCE).exists():
        return True
    owned = (person.owned_accounts, person.key_accounts, person.tasks, person.goals)
    wrote = (person.reports, person.ratings, person.activities.filter(account__isnull=False))
    return any(rows.exists() for rows in (*owned, *wrote))
