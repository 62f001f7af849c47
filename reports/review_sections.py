"""The sections of the quarterly review and of the kick-off, each built from its part of the snapshot."""

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.models import JointProject, ValueEntry
from kam.lib import formatting
from kam.users.models import AccountFunction
from reports.blocks import (
    Builder,
    Context,
    Data,
    Figure,
    Grid,
    Section,
    amount,
    day_text,
    state_text,
)

KINDS: dict[str, Promise] = {
    "promise": gettext_lazy("Promise"),
    "milestone": gettext_lazy("Milestone"),
    "goal": gettext_lazy("Goal"),
    "task": gettext_lazy("Task"),
    "project": gettext_lazy("Joint project"),
    "expectation": gettext_lazy("Expectation"),
}
MISSING = formatting.MISSING


def quarter(data: Data, context: Context) -> Section:
    """The quarter's revenue beside plan (only inside) and year before."""
    currency, actual, source = context.currency, amount(data["actual"]), data.get("source", "")
    figures = [Figure(_("Revenue"), formatting.money_short(actual, currency), source=source)]
    figures += [
        _against(label, actual, amount(data[key]), currency)
        for key, label in (("plan", _("Against plan")), ("previous", _("Against the year before")))
        if data.get(key) is not None
    ]
    before = {"value": formatting.number(data["orders_before"])}
    figures.append(
        Figure(_("Orders"), formatting.number(data["orders"]), _("year before %(value)s") % before)
    )
    days = {"first": day_text(data["from"]), "last": day_text(data["to"])}
    measure = _("%(first)s to %(last)s, net of reversals") % days
    return Section("quarter", context.message, measure, figures, source=source)


def _against(label: str, actual: Decimal, other: Decimal, currency: str) -> Figure:
    share = float((actual - other) / other) if other > 0 else None
    tone = "" if not share else "pos" if share > 0 else "neg"
    return Figure(
        label, formatting.percent(share, signed=True), formatting.money_short(other, currency), tone
    )


def kept(data: Data, context: Context) -> Section:
    rows = [
        [row["text"], row["who"] or MISSING, _("kept") if row["kept"] else _("broken"), _dates(row)]
        for row in data["rows"]
    ]
    grid = Grid([_("Promise"), _("Who"), _("Outcome"), _("Closed")], rows, texts=2) if rows else None
    since = _("Closed since %(day)s") % {"day": day_text(data["from"])}
    return Section("kept", context.message, since, grid=grid)


def _dates(row: Data) -> str:
    days = {"closed": day_text(row["closed_on"]), "due": day_text(row["due_on"])}
    late = row["closed_on"] > row["due_on"]
    return _("%(closed)s (due %(due)s)") % days if late else days["closed"]


def projects(data: Data, context: Context) -> Section:
    inside = any("benefit_ours" in row for row in data["rows"])
    header = [_("Joint project"), _("Benefit for the customer")]
    header += [_("Benefit for us")] if inside else []
    rows = [
        [
            row["title"],
            row["benefit_customer"],
            *([row["benefit_ours"]] if inside else []),
            str(JointProject.State(row["state"]).label),
            day_text(row["due_on"]),
        ]
        for row in data["rows"]
    ]
    header += [_("State"), _("Until")]
    grid = Grid(header, rows, texts=len(header) - 2) if rows else None
    return Section("projects", context.message, _("What we are building together"), grid=grid)


def challenges(data: Data, context: Context) -> Section:
    rows = [
        [
            row["title"],
            row["solution"] or MISSING,
            row["result"] or MISSING,
            day_text(row["resolved_on"]) if row["resolved_on"] else _("open"),
        ]
        for row in data["rows"]
    ]
    grid = Grid([_("Challenge"), _("Solution"), _("Result"), _("Resolved")], rows, texts=3) if rows else None
    return Section(
        "challenges", context.message, _("Problems of the customer's and what came of them"), grid=grid
    )


def values(data: Data, context: Context) -> Section:
    rows = [
        [
            row["text"],
            str(ValueEntry.Direction(row["direction"]).label),
            day_text(row["occurred_on"]),
            _worth(row, context),
        ]
        for row in data["rows"]
    ]
    grid = Grid([_("What"), _("Who gave"), _("When"), _("Worth")], rows, texts=2) if rows else None
    return Section(
        "values", context.message, _("What both sides gave beyond the invoice, twelve months"), grid=grid
    )


def _worth(row: Data, context: Context) -> str:
    value = row.get("worth") or row.get("worth_to_us")
    return formatting.money_short(amount(value), context.currency) if value is not None else MISSING


def choices(data: Data, context: Context) -> Section:
    rows = [
        [
            row["title"],
            str(KINDS[row["kind"]]),
            _("not accepted yet") if row["kind"] == "expectation" else state_text(row["state"]),
            day_text(row["due_on"]),
        ]
        for row in data["rows"]
    ]
    grid = Grid([_("What"), _("Kind"), _("Why now"), _("Until")], rows, texts=2) if rows else None
    return Section("choices", context.message, _("What wants a decision from both sides"), grid=grid)


def ahead(data: Data, context: Context) -> Section:
    rows = [
        [row["title"], str(KINDS[row["kind"]]), row["who"] or MISSING, day_text(row["due_on"])]
        for row in data["rows"]
    ]
    days = {"first": day_text(data["from"]), "last": day_text(data["to"])}
    grid = Grid([_("What"), _("Kind"), _("Who"), _("Until")], rows, texts=2) if rows else None
    measure = _("Dates from %(first)s to %(last)s") % days
    return Section("ahead", context.message, measure, grid=grid)


def purpose(data: Data, context: Context) -> Section:
    labels = {
        "why": _("Why"),
        "how": _("How"),
        "what": _("What"),
        "purpose_ours": _("Purpose for us"),
        "purpose_customer": _("Purpose for the customer"),
    }
    # Reports that were frozen before texts could be shared one by one hold them by their names.
    texts = {row["field"]: row["text"] for row in data["rows"]} if "rows" in data else data
    rows = [[label, texts[name]] for name, label in labels.items() if texts.get(name)]
    grid = Grid([_("Question"), _("Answer")], rows, texts=1) if rows else None
    return Section("purpose", context.message, _("From the plan of the account"), grid=grid)


def team(data: Data, context: Context) -> Section:
    names = dict(AccountFunction.choices) | {"account_manager": _("Account manager")}
    ours = [
        [row["name"], ", ".join(str(names.get(code, code)) for code in row["functions"]), _("our side")]
        for row in data["ours"]
    ]
    theirs = [[row["name"], row["job_title"] or MISSING, _("the customer's side")] for row in data["theirs"]]
    rows = [*ours, *theirs]
    grid = Grid([_("Who"), _("Function"), _("Side")], rows, texts=2) if rows else None
    return Section("team", context.message, _("Who works with whom"), grid=grid)


def expectations(data: Data, context: Context) -> Section:
    sides = {"internal": _("we"), "external": _("the customer")}
    rows = [[row["text"], sides[row["side"]], _accepted(row)] for row in data["rows"]]
    grid = Grid([_("Expectation"), _("Who expects"), _("State")], rows, texts=2) if rows else None
    return Section("expectations", context.message, _expected(data), grid=grid)


def _expected(data: Data) -> str:
    said, talk = _("What each side expects of the other"), data.get("conversation")
    if not talk:
        return said
    words = {"day": day_text(talk["held_on"]), "names": ", ".join(talk["with"]) or MISSING}
    told = _("Conversation about key account status on %(day)s with %(names)s") % words
    return f"{said}. {told}"


def _accepted(row: Data) -> str:
    if not row["accepted"]:
        return _("open")
    by = row.get("accepted_by")
    return _("accepted by %(name)s") % {"name": by} if by else _("accepted")


def procedures(data: Data, context: Context) -> Section:
    inside = any("internal_text" in row for row in data["rows"])
    header = [_("Procedure"), _("What the customer can expect")] + ([_("What we do")] if inside else [])
    rows = [
        [row["title"], row["customer_text"] or MISSING]
        + ([row.get("internal_text") or MISSING] if inside else [])
        for row in data["rows"]
    ]
    grid = Grid(header, rows, texts=len(header) - 1) if rows else None
    return Section("procedures", context.message, _("How things are done between us"), grid=grid)


BUILDERS: dict[str, Builder] = {
    "quarter": quarter,
    "kept": kept,
    "projects": projects,
    "challenges": challenges,
    "values": values,
    "choices": choices,
    "ahead": ahead,
    "purpose": purpose,
    "team": team,
    "expectations": expectations,
    "procedures": procedures,
}
