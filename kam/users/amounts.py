"""What keeps amounts in the reporting currency: while something does, the company cannot take another one."""

from collections.abc import Callable

_KEEPERS: list[Callable[[], bool]] = []


def keeps_amounts(holds: Callable[[], bool]) -> Callable[[], bool]:
    """Register how a room says whether it holds any amount."""
    _KEEPERS.append(holds)
    return holds


def amounts_are_kept() -> bool:
    """Say whether any room holds an amount in the reporting currency."""
    return any(holds() for holds in _KEEPERS)
