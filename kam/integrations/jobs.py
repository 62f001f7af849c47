"""The life of a job: enqueue, claim, run, report, finish. Handlers are registered by the apps' tasks.py."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import IntegrityError, close_old_connections, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop
from kombu.exceptions import OperationalError

from kam.integrations.models import KIND_TITLES, RESULT_TELLERS, Job
from kam.lib.errors import DomainError
from kam.users.models import User

log = structlog.get_logger(__name__)
Result = dict[str, Any]
Handler = Callable[["JobRun"], Result]
_handlers: dict[str, Handler] = {}
RESEND_AFTER = timedelta(seconds=30)
DONE = gettext_noop("Finished at once")
AGAIN = gettext_noop("This attempt failed; the next one begins in %(seconds)s seconds.")
BROKEN = gettext_noop(
    "Something went wrong on our side. What was finished is kept, nothing is half-written. Run it again;"
    " if it stops once more, the log has the details under job %(id)s."
)
DIED = gettext_noop(
    "The job died %(attempts)s times and is not tried again by itself. What was finished is kept, nothing is"
    " half-written; run it again when server and memory are in order."
)


class JobCancelled(Exception):
    """Raised inside a handler when somebody asked the job to stop."""


class LeaseLost(Exception):
    """Raised inside a handler whose job was taken over: what it does from here on must not count."""


def job_kind(
    kind: str, title: str, tell: Callable[[Result], Result] | None = None
) -> Callable[[Handler], Handler]:
    """Register a handler. It must be idempotent: a killed run is run again, from ``run.cursor``.

    ``title`` is an English msgid that names the work for people; ``tell`` puts the texts of a stored result into
    the reader's language.
    """

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        KIND_TITLES[kind] = title
        if tell:
            RESULT_TELLERS[kind] = tell
        return handler

    return register


def enqueue(
    kind: str,
    payload: dict[str, Any] | None = None,
    *,
    by: User | None,
    key: str | None = None,
    run_at: datetime | None = None,
) -> Job:
    """Insert a job in the caller's transaction and send it after the commit.

    With ``key``, an unfinished job of the same key is returned instead of a second one.
    """
    if kind not in _handlers:
        raise LookupError(kind)
    values = {"kind": kind, "payload": payload or {}, "created_by": by, "run_at": run_at or timezone.now()}
    if key is None:
        job = Job.objects.create(**values)
    else:
        try:
            with transaction.atomic():
                job = Job.objects.create(key=key, **values)
        except IntegrityError:
            return Job.objects.get(key=key)
    if job.run_at <= timezone.now():
        transaction.on_commit(lambda: send(job))
    return job


def send(job: Job) -> None:
    """Hand «run job N» to the broker. A broker that is down is no error: the tick sends again."""
    try:
        current_app.send_task("kam.run_job", args=[str(job.pk)], retry=False)
    except (OperationalError, OSError):
        log.warning("broker_unreachable", job=str(job.pk))
        return
    Job.objects.filter(pk=job.pk).update(sent_at=timezone.now())


class JobRun:
    """What a handler sees of its job: payload and cursor, and the ways to report back."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.payload: dict[str, Any] = job.payload
        self.cursor: dict[str, Any] = job.cursor
        self.by = job.created_by

    def report(self, progress: float, message: str = "", **params: Any) -> None:
        """Store progress (0–100) and an English msgid with its values, prolong the lease, obey a cancel."""
        values = {"progress": max(0, min(100, int(progress))), "message": message, "message_params": params}
        self._write(**values)
        if Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists():
            raise JobCancelled

    def checkpoint(self, **cursor: Any) -> None:
        """Store where a killed run goes on. Call it inside the transaction of the work it describes."""
        self.cursor = self.cursor | cursor
        self._write(cursor=self.cursor)

    def _write(self, **values: Any) -> None:
        mine = Job.objects.filter(pk=self.job.pk, attempts=self.job.attempts, state=Job.State.RUNNING)
        if not mine.update(**values, lease_until=_lease_end()):
            raise LeaseLost


def run(job_id: Any) -> Job | None:
    """Claim and run one job; return it when this call ran it, None when somebody else has it."""
    job = claim(job_id)
    if job is None:
        return None
    outcome: dict[str, Any]
    structlog.contextvars.bind_contextvars(job=str(job.pk), kind=job.kind)
    try:
        with _heartbeat(job):
            result = _handlers[job.kind](JobRun(job))
        outcome = _success(job, result)
    except JobCancelled:
        outcome = {"state": Job.State.CANCELLED, "message": gettext_noop("Cancelled"), "message_params": {}}
    except LeaseLost:
        log.warning("lease_lost")
        return None
    except DomainError as error:
        outcome = {"state": Job.State.FAILED, "error": describe(error)}
    except (Exception, SoftTimeLimitExceeded) as error:
        log.exception("job_failed")
        outcome = _failure(job, error)
    finally:
        structlog.contextvars.unbind_contextvars("job", "kind")
    finish(job, outcome)
    return Job.objects.get(pk=job.pk)


def _success(job: Job, result: dict[str, Any]) -> dict[str, Any]:
    """What the run was last busy with says nothing any more: the message becomes its end."""
    seconds = round((timezone.now() - (job.started_at or timezone.now())).total_seconds())
    message, params = gettext_noop("Finished in %(seconds)s s"), {"seconds": seconds}
    end = (
        {"message": message, "message_params": params} if seconds else {"message": DONE, "message_params": {}}
    )
    return {"state": Job.State.SUCCEEDED, "progress": 100, "result": result, "error": None, **end}


def describe(error: DomainError) -> dict[str, Any]:
    """Return a domain error as the row keeps it, to be translated for whoever reads it."""
    return {
        "code": error.code,
        "message": error.message,
        "params": {k: str(v) for k, v in error.params.items()},
    }


def _failure(job: Job, error: BaseException) -> dict[str, Any]:
    if job.attempts < job.max_attempts and not connection.in_atomic_block:
        delay = timedelta(seconds=10 * 3**job.attempts)
        return {
            "state": Job.State.QUEUED,
            "message": AGAIN,
            "message_params": {"seconds": round(delay.total_seconds())},
            "run_at": timezone.now() + delay,
            "sent_at": None,
            "lease_until": None,
        }
    told = {"code": "internal_error", "message": BROKEN, "params": {"id": str(job.pk)}}
    return {"state": Job.State.FAILED, "error": told}


def claim(job_id: Any) -> Job | None:
    """Take a job by one conditional UPDATE; whoever changes no row has lost."""
    now = timezone.now()
    job = Job.objects.claimable(now).filter(pk=job_id).first()
    if job is None:
        return None
    if job.cancel_requested or job.attempts >= job.max_attempts:
        _give_up(job)
        return None
    won = (
        Job.objects.claimable(now)
        .filter(pk=job_id, attempts=job.attempts)
        .update(
            state=Job.State.RUNNING,
            attempts=F("attempts") + 1,
            lease_until=_lease_end(),
            started_at=now,
            sent_at=job.sent_at or now,
        )
    )
    return Job.objects.select_related("created_by").get(pk=job_id) if won else None


def _give_up(job: Job) -> None:
    state = Job.State.CANCELLED if job.cancel_requested else Job.State.FAILED
    error = (
        None
        if job.cancel_requested
        else {"code": "too_many_attempts", "message": DIED, "params": {"attempts": job.attempts}}
    )
    Job.objects.filter(pk=job.pk, attempts=job.attempts).update(
        state=state, error=error, finished_at=timezone.now(), key=None
    )


def finish(job: Job, outcome: dict[str, Any]) -> None:
    """Write the end of a run, unless the job was taken over meanwhile. A finished job frees its key."""
    over = outcome["state"] != Job.State.QUEUED
    extra = {"finished_at": timezone.now(), "lease_until": None, "key": None} if over else {}
    Job.objects.filter(pk=job.pk, attempts=job.attempts, state=Job.State.RUNNING).update(**outcome, **extra)


def cancel(job: Job, *, by: User) -> Job:
    """Ask a job to stop; a queued one stops at once."""
    Job.objects.filter(pk=job.pk, state__in=[Job.State.QUEUED, Job.State.RUNNING]).update(
        cancel_requested=True
    )
    Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).update(
        state=Job.State.CANCELLED, finished_at=timezone.now(), key=None
    )
    log.info("job_cancel_requested", job=str(job.pk), by=str(by.pk))
    return Job.objects.get(pk=job.pk)


def retry(job: Job, *, by: User) -> Job:
    """Queue a failed or cancelled job again, with its cursor and fresh attempts."""
    Job.objects.filter(pk=job.pk, state__in=[Job.State.FAILED, Job.State.CANCELLED]).update(
        state=Job.State.QUEUED,
        attempts=0,
        cancel_requested=False,
        error=None,
        message="",
        message_params={},
        run_at=timezone.now(),
        finished_at=None,
    )
    job.refresh_from_db()
    if job.state == Job.State.QUEUED:
        transaction.on_commit(lambda: send(job))
    return job


def run_now(kind: str, payload: dict[str, Any], *, by: User | None) -> Job:
    """Run a job to its end in this process: what commands do, with or without a worker."""
    job = Job.objects.create(kind=kind, payload=payload, created_by=by, run_at=timezone.now())
    while not job.is_over:
        if run(job.pk) is None:
            time.sleep(0.2)  # a worker was faster: wait for it
        job.refresh_from_db()
        if job.state == Job.State.QUEUED:  # a transient failure waits for nobody here
            Job.objects.filter(pk=job.pk).update(run_at=timezone.now())
    return job


def resend_due(now: datetime | None = None) -> int:
    """Send again what is queued and was not taken, and what runs under a dead lease. The tick calls it."""
    now = now or timezone.now()
    late = [
        job
        for job in Job.objects.claimable(now).order_by("run_at")[:500]
        if job.state == Job.State.RUNNING or job.sent_at is None or job.sent_at < now - RESEND_AFTER
    ]
    for job in late:
        send(job)
    return len(late)


def recover_all() -> int:
    """Queue every running job again: a single host starts, so no worker can still have one."""
    return Job.objects.filter(state=Job.State.RUNNING).update(
        lease_until=timezone.now() - timedelta(seconds=1), sent_at=None
    )


def _lease_end() -> datetime:
    return timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)


@contextmanager
def _heartbeat(job: Job) -> Iterator[None]:
    """Prolong the lease from a thread while a handler is inside one long statement."""
    if connection.in_atomic_block:  # a test's or caller's transaction: a second connection would wait for it
        yield
        return
    over = threading.Event()

    def beat() -> None:
        while not over.wait(settings.JOB_LEASE_SECONDS / 3):
            try:
                Job.objects.filter(pk=job.pk, attempts=job.attempts, state=Job.State.RUNNING).update(
                    lease_until=_lease_end()
                )
            except Exception:
                log.warning("heartbeat_missed", exc_info=True)
            finally:
                close_old_connections()
        connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=5)
