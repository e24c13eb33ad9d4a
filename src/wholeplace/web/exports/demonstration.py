"""An example request, so that the airlock is not empty in a demonstration."""

import datetime as dt

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.web.accounts.models import User
from wholeplace.web.exports.models import ExportRequest
from wholeplace.web.exports.requests import Wanted, ask_for_export
from wholeplace.web.gateway.reports import find_report
from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["make_examples"]


def make_examples(place: OpenPlace) -> None:
    """Let an analyst ask for a table of the first need that may be counted, once."""
    report = find_report("needs-by-area")
    analysts = User.objects.filter(is_active=True).exclude(persona="").order_by("id")
    asker = next((user for user in analysts if "analyst" in user.roles), None)
    if report is None or asker is None or ExportRequest.objects.exists():
        return
    viewer = Viewer(str(asker.pk), asker.organisation, "analyst")
    choices = report.choices(viewer)
    if any(not each.options for each in choices) or not choices:
        return
    chosen = {each.name: each.options[0][0] for each in choices}
    wanted = Wanted(
        report,
        chosen,
        "Show the board where family help is most needed next year",
        "Larkbridge partnership board",
        "csv",
        f"{place.terms.words('partner', asker.organisation)} (analyst) from {place.place.place.name}",
    )
    try:
        ask_for_export(viewer, wanted, dt.datetime.now(dt.UTC))
    except WholeplaceError:
        # A town without counts has no example to show.
        return
