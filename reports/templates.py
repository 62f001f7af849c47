"""The templates of reports: which sections, in which order, under which question.

A template is data. A section is known by its code; its figures, its message and its drawing are registered under
the same code (reports.figures, reports.review, reports.sentences, reports.sections). About seventy per cent of a
quarterly review looks ahead: AHEAD says which sections do.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from kam.lib.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Template:
    """``leading`` are the sections whose messages stand on the first page, ``headline`` the one in the title."""

    code: str
    title: Promise
    question: Promise
    purpose: Promise
    sections: tuple[str, ...]
    leading: tuple[str, ...]
    headline: str
    about_account: bool = True


PROGRESS = Template(
    "progress",
    _("Progress report"),
    _("What have we achieved together, and what follows from it?"),
    _("Twelve months beside the year before: revenue, goals, promises, next steps."),
    (
        "promises",
        "summary",
        "revenue",
        "change",
        "offerings",
        "relationship",
        "goals",
        "values",
        "score",
        "steps",
    ),
    ("change", "goals", "promises"),
    "revenue",
)
QUARTERLY = Template(
    "quarterly",
    _("Quarterly review"),
    _("What do we decide today for the next quarter?"),
    _("Last quarter against plan, promises kept, goals, decisions; most of it looks ahead."),
    ("promises", "quarter", "kept", "goals", "projects", "challenges", "choices", "ahead"),
    ("quarter", "choices", "ahead"),
    "quarter",
)
KICKOFF = Template(
    "kickoff",
    _("Kick-off"),
    _("Why do we work together, how, and what comes first?"),
    _("Why, how, what; the team, expectations of both sides, goals, procedures, first steps."),
    ("purpose", "team", "expectations", "goals", "procedures", "steps"),
    ("team", "expectations", "steps"),
    "goals",
)
PORTFOLIO = Template(
    "portfolio",
    _("Leadership portfolio"),
    _("Where does the portfolio stand, and where is it exposed?"),
    _("All accounts: concentration, retention, contribution, movers, coverage, goals at risk, decisions."),
    ("concentration", "retention", "contribution", "movers", "coverage", "warnings", "risks", "decisions"),
    ("retention", "coverage", "risks"),
    "concentration",
    about_account=False,
)
TEMPLATES = {template.code: template for template in (PROGRESS, QUARTERLY, KICKOFF, PORTFOLIO)}
# What a section looks at: these look ahead, the others back.
AHEAD = frozenset(
    {"promises", "goals", "projects", "challenges", "choices", "ahead", "steps", "expectations", "procedures"}
)
# A message may need the figures of sections that are not shown.
NEEDS = {"revenue": ("summary", "offerings"), "offerings": ("summary",)}

# What the sections are called where they are chosen and where their messages are edited.
SECTIONS: dict[str, Promise] = {
    "promises": _("Open promises"),
    "summary": _("Key figures"),
    "revenue": _("Revenue"),
    "change": _("Orders and size"),
    "offerings": _("Offerings"),
    "relationship": _("Relationship"),
    "goals": _("Goals"),
    "score": _("Score"),
    "steps": _("Next steps"),
    "quarter": _("Last quarter"),
    "kept": _("Promises kept"),
    "projects": _("Joint projects"),
    "challenges": _("Challenges"),
    "values": _("Beyond the invoice"),
    "choices": _("Decisions wanted"),
    "ahead": _("Next quarter"),
    "purpose": _("Why, how, what"),
    "team": _("Team"),
    "expectations": _("Expectations"),
    "procedures": _("Procedures"),
    "concentration": _("Concentration"),
    "retention": _("Retention"),
    "contribution": pgettext_lazy("money", "Contribution"),
    "movers": _("Gains and losses"),
    "coverage": _("Coverage"),
    "warnings": _("Warnings and losses"),
    "risks": _("Goals at risk"),
    "decisions": _("Decisions"),
}


def chosen_sections(code: str, wanted: Iterable[str] | None = None) -> list[str]:
    """Return the sections of a report in the template's order; None means all of the template's.

    Raises InvalidInput when nothing is chosen, or a section is not one of the template's.
    """
    template = TEMPLATES[code]
    if wanted is None:
        return list(template.sections)
    chosen = set(wanted)
    known = {"template": template.title, "sections": ", ".join(template.sections)}
    if not chosen:
        message = gettext_noop(
            "A report without sections says nothing. Choose at least one of %(template)s: %(sections)s."
        )
        raise InvalidInput("no_sections", message, known, "sections")
    if unknown := sorted(chosen - set(template.sections)):
        message = gettext_noop("%(template)s has no section “%(name)s”. It has: %(sections)s.")
        raise InvalidInput("unknown_section", message, known | {"name": unknown[0][:80]}, "sections")
    return [section for section in template.sections if section in chosen]
