"""Signed heads of the trail, and partners' countersignatures."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("chain", "0001_trail")]
    operations = [
        migrations.RunSQL(
            [(Path(__file__).with_name("heads.sql").read_text("utf-8"), None)],
            migrations.RunSQL.noop,
        ),
    ]
