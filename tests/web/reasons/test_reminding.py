"""`wholeplace reasons remind`: what is late is told without anybody opening a page."""

import datetime as dt
from typing import Any

import pytest
from click.testing import CliRunner
from django.utils import timezone
from tests.web.reasons.conftest import WHY

from wholeplace.cli.reasons import reasons
from wholeplace.web.gateway.models import Notice, OpenReason
from wholeplace.web.gateway.reasons import open_reason

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_command_tells_once(signed_town: Any, viewer_of: Any, person_named: Any) -> None:
    jayden = person_named("Jayden", "Harlow")
    open_reason(viewer_of("amira-khan"), jayden, "safeguarding", WHY, timezone.now())
    command = ["remind", "--place", str(signed_town.folder)]
    assert "0 new notices." in CliRunner().invoke(reasons, command).output
    OpenReason.objects.update(review_due_on=timezone.localdate() - dt.timedelta(days=1))
    assert "1 new notice." in CliRunner().invoke(reasons, command).output
    assert "0 new notices." in CliRunner().invoke(reasons, command).output
    assert Notice.objects.get().kind == "review-late"
