"""manage.py demo [--reset]: the demo company, and how to sign in to it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from kam.lib.errors import DomainError
from kam.users.models import User
from reports.demo import words
from reports.demo.actions import build_demo, has_demo, rebuild_demo


class Command(BaseCommand):
    help = "Build the demo company in an empty installation; does nothing when it is there already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--reset", action="store_true", help="remove the demo company and build it afresh"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._build(reset=options["reset"])
        except DomainError as error:
            raise CommandError(str(error)) from error
        self._print_sign_ins()

    def _build(self, *, reset: bool) -> None:
        if has_demo() and not reset:
            self.stdout.write(_("The demo company is there already (--reset builds it afresh)."))
            return
        self.stdout.write(_("Building the demo company …"))
        self.stdout.flush()
        counts = rebuild_demo() if has_demo() else build_demo()
        told = _(
            "%(accounts)s accounts, %(contacts)s contacts, %(offerings)s offerings, %(lines)s sales lines"
        )
        self.stdout.write(told % counts)

    def _print_sign_ins(self) -> None:
        people = list(User.objects.filter(email__endswith=f"@{words.DOMAIN}", is_active=True).order_by("pk"))
        for person in people:
            self.stdout.write(f"  {person.email:30} {person.get_role_display()}")
        if people:
            self.stdout.write("  " + _("password for all: %(password)s") % {"password": words.PASSWORD})
