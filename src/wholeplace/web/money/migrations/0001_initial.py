"""Cases, agreements, ledgers and budgets."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="BusinessCase",
            fields=[
                ("id", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200)),
                ("intervention", models.CharField(max_length=60)),
                ("values", models.JSONField(default=dict)),
                ("reasons", models.JSONField(default=dict)),
                ("state", models.CharField(max_length=20)),
                ("version", models.PositiveIntegerField(default=1)),
                ("written_by", models.CharField(max_length=60)),
                ("offered_by", models.CharField(blank=True, default="", max_length=60)),
                ("decided_by", models.CharField(blank=True, default="", max_length=60)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-made_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="MoneyStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("about", models.CharField(db_index=True, max_length=20)),
                ("event", models.CharField(max_length=30)),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("words", models.TextField(blank=True, default="")),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="BudgetReturn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("body", models.CharField(max_length=60)),
                ("year", models.CharField(max_length=7)),
                ("lines", models.JSONField(default=list)),
                ("content_hash", models.CharField(max_length=64)),
                ("imported_by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(fields=["year", "body"], name="budget_of_year")],
            },
        ),
        migrations.CreateModel(
            name="InvestmentDeal",
            fields=[
                ("id", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("case_version", models.PositiveIntegerField()),
                ("fields", models.JSONField(default=dict)),
                ("partners", models.JSONField(default=list)),
                ("state", models.CharField(max_length=20)),
                ("version", models.PositiveIntegerField(default=1)),
                ("made_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deals",
                        to="money.businesscase",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="PoolEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pool", models.CharField(max_length=60)),
                ("number", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("on", models.DateField()),
                ("words", models.CharField(max_length=200)),
                ("reverses", models.PositiveIntegerField(blank=True, null=True)),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("token", models.CharField(max_length=40, unique=True)),
            ],
            options={
                "ordering": ["pool", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("pool", "number"), name="pool_entry_number"),
                    models.UniqueConstraint(
                        fields=("pool", "reverses"), name="pool_entry_reversed_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PoolLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account", models.CharField(max_length=80)),
                ("pence", models.BigIntegerField()),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="money.poolentry",
                    ),
                ),
            ],
            options={
                "ordering": ["entry", "id"],
            },
        ),
        migrations.CreateModel(
            name="SignedDeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("partner", models.CharField(max_length=60)),
                ("signed_by", models.CharField(max_length=60)),
                ("text_hash", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="money.investmentdeal",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("deal", "partner", "text_hash"), name="signed_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            [(Path(__file__).with_name("ledger.sql").read_text("utf-8"), None)],
            migrations.RunSQL.noop,
        ),
    ]
