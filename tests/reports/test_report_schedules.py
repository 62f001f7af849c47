"""Scheduled reports: each slot once, whatever dies; delivered by mail or to the inbox, to those who may read."""

import smtplib
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from kam.integrations import jobs, schedule
from kam.integrations.models import Job
from kam.lib.errors import DomainError, InvalidInput
from reports.actions import (
    Rhythm,
    deliver,
    end_schedule,
    pause_schedule,
    schedule_report,
    start_due_reports,
)
from reports.models import DeliveredReport, Report, ReportDelivery, ReportSchedule


@pytest.fixture
def monthly(account, alice, bob):
    first = timezone.localdate() + timedelta(days=1)
    return schedule_report(Rhythm(account, "progress", "monthly", "de", first, [alice, bob]), by=alice)


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def start(found: ReportSchedule) -> list[Job]:
    """Let the clock come to the schedule's next slot, which the report looks back from."""
    return start_due_reports(moment(found.next_on))


@pytest.fixture
def due(monthly, monkeypatch):
    """A schedule whose slot is today: tests do not wait for tomorrow."""
    today = timezone.localdate()
    ReportSchedule.objects.filter(pk=monthly.pk).update(start_on=today, next_on=today)
    monthly.refresh_from_db()
    return monthly


def titles(person) -> list[str]:
    from reports.queries.today import bands

    found = bands(person, timezone.now(), timezone.localdate())
    return [item.action_url for band in found for item in band.items if item.icon == "report"]


# --- setting up ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"recipients": []}, "bad_recipients"),
        ({"start_on": date(2020, 1, 1)}, "day_is_past"),
        ({"account": None}, "bad_account"),
        ({"template": "portfolio"}, "bad_account"),
    ],
)
def test_what_is_not_set_up(account, alice, values, code):
    words = {"account": account, "template": "progress", "rhythm": "monthly", "language": "de"}
    words |= {"start_on": timezone.localdate(), "recipients": [alice]} | values
    with pytest.raises(InvalidInput) as refused:
        schedule_report(Rhythm(**words), by=alice)
    assert refused.value.code == code


def test_who_does_not_see_the_account_gets_no_report_on_it(account, alice, charlie):
    with pytest.raises(InvalidInput) as refused:
        schedule_report(
            Rhythm(account, "progress", "monthly", "de", timezone.localdate(), [charlie]), by=alice
        )
    assert refused.value.code == "recipient_is_blind"


def test_the_portfolio_is_scheduled_by_leaders_for_those_who_see_everything(alice, dana, rita):
    today = timezone.localdate()
    with pytest.raises(DomainError):
        schedule_report(Rhythm(None, "portfolio", "quarterly", "de", today, [alice]), by=alice)
    with pytest.raises(InvalidInput):
        schedule_report(Rhythm(None, "portfolio", "quarterly", "de", today, [alice]), by=dana)
    assert schedule_report(Rhythm(None, "portfolio", "quarterly", "de", today, [dana, rita]), by=dana).pk


@pytest.mark.parametrize(
    ("rhythm", "first", "slots"),
    [
        ("monthly", date(2026, 1, 31), [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]),
        ("quarterly", date(2025, 11, 30), [date(2026, 2, 28), date(2026, 5, 30), date(2026, 8, 30)]),
    ],
)
def test_a_short_month_does_not_move_the_day(rhythm, first, slots):
    schedule, found = ReportSchedule(rhythm=rhythm, start_on=first), [first]
    for _slot in slots:
        found.append(schedule.slot_after(found[-1]))
    assert found[1:] == slots


# --- starting -----------------------------------------------------------------------------------------------


def test_nothing_starts_before_its_day(monthly):
    assert start_due_reports(timezone.now()) == []


def test_two_beats_start_a_slot_once(monthly):
    assert len(start(monthly)) == 1
    assert start(monthly) == []
    assert ReportDelivery.objects.count() == 1


def test_the_tick_starts_it(due):
    schedule.start_due(timezone.now())
    assert Job.objects.filter(kind="reports.deliver").count() == 1


def test_a_machine_that_was_off_for_months_makes_one_report(due):
    today = timezone.localdate()
    ReportSchedule.objects.update(start_on=today - timedelta(days=200), next_on=today - timedelta(days=200))
    assert len(start_due_reports(timezone.now())) == 1
    due.refresh_from_db()
    assert due.next_on > today
    assert start_due_reports(timezone.now()) == []


def test_a_beat_that_dies_while_it_starts_leaves_nothing_half(due, monkeypatch):
    def die(*args, **values):
        raise KeyboardInterrupt

    monkeypatch.setattr("reports.actions.schedules.enqueue", die)
    with pytest.raises(KeyboardInterrupt):
        start_due_reports(timezone.now())
    monkeypatch.undo()
    assert not ReportDelivery.objects.exists()
    assert len(start_due_reports(timezone.now())) == 1


@pytest.mark.parametrize("how", ["paused", "inactive", "ended"])
def test_what_is_over_or_rests_does_not_start(due, alice, how):
    if how == "paused":
        pause_schedule(due, active=False, by=alice)
    elif how == "ended":
        end_schedule(due, by=alice)
    else:
        due.account.status = "inactive"
        due.account.save()
    assert start_due_reports(timezone.now()) == []


def test_going_on_leaves_out_what_passed_meanwhile(due, alice):
    pause_schedule(due, active=False, by=alice)
    past = timezone.localdate() - timedelta(days=100)
    ReportSchedule.objects.update(start_on=past, next_on=past)
    due.refresh_from_db()
    assert pause_schedule(due, active=True, by=alice).next_on >= timezone.localdate()


# --- delivering ---------------------------------------------------------------------------------------------


def run(due) -> Job:
    [job] = start_due_reports(timezone.now())
    done = jobs.run(job.pk)
    assert done is not None
    return done


def test_without_a_mail_server_it_waits_in_the_inbox_until_it_is_read(due, alice, bob, sign_in):
    done = run(due)
    report = Report.objects.get()
    assert (done.state, done.result["delivered"], done.result["mailed"]) == (Job.State.SUCCEEDED, 2, 0)
    assert (report.audience, report.as_of) == ("internal", timezone.localdate() - timedelta(days=1))
    assert titles(alice) == titles(bob) == [f"/reports/{report.pk}/"]
    assert sign_in(alice).get(f"/reports/{report.pk}/").status_code == 200
    assert (titles(alice), len(titles(bob))) == ([], 1)
    assert mail.outbox == []


def test_with_a_mail_server_it_comes_by_mail_in_each_readers_language(due, alice, bob, settings):
    settings.SENDS_MAIL = True
    for person, language in ((alice, "en"), (bob, "de")):
        person.language = language
        person.save()
    assert run(due).result["mailed"] == 2
    sent = {message.to[0]: message for message in mail.outbox}
    assert sent[alice.email].subject.startswith("Progress report: ")
    assert sent[bob.email].subject.startswith("Fortschrittsbericht: ")
    assert "Hallo" in sent[bob.email].body
    assert f"/reports/{Report.objects.get().pk}/" in sent[bob.email].body
    assert sent[bob.email].attachments[0][1].startswith(b"%PDF")


def test_running_again_builds_nothing_and_mails_nobody_twice(due, settings):
    settings.SENDS_MAIL = True
    run(due)
    deliver(ReportDelivery.objects.select_related("schedule__account", "report").get())
    assert (len(mail.outbox), Report.objects.count(), DeliveredReport.objects.count()) == (2, 1, 2)


def the_delivery():
    return ReportDelivery.objects.select_related("schedule__account", "report").get()


@pytest.fixture
def died(due, settings, monkeypatch):
    """A run that died while the second of two mails was going out; it may have arrived."""
    from reports.actions import schedules

    settings.SENDS_MAIL = True
    start_due_reports(timezone.now())
    sent, real = [], schedules.mail_report

    def die_at_the_second(copy, report):
        outcome = real(copy, report)
        if sent:
            raise KeyboardInterrupt
        sent.append(copy)
        return outcome

    monkeypatch.setattr(schedules, "mail_report", die_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        deliver(the_delivery())
    monkeypatch.setattr(schedules, "mail_report", real)
    return due


def post_again(client, copy):
    return client.post(f"/reports/deliveries/{copy.delivery_id}/mail/", {"copy": copy.pk})


def long_ago():
    DeliveredReport.objects.filter(mail_claimed_at__isnull=False).update(
        mail_claimed_at=timezone.now() - timedelta(minutes=6)
    )


def test_a_mail_that_may_have_gone_out_is_not_sent_again(died):
    deliver(the_delivery())
    assert (len(mail.outbox), Report.objects.count()) == (2, 1)
    assert sorted(copy.mail_state for copy in DeliveredReport.objects.all()) == ["in_doubt", "mailed"]


def test_the_doubt_is_shown_and_a_person_settles_it(died, alice, sign_in):
    page = "/reports/schedules/"
    assert list(sign_in(alice).get(page).context["doubts"]) == []  # it may still be on its way
    long_ago()
    [copy] = sign_in(alice).get(page).context["doubts"]
    assert post_again(sign_in(alice), copy).status_code == 302
    [job] = Job.objects.filter(kind="reports.deliver", state="queued")
    jobs.run(job.pk)
    assert [message.to for message in mail.outbox].count([copy.user.email]) == 2
    assert len(mail.outbox) == 3
    assert list(sign_in(alice).get(page).context["doubts"]) == []


def test_what_is_not_in_doubt_is_not_sent_again(died, alice, charlie, rita, sign_in):
    mailed = next(copy for copy in DeliveredReport.objects.all() if copy.mail_state == "mailed")
    post_again(sign_in(alice), mailed)
    assert (
        not Job.objects.filter(kind="reports.deliver", state="queued")
        .exclude(key=None)
        .exclude(attempts=0)
        .exists()
    )
    assert len(mail.outbox) == 2
    for nonsense in ("9" * 5000, "²", ""):
        address = f"/reports/deliveries/{mailed.delivery_id}/mail/"
        assert sign_in(alice).post(address, {"copy": nonsense}).status_code == 302
    assert post_again(sign_in(charlie), mailed).status_code == 404
    assert post_again(sign_in(rita), mailed).status_code == 403


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({}), ""),
        (smtplib.SMTPDataError(550, b"spam"), ""),
        (smtplib.SMTPServerDisconnected("gone"), "in_doubt"),
        (TimeoutError(), "in_doubt"),
    ],
)
def test_a_refusal_is_certain_and_a_broken_line_is_not(due, settings, monkeypatch, error, state):
    settings.SENDS_MAIL = True

    def fail(self):
        raise error

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)
    assert run(due).state == Job.State.SUCCEEDED
    assert {copy.mail_state for copy in DeliveredReport.objects.all()} == {state}


def test_a_server_that_cannot_be_reached_has_sent_nothing(due, settings, monkeypatch):
    settings.SENDS_MAIL = True

    def refuse(self):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", refuse)
    assert run(due).state == Job.State.SUCCEEDED
    assert {copy.mail_state for copy in DeliveredReport.objects.all()} == {""}
    monkeypatch.undo()
    settings.SENDS_MAIL = True
    deliver(the_delivery())
    assert len(mail.outbox) == 2


def test_a_mail_server_that_refuses_does_not_keep_the_report_from_the_inbox(
    due, alice, settings, monkeypatch
):
    settings.SENDS_MAIL = True

    def refuse(self):
        raise OSError("refused")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    assert run(due).state == Job.State.SUCCEEDED
    assert len(titles(alice)) == 1


def test_who_lost_the_account_meanwhile_gets_nothing(due, alice, bob, team):
    team.members.remove(bob)
    assert run(due).result["delivered"] == 1
    assert DeliveredReport.objects.get().user == alice


def test_a_report_that_nobody_may_read_any_more_is_not_built_and_says_so(due, alice, bob, team):
    for person in (alice, bob):
        person.is_active = False
        person.save()
    done = run(due)
    assert (done.state, done.error["code"]) == (Job.State.FAILED, "no_readers")
    assert not Report.objects.exists()


def test_a_copy_is_hidden_from_whom_lost_the_account_after_it_came(due, bob, team):
    run(due)
    team.members.remove(bob)
    assert titles(bob) == []
