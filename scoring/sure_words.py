"""How sure is it, and what would change it? The answers in words, in the reader's language."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kam.lib import formatting
from scoring.certainty import Certainty
from scoring.models import ModelCriterion
from scoring.robustness import Robustness
from scoring.sensitivity import RatingChange, WeightChange, WeightInterval

Names = Mapping[UUID, str]


def rating_words(change: RatingChange | None, items: Sequence[ModelCriterion]) -> str:
    """Say which one rating takes the account across the line; nothing when none does."""
    if change is None:
        return ""
    words = {"name": items[change.criterion].criterion.name, "needed": change.needed}
    # As people write ratings: 6, and the mean of several as 6.33.
    words["current"] = formatting.number(change.current and round(change.current, 2))
    if change.current is None:
        return _("Would be key if %(name)s were rated %(needed)s.") % words
    if change.enters:
        return _("Would be key if %(name)s were rated %(needed)s instead of %(current)s.") % words
    return _("Would no longer be key if %(name)s were rated %(needed)s instead of %(current)s.") % words


def central_words(sure: Certainty, items: Sequence[ModelCriterion]) -> str:
    """Say which weights put a doubtful account above the line; nothing for one that is firmly there."""
    if sure.central is None or sure.word == "firm_in":
        return ""
    parts = [
        _("%(name)s %(weight)s") % {"name": item.criterion.name, "weight": formatting.percent(weight, 0)}
        for item, weight in zip(items, sure.central, strict=True)
    ]
    return _("Is above the line with weights like these: %(weights)s.") % {"weights": ", ".join(parts)}


def beaten_words(number: int, found: Robustness, names: Names) -> str:
    """Say who stands before an account in every weighting that keeps the order of importance."""
    count = found.under[number]
    if count == 0:
        return ""
    text = ngettext(
        "Stands behind %(names)s whatever the weights, as long as the order of importance holds.",
        "Stands behind %(count)s accounts whatever the weights, as long as the order of importance holds: %(names)s.",
        count,
    )
    return text % {"count": count, "names": beaten_names(number, found, names)}


def beaten_names(number: int, found: Robustness, names: Names) -> str:
    """Return the first accounts that beat one, and how many more do."""
    first = [name_of(found, other, names) for other in found.beaten_by[number]]
    more = found.under[number] - len(first)
    text = ngettext("%(names)s and %(more)s other", "%(names)s and %(more)s others", more)
    return text % {"names": ", ".join(first), "more": more} if more else ", ".join(first)


def tie_words(change: WeightChange, items: Sequence[ModelCriterion], other: str) -> str:
    """Say with which weight an account meets the one on the other side of the line, or the line itself."""
    item = items[change.criterion]
    words = {"name": item.criterion.name, "other": other, "weight": formatting.percent(change.weight)}
    words["now"] = formatting.percent(item.weight)
    if not other:
        return _("Meets the line when %(name)s weighs %(weight)s instead of %(now)s.") % words
    return _("Ties with %(other)s when %(name)s weighs %(weight)s instead of %(now)s.") % words


def pair_words(change: WeightChange | None, items: Sequence[ModelCriterion]) -> str:
    """Say with which weight two accounts have the same total."""
    if change is None:
        return _("No other weight of a single criterion makes the two tie.")
    item = items[change.criterion]
    words = {"name": item.criterion.name, "weight": formatting.percent(change.weight)}
    words["now"] = formatting.percent(item.weight)
    return _("The two tie when %(name)s weighs %(weight)s instead of %(now)s.") % words


def smallest_words(
    change: WeightChange | None, found: Robustness, items: Sequence[ModelCriterion], names: Names
) -> str:
    """Say what the smallest change of one weight is that lets somebody cross the line."""
    if change is None:
        return _("No other weight of a single criterion changes who is above the line.")
    words = {
        "name": items[change.criterion].criterion.name,
        "now": formatting.percent(items[change.criterion].weight),
        "weight": formatting.percent(change.weight),
        "what": swap_words((change.first, change.second), found, names),
    }
    return _("The smallest change is %(name)s from %(now)s to %(weight)s: %(what)s.") % words


def end_words(interval: WeightInterval, found: Robustness, names: Names) -> tuple[str, str]:
    """Say what happens below and above the interval of a weight; nothing where it may go to the end."""
    texts = []
    for end, swap in ((interval.low, interval.low_swap), (interval.high, interval.high_swap)):
        words = {"weight": formatting.percent(end), "what": swap and swap_words(swap, found, names)}
        below = _("below %(weight)s %(what)s") if end == interval.low else _("above %(weight)s %(what)s")
        texts.append(below % words if swap else "")
    return texts[0], texts[1]


def swap_words(swap: tuple[int, int], found: Robustness, names: Names) -> str:
    """Say who changes places with whom at the line."""
    falls, rises = found.key(swap[0]), found.key(swap[1])
    if falls is None:
        return _("%(rises)s comes above the line") % {"rises": name_of(found, swap[1], names)}
    if rises is None:
        return _("%(falls)s falls below the line") % {"falls": name_of(found, swap[0], names)}
    if not names.get(falls) and not names.get(rises):
        return _("two accounts that you do not see change places")
    words = {"rises": name_of(found, swap[1], names), "falls": name_of(found, swap[0], names)}
    return _("%(rises)s overtakes %(falls)s") % words


def name_of(found: Robustness, number: int, names: Names) -> str:
    """Return the name of an account as far as the reader may know it."""
    key: Any = found.key(number)
    return names.get(key) or _("an account you do not see")
