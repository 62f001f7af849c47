"""What sales leadership sees first in the admin panel."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.windows import parse_window
from kam.integrations.models import ImportBatch, Job
from kam.users.models import Organisation
from reports.leadership import concentrated, coverage, movements
from reports.leadership_sentences import portfolio_message
from reports.links import url
from reports.models import Report
from scoring.models import Decision, ScoreRun

LATEST = 5


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Board:
    """Proposals waiting, who covers the key accounts, what the revenue hangs on, what ran last."""

    waiting: list[Decision]
    waiting_count: int
    coverage: dict[str, Any]
    coverage_says: str
    concentration: dict[str, Any]
    concentration_says: str
    currency: str
    runs: list[ScoreRun]
    imports: list[ImportBatch]
    failed: int
    reports: list[Report]
    links: list[Link]


def leadership_board(today: date | None = None) -> Board:
    """Return the board, in a fixed number of queries; revenue is twelve months, net of reversals."""
    as_of = today or timezone.localdate()
    window = parse_window("12m")
    now, before = window.span(as_of), window.previous(as_of)
    rows = movements(now, before or now)
    concentration, covered = concentrated(rows, {}, top=0), coverage(as_of)
    waiting = list(Decision.objects.waiting().for_list().order_by("created_at", "pk"))
    return Board(
        waiting=waiting[:LATEST],
        waiting_count=len(waiting),
        coverage=covered,
        coverage_says=portfolio_message("coverage", {"coverage": covered}, ""),
        concentration=concentration,
        concentration_says=portfolio_message("concentration", {"concentration": concentration}, ""),
        currency=Organisation.current().currency,
        runs=list(ScoreRun.objects.finished().newest_first().for_list()[:LATEST]),
        imports=list(ImportBatch.objects.order_by("-created_at")[:LATEST]),
        failed=Job.objects.filter(state=Job.State.FAILED).count(),
        reports=list(Report.objects.built().for_list()[:LATEST]),
        links=_links(),
    )


def _links() -> list[Link]:
    offered = [
        (_("Today"), "today"),
        (_("Portfolio"), "portfolio"),
        (_("Ranking"), "scoring:ranking"),
        (_("Decisions"), "scoring:decisions"),
        (_("Goals"), "goals:list"),
        (_("Reports"), "reports:list"),
        (_("Imports"), "imports:list"),
        (_("Jobs"), "jobs:list"),
        (_("People"), "people"),
    ]
    return [Link(label, address) for label, name in offered if (address := url(name))]
