"""manage.py import_accounts FILE --map name=COL … [--option match=domain] [--option mode=update] --json"""

from accounts.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Import accounts from a CSV or XLSX file."
    kind = "accounts"
