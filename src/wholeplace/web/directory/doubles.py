"""Deciding whether two services are one."""

import datetime as dt

from django.db import transaction

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.foundation.lifecycle import check_version
from wholeplace.web.chain.trail import record
from wholeplace.web.directory.models import DuplicatePair

__all__ = ["ANSWERS", "decide_pair"]

ANSWERS = {
    "same-first": "One service: show the first listing",
    "same-second": "One service: show the second listing",
    "different": "Two services: keep both",
    "waiting": "Undo: decide later",
}


def decide_pair(
    viewer: Viewer, pair_id: int, answer: str, note: str, version: int, at: dt.datetime
) -> DuplicatePair:
    """Keep a decision on two services; recorded first. A later decision takes its place.

    Raises:
        NotFoundError: if there is no such pair.
        ChangedMeanwhileError: if somebody decided since it was seen.
        UnsafeActionError: if it is no answer.
    """
    if answer not in ANSWERS:
        raise UnsafeActionError("Nothing was decided.", "That is no answer.", "Choose one.")
    with transaction.atomic():
        pair = DuplicatePair.objects.select_for_update().filter(pk=pair_id).first()
        if pair is None:
            raise NotFoundError("There is no such pair.")
        check_version(pair.version, version)
        state = "same" if answer.startswith("same") else answer
        record(
            "directory.pair-decided",
            actor=viewer.user_id,
            organisation=viewer.organisation,
            role=viewer.role,
            first=pair.first,
            second=pair.second,
            answer=answer,
        )
        pair.state = state
        pair.shown = {"same-first": pair.first, "same-second": pair.second}.get(answer, "")
        pair.note = " ".join(note.split())
        pair.decided_by = viewer.user_id if state != "waiting" else ""
        pair.decided_at = at if state != "waiting" else None
        pair.version += 1
        pair.save()
    return pair
