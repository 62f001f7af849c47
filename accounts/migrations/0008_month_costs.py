"""The monthly roll-up learns the cost of goods, and its index holds the amounts that are summed over all accounts."""

from typing import Any

from django.db import migrations, models

MONTH_OF = {"postgresql": "date_trunc('month', ordered_on)::date"}


def fill_costs(apps: Any, schema_editor: Any) -> None:
    """Add the costs of the orders that state one to the month they fall in."""
    month = MONTH_OF.get(schema_editor.connection.vendor, "strftime('%Y-%m-01', ordered_on)")
    schema_editor.execute(
        f"""UPDATE accounts_accountmonth SET cost = costs.cost FROM (
            SELECT account_id, {month} AS month, ROUND(SUM(cost), 4) AS cost FROM accounts_salesorder
            WHERE cost IS NOT NULL GROUP BY account_id, 2) AS costs
        WHERE costs.account_id = accounts_accountmonth.account_id AND costs.month = accounts_accountmonth.month""",
        params=None,
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_currency_rates")]

    operations = [
        migrations.AddField(
            "accountmonth",
            "cost",
            models.DecimalField(
                decimal_places=4, help_text="empty when no line states its cost", max_digits=18, null=True
            ),
        ),
        migrations.RunPython(fill_costs, migrations.RunPython.noop),
        migrations.RemoveIndex("accountmonth", "account_month_by_month"),
        migrations.AddIndex(
            "accountmonth",
            models.Index(fields=["month", "account", "net", "cost"], name="account_month_amounts"),
        ),
    ]
