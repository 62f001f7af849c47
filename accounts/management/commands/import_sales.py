"""manage.py import_sales FILE --map order=COL … [--source NAME] [--dry-run] --json"""

from accounts.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Import sales lines from a CSV or XLSX file."
    kind = "sales"
