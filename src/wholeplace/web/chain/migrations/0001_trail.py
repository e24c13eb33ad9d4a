"""The append-only trail."""

from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            [(Path(__file__).with_name("trail.sql").read_text("utf-8"), None)],
            migrations.RunSQL.noop,
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("event", models.JSONField()),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={"db_table": "chain_entry", "ordering": ["position"], "managed": False},
        ),
        migrations.CreateModel(
            name="SubjectKey",
            fields=[
                ("person_id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("key", models.BinaryField(max_length=32)),
            ],
            options={"db_table": "chain_subject_key", "managed": False},
        ),
    ]
