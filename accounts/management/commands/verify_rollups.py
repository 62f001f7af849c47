"""manage.py verify_rollups [--repair] — proves that every roll-up equals the sum of its sales lines."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rollup import refresh_rollups, verify_rollups


class Command(BaseCommand):
    help = "Compare the roll-ups with the sales lines; exit with an error when they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="rebuild all roll-ups first")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["repair"]:
            rebuilt = refresh_rollups(None)
            told = ngettext("%(count)s account rebuilt.", "%(count)s accounts rebuilt.", rebuilt)
            self.stdout.write(told % {"count": rebuilt})
        differences = verify_rollups()
        for difference in differences:
            self.stderr.write(str(difference))
        if differences:
            count = len(differences)
            told = ngettext(
                "%(count)s roll-up differs from its lines.",
                "%(count)s roll-ups differ from their lines.",
                count,
            )
            raise CommandError(told % {"count": count})
        self.stdout.write(_("The roll-ups equal their lines."))
