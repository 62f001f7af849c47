"""Compute the scores of the models in use, or of one model, to the end, with or without a worker."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.windows import parse_day
from kam.integrations.jobs import run_now
from kam.integrations.models import Job
from kam.lib.errors import InvalidInput
from scoring.certainty import MISSING


class Command(BaseCommand):
    help = "Compute a score run of every model in use, or of the newest version of one model."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--model", default="", help="name of a model; default: every model in use")
        parser.add_argument("--as-of", default="", help="day up to which everything counts; default: today")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            as_of = parse_day(options["as_of"], "as_of").isoformat() if options["as_of"] else ""
        except InvalidInput as error:
            raise CommandError(str(error)) from error
        job = run_now("scoring.recompute", {"model": options["model"], "as_of": as_of}, by=None)
        if job.state != Job.State.SUCCEEDED or job.result is None:
            raise CommandError(job.error_text or job.get_state_display())
        if options["json"]:
            self.stdout.write(json.dumps(job.result))
            return
        for run in job.result["runs"]:
            self.stdout.write(_("%(model)s v%(version)s as of %(as_of)s: %(accounts)s accounts") % run)
            if not run["certainty"]:
                self.stderr.write(_(MISSING))
