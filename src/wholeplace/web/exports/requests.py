"""Asking for a file, deciding on it, giving it out. Each stands in the trail before it is done."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from wholeplace.agreements.figures import figures
from wholeplace.agreements.reasons.exports import EXPORT_LIFE, export_actors, is_over
from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.foundation.lifecycle import check_version
from wholeplace.foundation.sheet import FORMATS, SheetFormat, write_sheet
from wholeplace.foundation.sheet_check import check_sheet
from wholeplace.web.chain.trail import record
from wholeplace.web.exports.models import ExportRequest, ExportStep
from wholeplace.web.gateway.reports import MadeReport, Report, find_report

__all__ = [
    "Wanted",
    "actors_of",
    "ask_for_export",
    "find_export",
    "give_out",
    "take_step",
    "why_not_now",
    "withdraw_all_of",
]

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for.

    Attributes:
        chosen: the report's parameters.
        why: what the figures are for, as typed.
        for_whom: who will read them, as typed.
        asker: whose request it is, in the words of the file's mark.
    """

    report: Report
    chosen: Mapping[str, str]
    why: str
    for_whom: str
    form: SheetFormat
    asker: str


def ask_for_export(viewer: Viewer, wanted: Wanted, at: dt.datetime) -> ExportRequest:
    """Make a file, check it and keep it until a second person has decided.

    Raises:
        UnsafeActionError: if agreements do not let the viewer have it, or somebody could be found
            in it.
        NotFoundError: if there is nothing to make it of.
    """
    report, chosen = wanted.report, wanted.chosen
    if why_not := report.why_not(viewer, chosen):
        raise UnsafeActionError("Nothing was asked for.", why_not, "Choose another table.")
    made = report.make(viewer, chosen)
    request_id = _new_id()
    content = write_sheet(made.sheet, wanted.form, _mark(request_id, wanted, at))
    facts: dict[str, Any] = {
        "actor": viewer.user_id,
        "organisation": viewer.organisation,
        "role": viewer.role,
        "export": request_id,
        "report": report.id,
        "chosen": dict(chosen),
    }
    if findings := check_sheet(made.sheet):
        record("export.stopped", **facts, findings=len(findings))
        raise UnsafeActionError(
            "Nothing was asked for.",
            "Somebody could be found in it: "
            + "; ".join(f"{f.what} ({f.where})" for f in findings[:5]),
            "Choose larger areas or fewer details, and tell whoever runs this system.",
        )
    asked = ExportRequest(
        id=request_id,
        name=f"{report.id}-{request_id}.{wanted.form}",
        media_type=FORMATS[wanted.form],
        content=content,
        content_hash=hashlib.sha256(content).hexdigest(),
    )
    record("export.asked", **facts, hash=asked.content_hash, clauses=list(made.clauses))
    return _keep(asked, viewer, wanted, made, at)


def take_step(
    viewer: Viewer, request_id: str, event: str, version: int, words: str, at: dt.datetime
) -> ExportRequest:
    """Take one step of a request's life.

    Raises:
        NotFoundError: if there is no such request for this viewer.
        ChangedMeanwhileError: if it changed since the viewer saw it.
        UnsafeActionError: if it is not theirs to take, or words are missing, or its time is up.
    """
    with transaction.atomic():
        found = find_export(viewer, request_id, lock=True)
        actors = actors_of(found, viewer)
        target = EXPORT_LIFE.take(found.state, event, actors)
        check_version(found.version, version, [_last_words(found)])
        step = next(
            each for each in EXPORT_LIFE.steps_from(found.state, actors) if each.event == event
        )
        if "words" in step.asks and len(" ".join(words.split())) < _least_words():
            raise UnsafeActionError(
                "Nothing was changed.",
                f"Say why, in at least {_least_words()} characters.",
                "The other person will read it.",
            )
        if event == "approve" and (why := why_not_now(found, viewer)):
            raise UnsafeActionError(
                "It was not approved.", why, "Refuse it, or wait until that is mended."
            )
        record(
            f"export.{event}",
            actor=viewer.user_id,
            organisation=viewer.organisation,
            role=viewer.role,
            export=found.id,
            hash=found.content_hash,
        )
        found.state, found.version = target, found.version + 1
        if event in ("approve", "refuse", "revoke"):
            found.decided_by, found.decided_at = viewer.user_id, at
        found.save(update_fields=["state", "version", "decided_by", "decided_at"])
        said = " ".join(words.split()) if "words" in step.asks else ""
        ExportStep.objects.create(request=found, event=event, by=viewer.user_id, at=at, words=said)
    return found


def withdraw_all_of(user_id: str, at: dt.datetime) -> int:
    """Take back every request of somebody whose access ends. Return how many there were.

    Raises:
        AuditUnavailableError: if it cannot be recorded.
    """
    sources = {
        source for step in EXPORT_LIFE.steps if step.event == "withdraw" for source in step.sources
    }
    found = ExportRequest.objects.filter(asked_by=user_id, state__in=sources)
    for each in found.defer("content", "rows"):
        viewer = Viewer(user_id, each.organisation, each.role)
        take_step(viewer, each.id, "withdraw", each.version, "", at)
    return len(found)


def give_out(viewer: Viewer, request_id: str, at: dt.datetime) -> ExportRequest:
    """Return a request whose file its asker may have now; that they took it stands in the trail.

    Raises:
        NotFoundError: if it is not theirs.
        UnsafeActionError: if it is not approved, its time is up, agreements no longer allow it,
            or the file is not the one that was decided on.
    """
    found = find_export(viewer, request_id)
    if found.asked_by != viewer.user_id:
        raise NotFoundError("There is no such request.")
    why = why_not_now(found, viewer)
    if found.state != "approved":
        why = f"The request is “{EXPORT_LIFE.states[found.state].lower()}”."
    elif is_over(found.decided_at, at):
        why = "The time to download it is up."
    elif hashlib.sha256(bytes(found.content)).hexdigest() != found.content_hash:
        why = "The file is not the one that was decided on."
    if why:
        raise UnsafeActionError(
            "The file was not given out.", why, "Ask for it again if you need it."
        )
    record(
        "export.downloaded",
        actor=viewer.user_id,
        organisation=viewer.organisation,
        role=viewer.role,
        export=found.id,
        hash=found.content_hash,
    )
    ExportStep.objects.create(request=found, event="download", by=viewer.user_id, at=at)
    return found


def find_export(viewer: Viewer, request_id: str, *, lock: bool = False) -> ExportRequest:
    """Return a request of the viewer's own organisation.

    Raises:
        NotFoundError: if there is none; the same for another organisation's.
    """
    rows = ExportRequest.objects.select_for_update() if lock else ExportRequest.objects
    found = rows.filter(id=request_id, organisation=viewer.organisation).first()
    if found is None:
        raise NotFoundError("There is no such request.")
    return found


def actors_of(found: ExportRequest, viewer: Viewer) -> frozenset[str]:
    """Return what a viewer is to a request."""
    return export_actors(
        viewer, found.asked_by, found.organisation, may_see=not why_not_now(found, viewer)
    )


def why_not_now(found: ExportRequest, viewer: Viewer) -> str:
    """Return why agreements do not let the viewer see these figures now; empty where they do."""
    report = find_report(found.report)
    if report is None:
        return "This report is made no longer."
    try:
        return report.why_not(viewer, found.chosen)
    except NotFoundError as error:
        return error.why or error.what


def _keep(
    asked: ExportRequest, viewer: Viewer, wanted: Wanted, made: MadeReport, at: dt.datetime
) -> ExportRequest:
    asked.report = wanted.report.id
    asked.title = f"{wanted.report.title}: {made.words}"[:200]
    asked.chosen, asked.why, asked.for_whom = dict(wanted.chosen), wanted.why, wanted.for_whom
    asked.asked_by, asked.organisation, asked.role = (
        viewer.user_id,
        viewer.organisation,
        viewer.role,
    )
    asked.asked_at, asked.state = at, EXPORT_LIFE.first
    asked.clauses, asked.snapshot_id = list(made.clauses), made.snapshot_id
    asked.columns, asked.notes = list(made.sheet.columns), list(made.sheet.notes)
    asked.rows = [list(row) for row in made.sheet.rows]
    with transaction.atomic():
        asked.save(force_insert=True)
        ExportStep.objects.create(
            request=asked, event="ask", by=viewer.user_id, at=at, words=wanted.why
        )
    return asked


def _mark(request_id: str, wanted: Wanted, at: dt.datetime) -> tuple[str, ...]:
    return (
        f"Request {request_id}, asked for on {at:%-d %B %Y} by {wanted.asker}",
        f"For: {wanted.for_whom}",
        f"To be used only to: {wanted.why}",
    )


def _new_id() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(12))
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def _least_words() -> int:
    return figures().export_text_characters


def _last_words(found: ExportRequest) -> str:
    last = found.steps.last()
    done = EXPORT_LIFE.states[found.state].lower()
    when = f"{last.at:%-d %B, %H:%M}" if last else ""
    return f"Somebody else changed it on {when} UTC: it is now “{done}”."
