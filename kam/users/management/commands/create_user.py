"""manage.py create_user EMAIL --role leader --password-stdin"""

import getpass
import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kam.lib.errors import DomainError
from kam.users.actions import create_user
from kam.users.models import Role


class Command(BaseCommand):
    help = "Create a person who may sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--role", choices=Role.values, default=Role.VIEWER)
        parser.add_argument("--name", default="")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        password = sys.stdin.readline().rstrip("\n") if options["password_stdin"] else getpass.getpass()
        try:
            user = create_user(
                options["email"], name=options["name"], role=options["role"], password=password, by=None
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{user.email} ({user.get_role_display()})")
