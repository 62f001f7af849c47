"""The country of an account as its sales lines say it: the most frequent one."""

from itertools import islice
from uuid import UUID

from django.db import connection, transaction

from accounts.imports.matching import note_changed
from accounts.models import Account, SalesLine
from kam.integrations.models import ImportBatch

ACCOUNTS_A_STEP = 500
_LINE, _ACCOUNT = SalesLine._meta.db_table, Account._meta.db_table
_MOST_FREQUENT = f"""
    SELECT account_id, country FROM (
        SELECT l.account_id, l.country,
            ROW_NUMBER() OVER (PARTITION BY l.account_id ORDER BY COUNT(*) DESC, l.country) AS place
        FROM {_LINE} l JOIN {_ACCOUNT} a ON a.id = l.account_id
        WHERE l.batch_id = %s AND l.country <> '' AND a.country = ''
        GROUP BY l.account_id, l.country
    ) AS counted WHERE place = 1
"""  # noqa: S608 - table names of our own


def fill_countries(batch: ImportBatch) -> int:
    """Give accounts without a country the most frequent one of the batch's lines; return how many got one."""
    with connection.cursor() as cursor:
        cursor.execute(_MOST_FREQUENT, [batch.pk if connection.vendor == "postgresql" else batch.pk.hex])
        found = iter([(UUID(str(key)), country) for key, country in cursor.fetchall()])
    done = 0
    while step := list(islice(found, ACCOUNTS_A_STEP)):
        _fill(batch, dict(step))
        done += len(step)
    return done


def _fill(batch: ImportBatch, countries: dict[UUID, str]) -> None:
    with transaction.atomic():
        accounts = list(Account.objects.filter(pk__in=countries, country=""))
        for account in accounts:
            account.country = countries[account.pk]
        Account.objects.bulk_update(accounts, ["country"], batch_size=250)
        note_changed(batch, "account", ((a.pk, {"country": ""}, {"country": a.country}) for a in accounts))
