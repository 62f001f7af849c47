"""What the import commands have in common: their arguments, and running a job to its end."""

import argparse
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from accounts.actions import imports
from kam.integrations.jobs import run_now
from kam.integrations.models import Job
from kam.lib.errors import DomainError
from kam.lib.terminal import reason
from kam.lib.uploads import Bounded
from kam.users.models import User


class ImportCommand(BaseCommand):
    """Import a file of one kind from the command line."""

    kind = ""
    # They read every page of the site, which takes a second and as much memory as an import itself.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--map", action="append", default=[], metavar="FIELD=COLUMN", type=_pair, help="may be repeated"
        )
        parser.add_argument(
            "--option",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            type=_pair,
            help="date_order, decimal, reversal_prefix, exclude_codes (comma-separated), exclude_zero_price, …",
        )
        parser.add_argument("--source", default="", help="the system that the file comes from")
        parser.add_argument("--user", default="", help="e-mail address of the person who imports")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        by = person(options["user"])
        try:
            with options["file"].open("rb") as stream:
                batch = imports.receive_mapped(
                    Bounded(stream, name=options["file"].name),
                    by=by,
                    kind=self.kind,
                    source=options["source"],
                    mapping=_once(options["map"]),
                    options={
                        name: option_value(name, value) for name, value in _once(options["option"]).items()
                    },
                )
        except OSError as error:
            raise CommandError(f"{options['file']}: {reason(error)}") from error
        except DomainError as error:
            raise CommandError(str(error)) from error
        kind = imports.CHECK if options["dry_run"] else imports.COMMIT
        finish(self, run_now(kind, {"batch": str(batch.pk)}, by=by), as_json=options["json"])


def finish(command: BaseCommand, job: Job, *, as_json: bool) -> None:
    """Print the result of a job. Raises CommandError when it failed."""
    if job.state != Job.State.SUCCEEDED or job.result is None:
        raise CommandError(job.error_text or gettext("The job was cancelled."))
    told: dict[str, Any] = job.told_result or {}
    if as_json:
        command.stdout.write(json.dumps(told, ensure_ascii=False))
        return
    for name, value in told.items():
        if not isinstance(value, list):
            command.stdout.write(f"{name}: {value}")
    for why in told.get("reasons", []):
        rows = ", ".join(map(str, why["first_rows"])) + (" …" if why["rows"] > len(why["first_rows"]) else "")
        values = {"reason": why["message"], "count": why["rows"], "rows": rows}
        command.stderr.write(gettext("%(reason)s (%(count)s): row %(rows)s") % values)


def person(email: str) -> User | None:
    """Return the person with an address. Raises CommandError when there is none."""
    if not email:
        return None
    found = User.objects.filter(email__iexact=email).first()
    if found is None:
        raise CommandError(gettext("Nobody signs in with %(email)s.") % {"email": email})
    return found


def option_value(name: str, text: str) -> Any:
    """Return the value of an option as it is typed: true and false, comma-separated codes, else text."""
    if name == "exclude_codes":
        return [code.strip() for code in text.split(",") if code.strip()]
    return {"true": True, "false": False}.get(text.lower(), text)


def _once(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Return names and values. Raises CommandError for a name that is given two values: neither is meant for sure."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if found.setdefault(name, value) != value:
            raise CommandError(gettext("“%(name)s” is given twice.") % {"name": name})
    return found


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise argparse.ArgumentTypeError(f"“{text}” is not of the form NAME=VALUE")
    return name.strip(), value.strip()
