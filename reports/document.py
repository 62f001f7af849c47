"""A snapshot as a document: texts, tables and charts in the report's language, for page, PDF and sheet alike."""

from dataclasses import dataclass, replace
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from kam.lib import formatting
from reports.blocks import Builder, Context, Data, Section
from reports.sections import BUILDERS, since_section

# What the parts are called where their messages are edited, in the reader's language.
PARTS: dict[str, Promise] = {
    "promises": gettext_lazy("Open promises"),
    "summary": gettext_lazy("Key figures"),
    "revenue": gettext_lazy("Revenue"),
    "change": gettext_lazy("Orders and size"),
    "offerings": gettext_lazy("Offerings"),
    "goals": gettext_lazy("Goals"),
    "score": gettext_lazy("Score"),
    "steps": gettext_lazy("Next steps"),
    "concentration": gettext_lazy("Concentration"),
    "retention": gettext_lazy("Retention"),
    "movers": gettext_lazy("Gains and losses"),
    "coverage": gettext_lazy("Coverage"),
    "risks": gettext_lazy("Goals at risk"),
    "decisions": gettext_lazy("Decisions"),
}


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report."""

    title: str
    kind: str
    company: str
    name: str
    language: str
    as_of: str
    audience: str
    confidential: str
    lead: str
    messages: list[str]
    sections: list[Section]
    signatures: list[str]


def document(snapshot: Data) -> Document:
    """Return the document of a snapshot. The same snapshot always gives the same document."""
    with override(snapshot["language"]):
        as_of, currency = date.fromisoformat(snapshot["as_of"]), snapshot["currency"]
        sections = [
            _section(BUILDERS[part["code"]], part, Context(currency, as_of, part["message"]))
            for part in snapshot["parts"]
        ]
        if snapshot.get("since"):
            sections.append(since_section(snapshot["since"], Context(currency, as_of, "")))
        progress = snapshot["template"] == "progress"
        customer = snapshot["audience"] == "customer"
        day = formatting.date(as_of)
        return Document(
            title=snapshot["title"],
            kind=_("Progress report") if progress else _("Leadership portfolio"),
            company=snapshot["company"],
            name=snapshot["name"],
            language=snapshot["language"],
            as_of=day,
            audience=snapshot["audience"],
            confidential=_("confidential") if customer else _("internal"),
            lead=_("What have we achieved together, and what follows from it?")
            if progress
            else _("Where does the portfolio stand, and where is it exposed?"),
            messages=snapshot["messages"],
            sections=sections,
            signatures=[
                _("For %(name)s") % {"name": name} for name in (snapshot["name"], snapshot["company"])
            ]
            if progress
            else [],
        )


def _section(build: Builder, part: Data, context: Context) -> Section:
    return replace(build(part["data"], context), therefore=part["therefore"])
