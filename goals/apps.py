from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GoalsConfig(AppConfig):
    name = "goals"
    verbose_name = _("Goals")

    def ready(self) -> None:
        from goals import kept_amounts, merging, tasks  # noqa: F401 - registers amounts, merge rules, job kinds
