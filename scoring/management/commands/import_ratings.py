"""Try or take over a table of one person's ratings, the same way as the page and the API."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from kam.lib.errors import DomainError
from kam.lib.terminal import reason
from kam.users.models import User
from scoring.actions import rating_imports
from scoring.models import RatingRound


class Command(BaseCommand):
    help = (
        "Read a CSV or XLSX of ratings: says what would change; with --commit takes it over, all or nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="columns: account, criterion, rating; note, evidence, rated_on")
        parser.add_argument("--rater", required=True, help="e-mail of whose ratings they are")
        parser.add_argument("--round", default="", help="name of the open round they are for")
        parser.add_argument("--commit", action="store_true", help="write them; without it nothing is written")

    def handle(self, *args: Any, **options: Any) -> None:
        path, rater = Path(options["file"]), _rater(options["rater"])
        try:
            batch = rating_imports.check_file(
                path, name=path.name, by=rater, round=_round(options["round"], rater)
            )
            counts = Counter(change.outcome for change in rating_imports.changes_of(batch))
            for problem in batch.problems:
                place = f"{problem['row']} {problem['field']}".strip()
                self.stderr.write(f"{place}: {rating_imports.problem_text(problem)}")
            if batch.problems or not options["commit"]:
                rating_imports.discard_import(batch, by=rater)
            else:
                rating_imports.commit_import(batch, by=rater)
        except OSError as error:
            raise CommandError(f"{path}: {reason(error)}") from error
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(", ".join(f"{name}: {counts[name]}" for name in ("new", "changed", "unchanged")))
        if batch.problems:
            raise CommandError(_("Nothing was written."))


def _rater(email: str) -> User:
    rater = User.objects.filter(email__iexact=email, is_active=True).first()
    if rater is None:
        raise CommandError(_("Nobody signs in with %(email)s.") % {"email": email})
    return rater


def _round(name: str, rater: User) -> RatingRound | None:
    if not name:
        return None
    found = RatingRound.objects.filter(name=name, raters=rater, closed_at__isnull=True).first()
    if found is None:
        raise CommandError(_("There is no open round “%(name)s” with this rater.") % {"name": name})
    return found
