"""What people type for a rating: a number, a dash or words where it does not apply."""

from decimal import Decimal, InvalidOperation

NOT_APPLICABLE = frozenset(
    {
        "-",
        "–",
        "—",
        "x",
        "n/a",
        "na",
        "n.a.",
        "k. a.",
        "k.a.",
        "not applicable",
        "nicht anwendbar",
        "entfällt",
    }
)
LONGEST_NUMBER = 12


def typed_rating(text: str) -> tuple[Decimal | None, bool]:
    """Return (value, not applicable); neither for what is no rating, which the action refuses by name."""
    plain = text.strip().lower()
    if plain in NOT_APPLICABLE:
        return None, True
    try:
        value = Decimal(plain.replace(",", ".")[:LONGEST_NUMBER])
    except InvalidOperation:
        return None, False
    return (value, False) if value.is_finite() else (None, False)
