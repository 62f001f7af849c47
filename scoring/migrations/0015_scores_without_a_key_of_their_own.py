"""A score is told by its run and its account. The rows stay; PostgreSQL turns the table in place, SQLite fills a new one."""

from typing import Any

from django.db import migrations, models

IN_PLACE = """
ALTER TABLE scoring_score DROP CONSTRAINT one_score_a_run_and_account, DROP COLUMN id,
    ADD CONSTRAINT scoring_score_pkey PRIMARY KEY (run_id, account_id)
"""
COLUMNS = "run_id, account_id, position, rank, previous_rank, total, low, high, completeness, facts, ratings"


def key_by_run_and_account(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(IN_PLACE)
        return
    editor.execute("ALTER TABLE scoring_score RENAME TO scoring_score_with_id")
    editor.execute("DROP INDEX score_by_position")  # its name is wanted again
    editor.create_model(apps.get_model("scoring", "Score"))
    editor.execute(f"INSERT INTO scoring_score ({COLUMNS}) SELECT {COLUMNS} FROM scoring_score_with_id")  # noqa: S608 - our own names
    editor.execute("DROP TABLE scoring_score_with_id")


class Migration(migrations.Migration):
    dependencies = [("scoring", "0014_ratings_and_scores_by_account")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("score", "one_score_a_run_and_account"),
                migrations.RemoveField("score", "id"),
                migrations.AddField(
                    "score",
                    "pk",
                    models.CompositePrimaryKey(
                        "run_id", "account_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
        migrations.RunPython(key_by_run_and_account),
    ]
