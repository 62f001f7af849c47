"""The Celery app: it carries «run job N» and the tick; the Job rows are the truth."""

import os
import warnings
from typing import Any

from celery import Celery, signals
from celery.platforms import SecurityWarning

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kam.settings")
# Celery would check the whole project and with it load every page: 30 MB a process. `start` and `migrate` check.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
# The worker reads JSON messages only; as root in a container or on a first try it is no more at risk than the web.
warnings.filterwarnings("ignore", category=SecurityWarning)


def configuration() -> dict[str, Any]:
    """Return Celery's settings for Redis, or for files below the data folder."""
    from django.conf import settings  # noqa: PLC0415 - settings import nothing from here, and must be ready

    common = {
        "result_backend": None,
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,  # safe only because the Job row caps the attempts
        "task_time_limit": 3600,
        "task_soft_time_limit": 3540,
        "worker_prefetch_multiplier": 1,
        "worker_max_tasks_per_child": 200,
        "worker_soft_shutdown_timeout": 20,
        "worker_hijack_root_logger": False,
        "worker_send_task_events": False,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "accept_content": ["json"],
        "task_serializer": "json",
        "timezone": "UTC",
        "enable_utc": True,
        "beat_max_loop_interval": 15,
        "beat_schedule_filename": str(settings.DATA_DIR / "beat-schedule"),
        # Every 15 s: re-send what no worker took, take back what died, start what the nightly schedule owes.
        "beat_schedule": {"tick": {"task": "kam.tick", "schedule": 15.0, "options": {"expires": 15}}},
    }
    if settings.REDIS_URL:
        return common | {
            "broker_url": settings.REDIS_URL,
            "broker_transport_options": {
                "visibility_timeout": 3900,
                "unacked_restore_interval": 10,
                "unacked_restore_throttle": 1,
                "socket_timeout": 10,
                "socket_connect_timeout": 3,
                "socket_keepalive": True,
                "health_check_interval": 30,
                "global_keyprefix": "kam:",
            },
            "visibility_timeout": 3900,
        }
    folder = str(settings.DATA_DIR / "broker")
    return common | {
        "broker_url": "filesystem://",
        "broker_transport_options": {
            "data_folder_in": folder,
            "data_folder_out": folder,
            "control_folder": f"{folder}-control",
        },
        "worker_enable_remote_control": False,
    }


app = Celery("kam")
app.add_defaults(configuration)  # a function, read when the first connection is made
app.autodiscover_tasks(["kam.integrations"])
app.set_current()


@signals.setup_logging.connect
def keep_our_logging(**kwargs: Any) -> None:
    """Celery leaves logging to settings.LOGGING."""
