"""manage.py build_report ACCOUNT --out FILE — a progress report as PDF, with or without a worker."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.windows import parse_day
from kam.integrations.jobs import run_now
from kam.integrations.models import Job
from kam.lib.errors import DomainError
from kam.lib.terminal import reason
from reports.actions import create_report
from reports.finding import find_account
from reports.models import Report
from reports.snapshot import Order
from reports.templates import TEMPLATES


class Command(BaseCommand):
    help = "Build a report on an account and write it as PDF."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", help="id, external id or exact name")
        parser.add_argument("--as-of", default="", help="day up to which everything counts; default: today")
        parser.add_argument("--lang", choices=["de", "en"], default="de")
        about_account = [code for code, template in TEMPLATES.items() if template.about_account]
        parser.add_argument("--template", choices=about_account, default="progress")
        parser.add_argument("--audience", choices=Report.Audience.values, default=Report.Audience.INTERNAL)
        parser.add_argument("--out", type=Path, required=True, help="the PDF file to write")
        parser.add_argument("--json", action="store_true", help="print the job's result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        if not out.parent.is_dir():
            raise CommandError(_("The folder %(folder)s does not exist.") % {"folder": out.parent})
        report = self._order(options)
        job = run_now("reports.build", {"report": str(report.pk)}, by=None)
        if job.state != Job.State.SUCCEEDED:
            raise CommandError(job.error_text or job.get_state_display())
        report.refresh_from_db()
        try:
            out.write_bytes(report.pdf.read())
        except OSError as error:
            raise CommandError(f"{out}: {reason(error)}") from error
        self.stdout.write(json.dumps(job.result) if options["json"] else f"{report.title} → {out}")

    def _order(self, options: dict[str, Any]) -> Report:
        try:
            as_of = parse_day(options["as_of"], "as_of") if options["as_of"] else timezone.localdate()
            account, template = find_account(options["account"]), options["template"]
            order = Order(account, as_of, options["audience"], options["lang"], template)
            return create_report(order, by=None, queue=False)
        except DomainError as error:
            raise CommandError(str(error)) from error
