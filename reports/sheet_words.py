"""What the columns of the data sheet are called, and what kind of figure stands in them."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from goals.models import Expectation, Goal, JointProject, ValueEntry
from kam.users.models import AccountFunction
from reports.blocks import state_text
from reports.review_sections import KINDS

# name in the snapshot -> (head, kind); kinds: text, money, count, number, share
HEADS: dict[str, tuple[Promise, str]] = {
    "accepted": (_("Accepted"), "text"),
    "accepted_by": (_("Accepted by"), "text"),
    "account": (_("Account"), "text"),
    "accounts": (_("Accounts"), "count"),
    "accounts_for_80": (_("Accounts that bring 80%"), "count"),
    "actual": (_("Actual"), "money"),
    "after": (_("Twelve months"), "money"),
    "amount": (_("Twelve months"), "money"),
    "applies": (_("Applies"), "text"),
    "approved": (_("Approved"), "count"),
    "as_of": (_("As of"), "text"),
    "average": (_("Average order"), "money"),
    "base_accounts": (_("Customers of the year before"), "count"),
    "base_revenue": (_("Year before"), "money"),
    "before": (_("Year before"), "money"),
    "benefit_customer": (_("Benefit for the customer"), "text"),
    "benefit_ours": (_("Benefit for us"), "text"),
    "cause": (_("Cause"), "text"),
    "change": (_("Difference"), "money"),
    "churned": (_("Lost"), "money"),
    "closed_on": (_("Closed"), "text"),
    "code": (_("Code"), "text"),
    "completeness": (_("Completeness"), "share"),
    "contraction": (_("Contraction"), "money"),
    "contribution": (_("Contribution"), "number"),
    "conversation": (_("Conversation about key account status"), "text"),
    "costed": (_("Accounts with costs"), "count"),
    "count": (_("Key accounts"), "count"),
    "covered": (_("Revenue with known costs"), "share"),
    "current": (_("Actual"), "number"),
    "current_revenue": (_("Twelve months"), "money"),
    "customer_text": (_("What the customer can expect"), "text"),
    "declined": (_("Declined"), "count"),
    "direction": (_("Who gave"), "text"),
    "discounts": (_("Discounts"), "money"),
    "due_on": (_("Until"), "text"),
    "elapsed": (_("Time gone"), "share"),
    "ended": (_("Ended"), "count"),
    "expansion": (_("Expansion"), "money"),
    "first_order_on": (_("First order"), "text"),
    "from": (_("From"), "text"),
    "functions": (_("Function"), "text"),
    "gini": (_("Gini coefficient"), "number"),
    "goods": (_("Goods"), "money"),
    "growth": (_("Change in percent"), "share"),
    "grr": (_("Gross revenue retention"), "share"),
    "grr_constant": (_("Gross revenue retention at constant rates"), "share"),
    "high": (_("At most"), "number"),
    "internal_text": (_("What we do"), "text"),
    "job_title": (_("Position"), "text"),
    "kept": (_("Kept"), "text"),
    "key_accounts": (_("Key accounts"), "count"),
    "kind": (_("Kind"), "text"),
    "largest_share": (_("Share of the largest account"), "share"),
    "last_order_on": (_("Last order"), "text"),
    "list_revenue": (_("List revenue"), "money"),
    "logo_retention": (_("Customers kept"), "share"),
    "low": (_("At least"), "number"),
    "measured_on": (_("Measured on"), "text"),
    "metric": (_("Metric"), "text"),
    "model": (_("Model"), "text"),
    "name": (_("Name"), "text"),
    "new": (_("New"), "money"),
    "next_order_on": (_("Next order expected"), "text"),
    "nrr": (_("Net revenue retention"), "share"),
    "nrr_constant": (_("Net revenue retention at constant rates"), "share"),
    "order_overdue": (_("Order overdue"), "text"),
    "occurred_on": (_("When"), "text"),
    "orders": (_("Orders"), "count"),
    "orders_after": (_("Orders"), "count"),
    "orders_before": (_("Orders of the year before"), "count"),
    "orders_effect": (_("Number of orders"), "money"),
    "overdue": (_("Overdue"), "text"),
    "pace_gap": (_("Ahead of time"), "share"),
    "partial": (_("Not over"), "text"),
    "plan": (_("Plan"), "money"),
    "previous": (_("Previous year"), "money"),
    "progress": (_("Progress"), "share"),
    "proposed": (_("Proposed"), "count"),
    "raised_on": (_("Raised"), "text"),
    "rank": (_("Rank"), "count"),
    "rank_before": (_("Rank before"), "count"),
    "rate": (_("Rate of contribution"), "share"),
    "rating": (_("Rating"), "number"),
    "reason": (_("Reason"), "text"),
    "resolved_on": (_("Resolved"), "text"),
    "result": (_("Result"), "text"),
    "revenue": (_("Revenue"), "money"),
    "revenue_change": (_("Change of revenue"), "money"),
    "caught": (_("Lost, and red before"), "count"),
    "false_alarms": (_("Red, nothing lost"), "count"),
    "judged": (_("Judged"), "count"),
    "lost": (_("Lost revenue"), "count"),
    "missed": (_("Lost without a warning"), "count"),
    "precision": (_("Precision"), "share"),
    "recall": (_("Recall"), "share"),
    "red": (_("Red"), "count"),
    "red_and_lost": (_("Both"), "count"),
    "score": (_("Health"), "number"),
    "without_score": (_("Without health"), "count"),
    "service": (_("Cost to serve"), "money"),
    "side": (_("Side"), "text"),
    "since": (_("Since"), "text"),
    "size_effect": (_("Size of orders"), "money"),
    "solution": (_("Solution"), "text"),
    "start": (_("Start"), "number"),
    "state": (_("State"), "text"),
    "target": (_("Target"), "number"),
    "text": (_("Text"), "text"),
    "title": (_("Title"), "text"),
    "to": (_("To"), "text"),
    "top20_count": (_("The largest fifth"), "count"),
    "top20_share": (_("Share of the largest fifth"), "share"),
    "total": (_("Total"), "number"),
    "unit": (_("Unit"), "text"),
    "until": (_("To"), "text"),
    "version": (_("Version"), "count"),
    "visibility": (_("Visibility"), "text"),
    "weight": (_("Weight"), "share"),
    "who": (_("Who"), "text"),
    "why": (_("Why"), "text"),
    "worth": (_("Worth to the customer"), "money"),
    "worth_to_us": (_("Worth to us"), "money"),
    "without_goal": (_("Without a goal"), "count"),
    "without_kam": (_("Without a manager"), "count"),
}
# Not for readers: addresses of pages, and codes that the first sheet says in words.
LEFT_OUT = frozenset({"inputs", "source", "source_before", "basis", "window", "visibility", "more"})


# What is read first stands first: who and what, where it stands, days, figures, and long texts at the end. A database
# may hand the fields of a snapshot out in another order than they were put in.
ORDER = (
    "code name title conversation kind side direction text account functions job_title model version accepted "
    "accepted_by applies state as_of from until to who due_on overdue kept closed_on since partial occurred_on "
    "raised_on resolved_on metric unit start current target progress elapsed pace_gap measured_on rank "
    "rank_before total low high completeness score rating weight contribution accounts base_accounts costed "
    "covered list_revenue discounts goods service rate revenue growth before after orders orders_before "
    "orders_after average orders_effect size_effect base_revenue current_revenue churned contraction expansion "
    "new nrr grr nrr_constant grr_constant logo_retention top20_count top20_share largest_share gini "
    "accounts_for_80 actual previous plan amount revenue_change change worth worth_to_us count first_order_on "
    "last_order_on next_order_on order_overdue key_accounts without_kam without_goal proposed approved declined "
    "ended judged red lost red_and_lost without_score precision recall caught missed false_alarms why cause "
    "reason solution result benefit_ours benefit_customer customer_text internal_text"
)
_PLACES = {name: place for place, name in enumerate(ORDER.split())}


def in_order(names: Iterable[str]) -> list[str]:
    """Return the fields of a snapshot in reading order; of names that nobody placed, the alphabet decides."""
    return sorted(names, key=lambda name: (_PLACES.get(name, len(_PLACES)), name))


def words(key: str, value: Any) -> str:
    """Return a value of a text column as people say it: no code of ours, no True."""
    if isinstance(value, bool):
        return now("yes") if value else now("no")
    if isinstance(value, list):
        functions = dict(AccountFunction.choices) | {"account_manager": now("Account manager")}
        return ", ".join(str(functions.get(one, one)) for one in value)
    known: dict[Any, Any] = {}
    if key == "kind":
        known = dict(KINDS)
    elif key == "side":
        known = dict(Goal.Side.choices) | dict(Expectation.Side.choices)
    elif key == "unit":
        known = {"percent": "%", "days": now("days"), "count": "", "number": ""}
    elif key == "direction":
        known = dict(ValueEntry.Direction.choices)
    elif key == "state":
        known = dict(JointProject.State.choices)
        return str(known.get(value, state_text(str(value))))
    return str(known.get(value, value))
