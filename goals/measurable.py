"""What can be computed of an account every night: what a rule can rate, and what plans and years say."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from accounts.facts import FactDefinition, facts_table
from accounts.models import Account
from goals.models import JointProject
from goals.wallets import wallet_on, wallets_of
from kam.lib.models import KeyText
from scoring.facts import OWN as STATED
from scoring.facts import RATEABLE, own_values

_OWN = (
    FactDefinition(
        "share_of_wallet",
        _("Share of wallet"),
        "percent",
        _("Net revenue of the last twelve months as a part of the customer's latest known spend."),
        uses_window=False,
    ),
    FactDefinition(
        "joint_projects",
        _("Joint projects under way"),
        "count",
        _("Joint projects of the plan that are running."),
        uses_window=False,
    ),
)
OWN: dict[str, FactDefinition] = STATED | {fact.code: fact for fact in _OWN}
MEASURABLE: dict[str, FactDefinition] = RATEABLE | OWN


def measure_own(code: str, accounts: Sequence[UUID], as_of: date) -> dict[UUID, float]:
    """Return what no sale tells of each account; who is missing has no value."""
    if code in STATED:
        return _stated(code, list(accounts), as_of)
    return {"share_of_wallet": _shares, "joint_projects": _projects}[code](list(accounts), as_of)


def _stated(code: str, accounts: list[UUID], as_of: date) -> dict[UUID, float]:
    chosen = Account.objects.filter(pk__in=accounts)
    values = own_values(code, as_of, chosen)
    keys = dict(chosen.annotate(key=KeyText("pk")).values_list("key", "pk"))
    return {keys[key]: value for key, value in values.items()}


def _shares(accounts: list[UUID], as_of: date) -> dict[UUID, float]:
    known_then = {pk: wallet_on(rows, as_of) for pk, rows in wallets_of(accounts).items()}
    wallets = {pk: float(wallet.value) for pk, wallet in known_then.items() if wallet}
    if not wallets:
        return {}
    known = Account.objects.filter(pk__in=list(wallets))
    table = facts_table(["revenue"], as_of=as_of, window="12m", basis="net", accounts=known)
    revenues: dict[UUID, Any] = dict(zip(table.account_ids, table.values["revenue"], strict=True))
    shares = {pk: revenues[pk] / wallets[pk] for pk in revenues if np.isfinite(revenues[pk])}
    # A spend below our own revenue is wrong, and so is every share of it.
    return {pk: float(share) for pk, share in shares.items() if 0 <= share <= 1}


def _projects(accounts: list[UUID], as_of: date) -> dict[UUID, float]:
    running = JointProject.objects.filter(account__in=accounts, state=JointProject.State.RUNNING)
    counts = dict(running.order_by().values("account").annotate(n=Count("pk")).values_list("account", "n"))
    return {pk: float(counts.get(pk, 0)) for pk in accounts}
