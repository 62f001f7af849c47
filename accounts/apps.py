from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from accounts import kept_amounts, tasks  # noqa: F401 - registers amounts and job kinds
        from accounts.merging import own_rules  # noqa: F401 - registers what merges do with the tables
        from accounts.search_index import lay_search_index

        post_migrate.connect(lay_search_index, sender=self)
