"""An activity in words: ``{% load timeline %}``."""

from datetime import date
from itertools import groupby
from typing import Any

from django import template
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language, gettext, gettext_noop

from accounts.models import LOGGABLE, Account, Activity, Contact, Engagement, Task, Verb, Visibility
from kam.lib import formatting

register = template.Library()

ICONS = {
    "note": "note",
    "call": "phone",
    "meeting": "cal",
    "mail": "mail",
    "visit": "pin",
    "co_project": "hand",
    "event": "cal",
    "advisory": "team",
    "training": "info",
    "reference": "talk",
}
OBJECT_ICONS = {
    "task": "task",
    "contact": "user",
    "goal": "goal",
    "plan": "goal",
    "opportunity": "euro",
    "contract": "report",
    "decision": "score",
    "rating": "score",
    "report": "report",
    "sales": "euro",
    "import": "upl",
}
KIND_LABELS = {
    "": gettext_noop("Everything"),
    "logged": gettext_noop("Conversations and notes"),
    "call": gettext_noop("Calls"),
    "meeting": gettext_noop("Meetings"),
    "mail": gettext_noop("E-mails"),
    "visit": gettext_noop("Visits"),
    "note": gettext_noop("Notes"),
    "engagement": gettext_noop("Engagement"),
    "changes": gettext_noop("Changes"),
}
SENTENCES = {
    "note": gettext_noop("wrote a note"),
    "call": gettext_noop("had a call"),
    "meeting": gettext_noop("had a meeting"),
    "mail": gettext_noop("exchanged e-mails"),
    "visit": gettext_noop("made a visit"),
    "co_project": gettext_noop("worked on a joint project"),
    "event": gettext_noop("held or attended an event"),
    "advisory": gettext_noop("met in the advisory board"),
    "training": gettext_noop("gave or took a training"),
    "reference": gettext_noop("got a reference"),
    "account.created": gettext_noop("created the account"),
    "account.updated": gettext_noop("changed the account"),
    "account.archived": gettext_noop("archived the account"),
    "account.reactivated": gettext_noop("reactivated the account"),
    "account.reassigned": gettext_noop("handed the account over"),
    "account.handover_note": gettext_noop("left a note for the successor"),
    "account.team_changed": gettext_noop("changed the account's team"),
    "account.merged": gettext_noop("merged another account into this one: %(label)s"),
    "account.merge_undone": gettext_noop("took a merged account apart again: %(label)s"),
    "account.told_apart": gettext_noop("told another account apart from this one: %(label)s"),
    "account.doubted_again": gettext_noop("no longer tells another account apart from this one: %(label)s"),
    "account.imported": gettext_noop("imported the account"),
    "contact.imported": gettext_noop("imported a person: %(label)s"),
    "contact.created": gettext_noop("added a person: %(label)s"),
    "contact.updated": gettext_noop("changed a person: %(label)s"),
    "contact.deleted": gettext_noop("deleted a person"),
    "task.created": gettext_noop("planned: %(label)s"),
    "task.updated": gettext_noop("changed a task: %(label)s"),
    "task.completed": gettext_noop("completed: %(label)s"),
    "task.reopened": gettext_noop("reopened a task: %(label)s"),
    "task.settled_on_track": gettext_noop("closed a task, its goal is on track again: %(label)s"),
    "task.settled_not_missed": gettext_noop("closed a task, its goal is no longer missed: %(label)s"),
    "task.settled_measured": gettext_noop("closed a task, the value is there: %(label)s"),
    "task.settled_in_band": gettext_noop("closed a task, the value is back in its band: %(label)s"),
    "task.settled_gone": gettext_noop("closed a task, its reason is gone: %(label)s"),
    "task.reason_gone": gettext_noop("left a task open that somebody changed, its reason is gone: %(label)s"),
    "goal.created": gettext_noop("set a goal: %(label)s"),
    "goal.updated": gettext_noop("changed a goal: %(label)s"),
    "goal.work_linked": gettext_noop("counted work for a goal: %(label)s"),
    "goal.work_unlinked": gettext_noop("no longer counts work for a goal: %(label)s"),
    "goal.closed": gettext_noop("closed a goal: %(label)s"),
    "goal.reopened": gettext_noop("reopened a goal: %(label)s"),
    "goal.checked_in": gettext_noop("noted where a goal stands: %(label)s"),
    "goal.milestone_added": gettext_noop("added a step to a goal: %(label)s"),
    "goal.milestone_reached": gettext_noop("reached a step of a goal: %(label)s"),
    "goal.milestone_reopened": gettext_noop("reopened a step of a goal: %(label)s"),
    "metric.created": gettext_noop("set up a metric: %(label)s"),
    "metric.updated": gettext_noop("changed a metric: %(label)s"),
    "metric.measured": gettext_noop("entered a value: %(label)s"),
    "currency_rates.added": gettext_noop("gave exchange rates"),
    "currency_rates.removed": gettext_noop("took an exchange rate away: %(label)s"),
    "metric_table.imported": gettext_noop("imported a table of values: %(label)s"),
    "metric_table.undone": gettext_noop("took an imported table of values back: %(label)s"),
    "promise.kept": gettext_noop("kept a promise: %(label)s"),
    "promise.broken": gettext_noop("did not keep a promise: %(label)s"),
    "promise.reopened": gettext_noop("reopened a promise: %(label)s"),
    "expectation.accepted": gettext_noop("recorded the consent to an expectation: %(label)s"),
    "decision.conversation_corrected": gettext_noop("corrected what was said about key account status"),
    "decision.expectations_recorded": gettext_noop("wrote down what both sides expect"),
    "beta.drafted": gettext_noop("noted as a candidate: %(label)s"),
    "beta.invited": gettext_noop("invited to a beta programme: %(label)s"),
    "beta.accepted": gettext_noop("noted the consent to a beta programme: %(label)s"),
    "beta.declined": gettext_noop("noted the refusal of a beta programme: %(label)s"),
    "beta.withdrawn": gettext_noop("noted the withdrawal from a beta programme: %(label)s"),
    "beta.finished": gettext_noop("noted the outcome of a beta programme: %(label)s"),
    "beta.feedback": gettext_noop("noted feedback: %(label)s"),
    "contract.created": gettext_noop("noted a contract: %(label)s"),
    "contract.renewed": gettext_noop("saw a contract renew itself: %(label)s"),
    "opportunity.created": gettext_noop("noted an opportunity: %(label)s"),
    "playbook.retired": gettext_noop("retired a playbook: %(label)s"),
    "playbook.restored": gettext_noop("brought a playbook back: %(label)s"),
    "playbook.started": gettext_noop("started a playbook: %(label)s"),
    "playbook.ended": gettext_noop("ended a playbook: %(label)s"),
    "plan.updated": gettext_noop("changed the plan"),
    "decision.proposed": gettext_noop("proposed a key account decision"),
    "decision.approved": gettext_noop("approved the account as key account"),
    "decision.declined": gettext_noop("declined the account as key account"),
    "decision.ended": gettext_noop("ended the key account status"),
    "estimate.stated": gettext_noop("wrote down what is known about room, standing or payment"),
    "estimate.withdrawn": gettext_noop("withdrew a statement about room, standing or payment"),
    "rating.saved": gettext_noop("rated the account: %(label)s"),
    "rating.saved_in_round": gettext_noop("rated the account in a round: %(label)s"),
    "rating.cleared": gettext_noop("took a rating back: %(label)s"),
    "rating.cleared_in_round": gettext_noop("took a rating of a round back: %(label)s"),
    "report.ordered": gettext_noop("ordered a report: %(label)s"),
    "report.built": gettext_noop("has a report ready: %(label)s"),
    "report.approved": gettext_noop("approved a report for the customer: %(label)s"),
    "report.approval_withdrawn": gettext_noop("withdrew the approval of a report: %(label)s"),
    "report.section_skipped": gettext_noop("left a section out of a report: %(label)s"),
    "report.shared": gettext_noop("made a link to a report: %(label)s"),
    "report.link_revoked": gettext_noop("revoked a link to a report: %(label)s"),
    "report.opened": gettext_noop("noted that a shared report was opened: %(label)s"),
    "report_schedule.created": gettext_noop("scheduled a report: %(label)s"),
    "report_schedule.paused": gettext_noop("paused a scheduled report: %(label)s"),
    "report_schedule.resumed": gettext_noop("resumed a scheduled report: %(label)s"),
    "report_schedule.ended": gettext_noop("ended a scheduled report: %(label)s"),
    "report_schedule.mailed_again": gettext_noop("had a report mailed once more: %(label)s"),
    "report.worded": gettext_noop("worded the messages of a report: %(label)s"),
}
# What is said where the entry knows what it is about, in the words of both languages.
NAMED = {
    "rating.saved": gettext_noop("rated “%(of)s”: %(label)s"),
    "rating.saved_in_round": gettext_noop("rated “%(of)s” in the round “%(label)s”"),
    "rating.cleared": gettext_noop("took the rating of “%(of)s” back: %(label)s"),
    "rating.cleared_in_round": gettext_noop("took the rating of “%(of)s” in the round “%(label)s” back"),
}
# The same with the person it was with, whom German names in the middle of the sentence.
WITH_SOMEBODY = {
    "note": gettext_noop("wrote a note about %(name)s"),
    "call": gettext_noop("had a call with %(name)s"),
    "meeting": gettext_noop("had a meeting with %(name)s"),
    "mail": gettext_noop("exchanged e-mails with %(name)s"),
    "visit": gettext_noop("met %(name)s on a visit"),
    "co_project": gettext_noop("worked on a joint project with %(name)s"),
    "event": gettext_noop("held or attended an event with %(name)s"),
    "advisory": gettext_noop("met %(name)s in the advisory board"),
    "training": gettext_noop("gave or took a training with %(name)s"),
    "reference": gettext_noop("got a reference from %(name)s"),
}
OBJECTS = {
    "account": gettext_noop("account"),
    "contact": gettext_noop("contact"),
    "task": gettext_noop("task"),
    "goal": gettext_noop("goal"),
    "plan": gettext_noop("plan"),
    "decision": gettext_noop("decision"),
    "rating": gettext_noop("rating"),
    "report": gettext_noop("report"),
    "metric": gettext_noop("metric"),
    "promise": gettext_noop("promise"),
    "expectation": gettext_noop("expectation"),
    "challenge": gettext_noop("challenge"),
    "joint_project": gettext_noop("joint project"),
    "procedure": gettext_noop("procedure"),
    "value": gettext_noop("give and take"),
    "beta": gettext_noop("beta programme"),
    "contract": gettext_noop("contract"),
    "opportunity": gettext_noop("opportunity"),
    "account_year": gettext_noop("figures of a year"),
    "playbook": gettext_noop("playbook"),
    "import": gettext_noop("import"),
}
MODELS: tuple[Any, ...] = (Account, Contact, Task)
EXTRA_LABELS = {
    "emails": gettext_noop("E-mail addresses"),
    "phones": gettext_noop("Phone numbers"),
    "external_ids": gettext_noop("External ids"),
    "team_members": gettext_noop("Team"),
    "held_on": gettext_noop("held on"),
    "said": gettext_noop("what the customer said"),
    "contacts": gettext_noop("with whom"),
}


@register.filter
def entry_icon(activity: Activity) -> str:
    return ICONS.get(activity.verb) or OBJECT_ICONS.get(activity.verb.split(".")[0], "gear")


@register.filter
def entry_sentence(activity: Activity) -> str:
    """Return what somebody did: the rest of a sentence that begins with the name."""
    known, of = SENTENCES.get(activity.verb), activity.details.get("of")
    if activity.verb in NAMED and of:
        name = of["de"] if (get_language() or "en").startswith("de") else of["en"]
        return gettext(NAMED[activity.verb]) % {
            "of": name,
            "label": _rated(activity) or activity.subject_label,
        }
    if known and is_logged(activity):
        return _conversation(activity, known)
    if known:
        return gettext(known) % {"label": activity.subject_label}
    subject = gettext(OBJECTS.get(activity.verb.split(".")[0], activity.subject_type or "account"))
    return gettext("changed something: %(object)s %(label)s") % {
        "object": subject,
        "label": activity.subject_label,
    }


def _rated(activity: Activity) -> str:
    """Return a rating as people read it; nothing for an entry that tells of none."""
    said = activity.details.get("after") or activity.details.get("before") or {}
    if "not_applicable" not in said:
        return ""
    return gettext("n/a") if said["not_applicable"] else formatting.number(said["value"], 1)


def _conversation(activity: Activity, known: str) -> str:
    what = gettext(known)
    if activity.contact:
        what = gettext(WITH_SOMEBODY[activity.verb]) % {"name": activity.contact}
    if activity.subject_type == "decision":
        return gettext("%(what)s about key account status") % {"what": what}
    return what


@register.filter
def entry_kind(activity: Activity) -> str:
    """Return the kind of what people logged."""
    return str(dict([*Verb.choices, *Engagement.choices]).get(activity.verb, activity.verb))


@register.filter
def is_logged(activity: Activity) -> bool:
    return activity.verb in LOGGABLE


@register.filter
def is_shareable(activity: Activity) -> bool:
    return activity.visibility == Visibility.SHAREABLE


@register.filter
def field_changes(activity: Activity) -> list[tuple[str, Any, Any]]:
    """Return (label, before, after) of what changed; a creation has no before and is not listed."""
    before, after = activity.details.get("before"), activity.details.get("after")
    if not isinstance(before, dict) or not isinstance(after, dict):
        return []
    fields = {name: _field(activity, name) for name in [*before, *after]}
    return [
        (_label(field, name), _shown(field, before.get(name)), _shown(field, after.get(name)))
        for name, field in fields.items()
    ]


@register.filter
def kind_label(kind: str) -> str:
    return gettext(KIND_LABELS[kind])


def _field(activity: Activity, name: str) -> Any:
    """Return the field that changed: of the row the entry is about, whatever room it lives in, or of one near it."""
    about = [each for each in apps.get_models() if each._meta.model_name == activity.subject_type]
    for model in (*about, *MODELS):
        try:
            return model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
    return None


def _label(field: Any, name: str) -> str:
    if name in EXTRA_LABELS:
        return gettext(EXTRA_LABELS[name])
    return str(getattr(field, "verbose_name", name.replace("_", " ")))


def _shown(field: Any, value: Any) -> str:
    """Return a recorded value as the field means it: choices by their words, days and numbers as one writes them."""
    if value in (None, "", []):
        return "–"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    choices = {str(key): str(label) for key, label in getattr(field, "flatchoices", None) or []}
    if str(value) in choices:
        return choices[str(value)]
    if isinstance(field, models.DateField) and (day := parse_date(str(value)[:10])):
        return formatting.date(day)
    return formatting.number(value) if isinstance(field, models.DecimalField) else str(value)


@register.filter
def by_day(entries: list[Activity]) -> list[tuple[date, list[Activity]]]:
    """Group entries, which stand in order, by their day in the reader's time zone."""
    return [
        (day, list(group))
        for day, group in groupby(entries, lambda e: timezone.localtime(e.occurred_at).date())
    ]


@register.filter
def day_heading(day: date) -> str:
    """Return "Today, 23 Nov", "Yesterday, …" or the day."""
    distance = (timezone.localdate() - day).days
    words = {0: gettext("Today"), 1: gettext("Yesterday")}
    return (
        f"{words[distance]}, {formatting.short_date(day)}"
        if distance in words
        else formatting.short_date(day)
    )
