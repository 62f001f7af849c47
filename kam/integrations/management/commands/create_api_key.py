"""manage.py create_api_key EMAIL --name NAME --scopes all — prints only the key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from kam.integrations.actions import DEFAULT_DAYS, create_api_key
from kam.lib.errors import DomainError
from kam.users.models import User


class Command(BaseCommand):
    help = "Create an API key for a person and print it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="command line")
        parser.add_argument("--scopes", default="all", help="comma-separated")
        parser.add_argument("--days", type=int, default=DEFAULT_DAYS)

    def handle(self, *args: Any, **options: Any) -> None:
        owner = User.objects.filter(email__iexact=options["email"]).first()
        if owner is None:
            raise CommandError(_("Nobody signs in with %(email)s.") % {"email": options["email"]})
        scopes = [scope.strip() for scope in options["scopes"].split(",") if scope.strip()]
        try:
            _key, secret = create_api_key(
                owner, name=options["name"], scopes=scopes, days=options["days"], by=None
            )
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(secret)
