#!/usr/bin/env python
"""Django's command line."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kam.settings")
    import django  # noqa: PLC0415 - settings must be named first
    from django.core.management import execute_from_command_line  # noqa: PLC0415
    from django.utils import translation  # noqa: PLC0415

    from kam.lib.terminal import terminal_language  # noqa: PLC0415

    django.setup()
    with translation.override(terminal_language(os.environ)):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
