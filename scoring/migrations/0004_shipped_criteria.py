"""Write the ten criteria of the guide; those that are there stay as they are."""

from django.db import migrations

from scoring.shipped_criteria import SHIPPED


def write(apps, schema_editor):
    criterion = apps.get_model("scoring", "Criterion")
    there = set(criterion.objects.values_list("code", flat=True))
    missing = [criterion(**values, is_shipped=True) for values in SHIPPED if values["code"] not in there]
    criterion.objects.bulk_create(missing)


class Migration(migrations.Migration):
    dependencies = [("scoring", "0003_backtests_and_certainty")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
