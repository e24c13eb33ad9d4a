from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gateway", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="recordedsignoff",
            name="voided_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="recordedsignoff",
            constraint=models.UniqueConstraint(
                condition=models.Q(("voided_at", None)),
                fields=("agreement_id", "hash", "partner"),
                name="one_signature_a_text",
            ),
        ),
        migrations.CreateModel(
            name="RecordedTermination",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agreement_id", models.CharField(db_index=True, max_length=60)),
                ("partner", models.CharField(max_length=60)),
                ("given_by", models.CharField(max_length=60)),
                ("given_at", models.DateTimeField()),
                ("last_on", models.DateField()),
                ("reason", models.TextField(blank=True, default="")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={"ordering": ["given_at", "id"]},
        ),
    ]
