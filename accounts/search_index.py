"""Indexes for «contains» in what search compares, in the form that each database has for it.

PostgreSQL finds parts of words by their trigrams. SQLite reads through a narrow index in the order of the names
instead of through the whole rows. Neither is part of the models, because they differ; both are laid after every
migrate, so that a table that a migration has made anew has its index again. Without one search finds the same,
only later: a role that may not install pg_trgm migrates all the same.
"""

import logging
from typing import Any

from django.db import DatabaseError, connections, transaction

logger = logging.getLogger(__name__)

STATEMENTS = {
    "sqlite": (
        # With the column that tells a merged account, because every read of accounts asks for it.
        "DROP INDEX IF EXISTS account_by_words",
        "CREATE INDEX IF NOT EXISTS account_by_all_words"
        " ON accounts_account (sort_key, id, search_text, merged_into_id)",
        "CREATE INDEX IF NOT EXISTS contact_by_words ON accounts_contact (sort_key, id, search_text)",
    ),
    "postgresql": (
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        "CREATE INDEX IF NOT EXISTS account_by_words ON accounts_account USING gin (search_text gin_trgm_ops)",
        "CREATE INDEX IF NOT EXISTS contact_by_words ON accounts_contact USING gin (search_text gin_trgm_ops)",
    ),
}


def lay_search_index(*, using: str, **_signal: Any) -> None:
    """Create what is missing, or say in the log that search goes on without."""
    connection = connections[using]
    try:
        with transaction.atomic(using=using), connection.cursor() as cursor:
            for statement in STATEMENTS.get(connection.vendor, ()):
                cursor.execute(statement)
    except DatabaseError as error:
        logger.warning("search has no index of its own: %s", str(error).strip())
