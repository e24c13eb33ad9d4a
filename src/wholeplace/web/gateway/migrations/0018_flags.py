"""Flags stated on screen: added to, never changed."""

from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gateway", "0016_reasons_of_all_kinds")]
    operations = [
        migrations.CreateModel(
            name="FlagStatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ref", models.CharField(max_length=40, unique=True)),
                ("flag", models.CharField(max_length=30)),
                ("purpose", models.CharField(blank=True, default="", max_length=60)),
                ("value", models.CharField(blank=True, default="", max_length=10)),
                ("act", models.CharField(max_length=20)),
                ("person_id", models.CharField(db_index=True, max_length=80)),
                ("organisation", models.CharField(max_length=60)),
                ("stated_by", models.CharField(max_length=60)),
                ("role", models.CharField(blank=True, default="", max_length=60)),
                ("stated_at", models.DateTimeField()),
                ("said_on", models.DateField(blank=True, null=True)),
                ("how", models.CharField(blank=True, default="", max_length=20)),
                ("words", models.TextField(blank=True, default="")),
                ("consenter", models.CharField(blank=True, default="", max_length=20)),
                ("consenter_name", models.CharField(blank=True, default="", max_length=120)),
                ("why", models.TextField(blank=True, default="")),
                ("evidence", models.TextField(blank=True, default="")),
                ("review_on", models.DateField(blank=True, null=True)),
                ("holds_until", models.DateField(blank=True, null=True)),
                ("guardians", models.JSONField(default=list)),
                ("replaces", models.JSONField(default=list)),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.CreateModel(
            name="FlagAnchor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("statement", models.CharField(db_index=True, max_length=40)),
                ("person_id", models.CharField(db_index=True, max_length=80)),
                ("dataset", models.CharField(max_length=80)),
                ("source_id", models.CharField(max_length=200)),
                ("is_chosen", models.BooleanField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["dataset", "source_id"], name="flag_anchor_by_source")
                ]
            },
        ),
        migrations.CreateModel(
            name="AlertsRead",
            fields=[
                ("user_id", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("position", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.RunSQL(
            [(Path(__file__).with_name("flags.sql").read_text("utf-8"), None)],
            migrations.RunSQL.noop,
        ),
    ]
