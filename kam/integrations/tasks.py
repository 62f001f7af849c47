"""Celery's two entry points. Everything else is a job kind."""

from celery import shared_task

from kam.integrations import jobs, schedule
from kam.lib.uploads import clear_abandoned


@shared_task(name="kam.run_job")
def run_job(job_id: str) -> None:
    jobs.run(job_id)


@shared_task(name="kam.tick")
def tick() -> None:
    schedule.start_due()
    jobs.resend_due()
    clear_abandoned()
