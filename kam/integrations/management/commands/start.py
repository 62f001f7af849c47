"""manage.py start --port N [--demo]: the whole system in one command, until Ctrl-C."""

import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connections
from django.utils.translation import gettext as _

from kam.integrations.jobs import recover_all
from kam.lib.supervisor import replace_process
from kam.users.first_visit import setup_link


class Command(BaseCommand):
    help = "Start web server, worker and scheduler; the database is brought up to date first."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument(
            "--demo", action="store_true", help="build the demo company if nothing is there yet"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        _refuse_taken_port(options["host"], options["port"])
        _bring_database_up_to_date()
        recover_all()
        address = f"http://{options['host']}:{options['port']}"
        demo = options["demo"]
        if demo:
            call_command("demo", verbosity=1, stdout=self.stdout)
        elif link := setup_link():
            self.stdout.write(_("Nobody can sign in yet. Open this link once to set KAM up:"))
            self.stdout.write(f"  {address}{link}")
        told = _("KAM runs on %(address)s (Ctrl-C ends it; data in %(folder)s)")
        self.stdout.write(told % {"address": address, "folder": settings.DATA_DIR})
        self.stdout.flush()
        environment = (
            os.environ | {"KAM_DATA_DIR": str(settings.DATA_DIR)} | ({"KAM_DEMO": "1"} if demo else {})
        )
        environment.setdefault("KAM_BASE_URL", address)
        connections.close_all()
        replace_process(_commands(options["host"], options["port"]), environment)


def _refuse_taken_port(host: str, port: int) -> None:
    """Say so before anything is written: the web server would only die and be started again, over and over."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            told = _(
                "%(place)s cannot be listened on (%(why)s). Nothing was started; end what uses the port, or choose"
                " another with --port N."
            )
            raise CommandError(told % {"place": f"{host}:{port}", "why": error.strerror}) from error


def _bring_database_up_to_date() -> None:
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        told = _(
            "The database does not answer: %(why)s\nNothing was started; see that it runs and exists, and that"
            " DATABASE_URL names it and who may use it."
        )
        raise CommandError(told % {"why": str(error).strip()}) from error


def _commands(host: str, port: int) -> dict[str, list[str]]:
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "-q", "-A", "kam.celery"]
    quiet = ["--loglevel", "WARNING"]
    waitress = ["--threads=8", "--connection-limit=1000", "--ident=", "kam.wsgi:application"]
    most = f"--max-request-body-size={settings.MAX_UPLOAD_SIZE + 1}"
    return {
        "web": [*python, "kam.lib.serving", f"--listen={host}:{port}", most, *waitress],
        "worker": [*celery, "worker", "--concurrency", "1", "--without-gossip", "--without-mingle", *quiet],
        "beat": [*celery, "beat", *quiet],
    }
