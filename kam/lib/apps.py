from django.apps import AppConfig


class LibConfig(AppConfig):
    name = "kam.lib"
    label = "lib"

    def ready(self) -> None:
        from kam.lib import checks, logs

        logs.configure()
        checks.register_all()
