"""What commands say, in the language of the terminal they are typed in."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

LOCALE_NAMES = ("LC_ALL", "LC_MESSAGES", "LANG")  # POSIX: the first that is set decides


def terminal_language(environment: Mapping[str, str]) -> str:
    """Return ``de`` where the terminal's locale is German, else ``en``, as every program does without a locale."""
    locale = next((environment[name] for name in LOCALE_NAMES if environment.get(name)), "")
    return "de" if locale.lower().startswith("de") else "en"


def reason(error: OSError) -> str:
    """Return why a file could not be read or written, as a sentence; the system's own word where it is rare."""
    if isinstance(error, FileNotFoundError):
        return _("There is no such file.")
    if isinstance(error, PermissionError):
        return _("Access is not allowed.")
    if isinstance(error, IsADirectoryError):
        return _("This is a folder, not a file.")
    return error.strerror or str(error)
