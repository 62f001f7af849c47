"""What the indices of concentration mean, in sentences a sales leader can repeat."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.concentration import Concentration
from kam.lib.formatting import number, percent

# Bands of the US merger guidelines of 2023, in points; made for markets, here no more than orientation.
HHI_MODERATE, HHI_HIGH = 1_000, 1_800
# From this share on, accounting rules ask for a single customer to be disclosed (ASC 280).
DISCLOSED = 0.10


def sentences(found: Concentration, largest: str, above_threshold: int) -> list[str]:
    """Return what stands beside the charts; nothing where the total is not positive.

    ``largest`` names the largest account, ``above_threshold`` counts those with more than a tenth of all.
    """
    if found.largest_share is None or found.top20_share is None or found.hhi is None:
        return []
    return [
        _half(found),
        _largest(found, largest),
        _fifth(found),
        _band(found.hhi),
        _disclosure(above_threshold),
    ]


def pareto_title(found: Concentration) -> str:
    """Return the message of the Pareto chart."""
    if found.accounts_for_50 is None:
        return _("No revenue in this period")
    return ngettext(
        "One account brings half of the revenue",
        "%(count)s accounts bring half of the revenue",
        found.accounts_for_50,
    ) % {"count": number(found.accounts_for_50)}


def lorenz_title(points: list[tuple[float, float]]) -> str:
    """Return the message of the Lorenz curve: what the smaller half brings."""
    lower_half = [share for accounts, share in points if accounts <= 0.5]
    return _("The smaller half brings %(share)s of the revenue") % {
        "share": percent(lower_half[-1] if lower_half else None, 0)
    }


def _half(found: Concentration) -> str:
    return ngettext(
        "%(some)s of %(all)s account brings half of the revenue, %(most)s bring %(most_share)s.",
        "%(some)s of %(all)s accounts bring half of the revenue, %(most)s bring %(most_share)s.",
        found.accounts,
    ) % {
        "some": number(found.accounts_for_50),
        "all": number(found.accounts),
        "most": number(found.accounts_for_80),
        "most_share": percent(0.8, 0),
    }


def _largest(found: Concentration, name: str) -> str:
    values = {"name": name, "share": percent(found.largest_share)}
    return _("If %(name)s left, %(share)s of the revenue would be missing.") % values


def _fifth(found: Concentration) -> str:
    values = {"count": number(found.top20_count), "share": percent(found.top20_share)}
    if (found.top20_share or 0) >= 0.8:
        return _("The rule of 80/20 holds: the largest fifth (%(count)s) brings %(share)s.") % values
    return _("The rule of 80/20 does not hold: the largest fifth (%(count)s) brings %(share)s.") % values


def _band(index: float) -> str:
    values = {"hhi": number(index, 0)}
    if index > HHI_HIGH:
        return _("The Herfindahl index of %(hhi)s would count as high for a market (above 1,800).") % values
    if index >= HHI_MODERATE:
        text = _("The Herfindahl index of %(hhi)s would count as moderate for a market (1,000 to 1,800).")
        return text % values
    return _("The Herfindahl index of %(hhi)s would count as low for a market (below 1,000).") % values


def _disclosure(count: int) -> str:
    if not count:
        return _("No single account brings more than a tenth of the revenue.")
    return ngettext(
        "%(count)s account brings more than a tenth of the revenue.",
        "%(count)s accounts bring more than a tenth of the revenue each.",
        count,
    ) % {"count": number(count)}
