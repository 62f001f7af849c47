"""manage.py import_accounts FILE --map name=COL … [--option match=domain] [--option mode=update] --json

A parent company is named by its id or name (--map parent=COL); people by --map contact_name=COL, contact_first_name,
contact_email, contact_phone, contact_job_title. Several rows can name one account, each with another person.
"""

from accounts.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Import accounts from a CSV or XLSX file."
    kind = "accounts"
