"""What an officer has to look at: flags due for review, lifts that wait, seals left unguarded."""

import datetime as dt
from dataclasses import dataclass

from wholeplace.agreements import Viewer, standing_statements
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.store import SqlFile
from wholeplace.people.read import read_subjects
from wholeplace.web.accounts.models import User
from wholeplace.web.flags.access import OFFICER
from wholeplace.web.flags.figures import flag_figures
from wholeplace.web.flags.words import name_flag
from wholeplace.web.gateway.models import FlagStatement
from wholeplace.web.gateway.wiring import current_place

__all__ = ["DueLine", "due_lines", "find_own_record"]


@dataclass(frozen=True)
class DueLine:
    """One flag of the officer's organisation that somebody should look at.

    Attributes:
        cause: why it is listed.
        person_id: whom it reaches now; empty where its records are gone.
    """

    ref: str
    name: str
    cause: str
    review_on: dt.date | None
    is_late: bool
    person_id: str


def due_lines(viewer: Viewer) -> list[DueLine]:
    """Return what the viewer's organisation stated and should look at again, the most urgent first."""
    place = current_place()
    standing = {
        each.id for each in standing_statements(place.flag_statements.statements()).values()
    }
    today, rules = place.today, place.rules(place.today)
    until = today + dt.timedelta(days=flag_figures().due_days)
    active = {str(pk) for pk in User.objects.filter(is_active=True).values_list("pk", flat=True)}
    lines = []
    for made in FlagStatement.objects.filter(organisation=viewer.organisation, ref__in=standing):
        cause = _cause(made, until, active)
        if cause and made.value not in ("", "no"):
            is_late = made.review_on is not None and made.review_on < today
            name = name_flag(rules, made.flag, made.purpose)
            lines.append(DueLine(made.ref, name, cause, made.review_on, is_late, _person_of(made)))
    return sorted(lines, key=lambda each: (each.review_on or dt.date.min, each.ref))


def find_own_record(viewer: Viewer, dataset: str, reference: str) -> str:
    """Return whom the organisation's own reference means; nothing where the viewer may not know.

    The same reads are made whether or not there is somebody.
    """
    reader = current_place().snapshot_reader
    contract = current_place().place.datasets.get(dataset)
    is_own = contract is not None and contract.partner == viewer.organisation
    asked = {"datasets": [dataset if is_own else ""], "source_ids": [reference.strip()]}
    try:
        rows = reader.rows(SqlFile.read("people", "read_anchored").select, asked)
    except NotFoundError:
        return ""
    ids = [row["person_id"] for row in rows]
    subjects = read_subjects(reader, ids)
    for person_id in ids:
        subject = subjects[person_id]
        is_ours = viewer.role == OFFICER and viewer.organisation in subject.sealing_partners
        if subject.value_of("sealed") == "no" or is_ours or viewer.user_id in subject.guardians:
            return str(person_id)
    return ""


def _cause(made: FlagStatement, until: dt.date, active: set[str]) -> str:
    if made.act == "lift-asked":
        return "Somebody asked to lift it; a second person decides"
    if made.flag == "sealed" and not active & set(made.guardians):
        return "Every guardian has left"
    if made.review_on is not None and made.review_on <= until:
        return "Due for review"
    return ""


def _person_of(made: FlagStatement) -> str:
    stated = current_place().snapshot_reader.stated()
    reached = stated.statements if stated else {}
    if made.ref in reached.get(made.person_id, ()):
        return made.person_id
    return next((person for person, refs in reached.items() if made.ref in refs), "")
