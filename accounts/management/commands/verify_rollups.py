"""manage.py verify_rollups [--repair] — proves that every roll-up equals the sum of its sales lines."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.rollup import refresh_rollups, verify_rollups


class Command(BaseCommand):
    help = "Compare the roll-ups with the sales lines; exit with an error when they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="rebuild all roll-ups first")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["repair"]:
            self.stdout.write(f"{refresh_rollups(None)} accounts rebuilt")
        differences = verify_rollups()
        for difference in differences:
            self.stderr.write(str(difference))
        if differences:
            raise CommandError(f"{len(differences)} differences")
        self.stdout.write("The roll-ups equal their lines.")
