from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_sales_import"),
        ("integrations", "0003_sales_import"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="salesline", name="sales_line_by_batch"),
        migrations.AddIndex(
            model_name="salesline",
            index=models.Index(fields=["batch"], name="sales_line_of_batch"),
        ),
    ]
