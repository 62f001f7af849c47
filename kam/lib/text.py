"""Folding: what search and sorting compare instead of the typed text."""

import re
import unicodedata

LEGAL_FORMS = re.compile(
    r"\b(gmbh|ag|kg|kgaa|ohg|gbr|ug|se|ev|mbh|co|ltd|limited|plc|llc|inc|corp|corporation|company|sa|sas|sarl"
    r"|srl|spa|bv|nv|ab|as|oy|oyj|sp z o o)\b"
)
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "œ": "oe", "ł": "l", "đ": "d"}
)


def _compatible(text: str) -> str:
    """Return lower case of the compatibility form: full-width and mathematical letters are letters too."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).casefold()


def _without_accents(text: str) -> str:
    spelt = unicodedata.normalize("NFC", _compatible(text)).translate(_UMLAUTS)
    return "".join(c for c in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(c))


COMPOSED = {"ae": "ä", "oe": "ö", "ue": "ü"}
PLAIN = {letter: pair for pair, letter in COMPOSED.items()} | {"ß": "ss"}
# No umlaut is meant in neue, Steuer, bauen, quer.
UMLAUT_PAIRS = re.compile(r"ae|oe|(?<![aeq])ue")


def fold(text: str) -> str:
    """Return text so that Müller, MUELLER and mueller are the same: lower case, umlauts spelt out, no accents."""
    plain = text.lower() if text.isascii() else _without_accents(text)
    return " ".join(re.sub(r"[^\w@.]+", " ", plain.replace("&", " ")).split())


# Marks that turn the direction of all that follows them, past the end of the name they stand in. Names in Arabic or
# Hebrew do without: their letters tell their direction.
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def is_storable(text: str) -> bool:
    """Say whether every database takes a text: no NUL, no half of a character."""
    return "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


def spellings(word: str) -> list[str]:
    """Return how a word may stand in a text that is kept as it was typed: mueller, Müller, MÜLLER.

    For columns without a folded copy: SQLite's LIKE takes only ASCII letters of both cases for the same.
    """
    typed = unicodedata.normalize("NFC", word).lower()
    umlauts = UMLAUT_PAIRS.sub(lambda found: COMPOSED[found[0]], typed)
    found = {
        typed,
        umlauts,
        umlauts.replace("ss", "ß"),
        "".join(PLAIN.get(letter, letter) for letter in typed),
    }
    cased = {shape(each) for each in found for shape in (str.upper, str.capitalize) if not each.isascii()}
    return sorted(found | cased)


def fold_name(name: str) -> str:
    """Return a company name folded and without its legal form, for matching and sorting."""
    folded = fold(name).replace(".", "")
    return " ".join(LEGAL_FORMS.sub(" ", folded).split()) or folded
