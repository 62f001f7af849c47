"""A snapshot as a document: texts, tables and charts in the report's language, for page, PDF and sheet alike."""

from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import override

from kam.lib import formatting
from reports.attempts import attempt
from reports.blocks import Context, Data, Section
from reports.origins import origin_of, with_sources
from reports.sections import BUILDERS, left_out_section, since_section
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
            attempt(
                part["code"], partial(_section, part, Context(currency, as_of, part["message"]), snapshot)
            )
            for part in snapshot["parts"]
        ]
        if snapshot.get("since"):
            sections.append(since_section(snapshot["since"], Context(currency, as_of, "")))
        if snapshot.get("left_out"):
            sections.append(left_out_section(snapshot["left_out"], Context(currency, as_of, "")))
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


def _section(part: Data, context: Context, snapshot: Data) -> Section:
    built = BUILDERS[part["code"]](part["data"], context)
    said = replace(built, therefore=part["therefore"], origin=origin_of(part["code"], snapshot))
    return with_sources(said, part["data"])
