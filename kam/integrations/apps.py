from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrationsConfig(AppConfig):
    name = "kam.integrations"
    label = "integrations"
    verbose_name = _("Integrations")

    def ready(self) -> None:
        from kam import celery  # noqa: F401 - makes our Celery app the current one
        from kam.integrations import tasks  # noqa: F401 - registers the job kinds
