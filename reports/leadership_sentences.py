"""The messages of the leadership portfolio, proposed from its figures in the report's language."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kam.lib import formatting
from reports import leadership_contribution, leadership_warnings

Data = dict[str, Any]


def portfolio_message(code: str, parts: dict[str, Data], currency: str) -> str:
    """Return the proposed title of a part."""
    return _MESSAGES[code](parts[code])


def _concentration(data: Data) -> str:
    if not data["top20_share"]:
        return _("No revenue in the last twelve months")
    words = {
        "share": formatting.percent(data["top20_share"], 0),
        "count": formatting.number(data["top20_count"]),
    }
    return (
        ngettext(
            "%(count)s account brings %(share)s of the revenue",
            "%(count)s accounts bring %(share)s of the revenue",
            data["top20_count"],
        )
        % words
    )


def _retention(data: Data) -> str:
    if data["nrr"] is None:
        return _("There is no year before to compare with")
    words = {
        "nrr": formatting.percent(data["nrr"], 0),
        "logos": formatting.percent(data["logo_retention"], 0),
    }
    return (
        _("The customers of the year before bring %(nrr)s of their revenue; %(logos)s of them still buy")
        % words
    )


def _movers(data: Data) -> str:
    up, down = data["up"], data["down"]
    if not up and not down:
        return _("No account has moved")
    if not down:
        return _("%(name)s gains most") % {"name": up[0]["name"]}
    if not up:
        return _("%(name)s loses most") % {"name": down[0]["name"]}
    return _("%(winner)s gains most, %(loser)s loses most") % {
        "winner": up[0]["name"],
        "loser": down[0]["name"],
    }


def _coverage(data: Data) -> str:
    count = data["key_accounts"]
    if not count:
        return _("There is no key account yet")
    words = {"count": count, "missing": data["without_kam"]}
    said = ngettext("%(count)s key account", "%(count)s key accounts", count) % words
    if not data["without_kam"]:
        return _("%(accounts)s, each with a key account manager") % {"accounts": said}
    missing = (
        ngettext("%(missing)s without a manager", "%(missing)s without a manager", data["without_kam"])
        % words
    )
    return f"{said}, {missing}"


def _risks(data: Data) -> str:
    count = len(data["rows"])
    if not count:
        return _("No goal is behind")
    return ngettext("%(count)s goal needs attention", "%(count)s goals need attention", count) % {
        "count": count
    }


def _decisions(data: Data) -> str:
    count = data["proposed"]
    if not count:
        return _("No proposal is waiting")
    return ngettext("%(count)s proposal is waiting", "%(count)s proposals are waiting", count) % {
        "count": count
    }


_MESSAGES: dict[str, Callable[[Data], str]] = {
    "concentration": _concentration,
    "retention": _retention,
    "contribution": leadership_contribution.message,
    "movers": _movers,
    "coverage": _coverage,
    "warnings": leadership_warnings.message,
    "risks": _risks,
    "decisions": _decisions,
}
