"""A snapshot as a document: texts, tables and charts in the report's language, for page, PDF and sheet alike."""

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import override

from kam.lib import formatting
from reports.blocks import Builder, Context, Data, Section
from reports.sections import BUILDERS, since_section
from reports.templates import TEMPLATES


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
        template = TEMPLATES[snapshot["template"]]
        customer = snapshot["audience"] == "customer"
        day = formatting.date(as_of)
        return Document(
            title=snapshot["title"],
            kind=str(template.title),
            company=snapshot["company"],
            name=snapshot["name"],
            language=snapshot["language"],
            as_of=day,
            audience=snapshot["audience"],
            confidential=_("confidential") if customer else _("internal"),
            lead=str(template.question),
            messages=snapshot["messages"],
            sections=sections,
            signatures=[
                _("For %(name)s") % {"name": name} for name in (snapshot["name"], snapshot["company"])
            ]
            if template.about_account
            else [],
        )


def _section(build: Builder, part: Data, context: Context) -> Section:
    return replace(build(part["data"], context), therefore=part["therefore"])
