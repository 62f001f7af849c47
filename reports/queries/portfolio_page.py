"""Everything the portfolio page shows, for one reader and one question."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from accounts.concentration import Concentration
from kam.lib.charting import Chart
from reports.portfolio_charts import lorenz_chart, pareto_chart
from reports.portfolio_words import DISCLOSED, sentences
from reports.queries.periods import Period
from reports.queries.portfolio import Holder, Portfolio, Question, holders, portfolio

ROWS = 25
COLUMNS = 20


@dataclass(frozen=True, slots=True)
class PortfolioPage:
    """``rows`` are the ranking's lines on ``page``; the charts are None where there is no positive total."""

    portfolio: Portfolio
    concentration: Concentration
    largest: Holder | None
    sentences: list[str]
    pareto: Chart | None
    lorenz: Chart | None
    page: Page[Any]
    rows: list[Holder]


def portfolio_page(
    user: Any, period: Period, question: Question, *, currency: str, page: str | None
) -> PortfolioPage:
    """Return the page's content, in three queries, from its second page on in five.

    Raises InvalidInput for an unknown basis or level.
    """
    found = portfolio(user, question)
    indices = found.concentration()
    wanted = Paginator(range(len(found.keys)), ROWS).get_page(page)
    rows = holders(user, found, max(0, wanted.start_index() - 1), ROWS)
    top = rows[:COLUMNS] if wanted.number == 1 else holders(user, found, 0, COLUMNS)
    drawable = indices.largest_share is not None
    subtitle = _subtitle(period, question)
    return PortfolioPage(
        portfolio=found,
        concentration=indices,
        largest=top[0] if top else None,
        sentences=sentences(indices, top[0].name, _above_threshold(found)) if top else [],
        pareto=pareto_chart(indices, top, subtitle, currency) if drawable else None,
        lorenz=lorenz_chart(found, indices, subtitle) if drawable else None,
        page=wanted,
        rows=rows,
    )


def _subtitle(period: Period, question: Question) -> str:
    basis = _("net of reversals") if question.basis == "net" else _("gross, without reversals")
    return _("Share of the revenue, %(basis)s, %(period)s") % {"basis": basis, "period": period.label}


def _above_threshold(found: Portfolio) -> int:
    total = int(found.units.sum())
    return int((found.units > DISCLOSED * total).sum()) if total > 0 else 0
