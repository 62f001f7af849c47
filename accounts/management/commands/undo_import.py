"""manage.py undo_import BATCH --json — takes an import back."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.actions import imports
from accounts.imports.command import finish, person
from kam.integrations.jobs import run_now
from kam.integrations.models import ImportBatch


class Command(BaseCommand):
    help = "Undo an import: its lines go, what people changed since stays."
    requires_system_checks = ()  # as ImportCommand

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batch", help="the id that the import printed")
        parser.add_argument("--user", default="", help="e-mail address of the person who undoes it")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        by = person(options["user"])
        try:
            batch = ImportBatch.objects.filter(pk=options["batch"]).first()
        except ValidationError:
            batch = None
        if batch is None:
            raise CommandError(_("There is no import %(id)s.") % {"id": options["batch"]})
        finish(self, run_now(imports.UNDO, {"batch": str(batch.pk)}, by=by), as_json=options["json"])
