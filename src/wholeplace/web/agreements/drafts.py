"""Drafts: begun, saved, and read back. Each save is a version, and stands in the trail first.

The text stands as a file in `agreements/drafts/` of the place folder, where nothing that decides
reads it; the database keeps every version. Whoever saves says which version they began from, so
that nobody overwrites what they have not seen.
"""

import datetime as dt
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from wholeplace.agreements import Agreement, DraftFault, check_draft, check_step, read_agreements
from wholeplace.agreements.drafting.draft import (
    agreement_of,
    check_free,
    parts_that_differ,
    read_draft_text,
    write_draft_text,
)
from wholeplace.agreements.standing.life import LifeFacts, LifeState, Person
from wholeplace.foundation.errors import Fault, NotFoundError, UnsafeActionError
from wholeplace.web.agreements.models import Draft, DraftVersion
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.records import hold_agreement
from wholeplace.web.gateway.wiring import OpenPlace

__all__ = [
    "OpenDraft",
    "StaleDraftError",
    "adopt_file",
    "draft_path",
    "fixed_path",
    "hold_draft",
    "open_draft",
    "restore_version",
    "save_draft",
    "start_draft",
    "taken_ids",
    "write_whole",
]

_ID = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")


class StaleDraftError(UnsafeActionError):
    """Somebody else changed the draft meanwhile.

    Attributes:
        changes: who did what since, newest first.
        version: the draft's version now.
    """

    def __init__(self, changes: tuple[str, ...], version: int) -> None:
        self.changes, self.version = changes, version
        super().__init__(
            "Nothing was saved.",
            "The draft was changed since you opened this page.",
            "Look at what changed, then save again if yours should still stand.",
        )


@dataclass(frozen=True)
class OpenDraft:
    """A draft as it stands now.

    Attributes:
        data: the plain values of its text; empty where the file is no YAML.
        form_faults: what is wrong with the file as YAML.
        faults: every fault of its meaning, each at its place.
        agreement: the agreement that the text makes; None while its shape has faults.
        facts: what the life table asks of it.
    """

    row: Draft
    data: dict[str, Any]
    form_faults: tuple[Fault, ...]
    faults: tuple[DraftFault, ...]
    agreement: Agreement | None
    facts: LifeFacts

    @property
    def state(self) -> LifeState:
        """Where it is in its life; a draft's own three states alone."""
        stage: LifeState = {"review": "review", "withdrawn": "withdrawn"}.get(  # type: ignore[assignment]
            self.row.stage, "draft"
        )
        return stage


def draft_path(place: OpenPlace, agreement_id: str) -> Path:
    """Return where a draft's file stands."""
    return place.folder / "agreements" / "drafts" / f"{_checked(agreement_id)}.yaml"


def fixed_path(place: OpenPlace, agreement_id: str) -> Path:
    """Return where the file stands once the text is fixed for signing."""
    return place.folder / "agreements" / f"{_checked(agreement_id)}.yaml"


def taken_ids(place: OpenPlace) -> set[str]:
    """Return every id that an agreement or a draft has, withdrawn ones too."""
    fixed = {each.id for each in read_agreements(place.place)}
    files = {path.stem for path in (place.folder / "agreements").glob("*.yaml")}
    return fixed | files | set(Draft.objects.values_list("agreement_id", flat=True))


def start_draft(place: OpenPlace, person: Person, data: Mapping[str, Any], what: str) -> Draft:
    """Begin a draft of the person's organisation.

    Raises:
        UnsafeActionError: if they may not draft, or the id is taken or is none.
    """
    check_step("draft", "edit", person, LifeFacts(owner=person.organisation))
    agreement_id = str(data.get("id", ""))
    path = draft_path(place, agreement_id)
    with transaction.atomic():
        hold_agreement(agreement_id)
        check_free(agreement_id, taken_ids(place))
        now = dt.datetime.now(dt.UTC)
        _record("draft-started", person, agreement_id)
        row = Draft.objects.create(
            agreement_id=agreement_id,
            title=_title(data),
            owner=person.organisation,
            started_by=person.user_id,
            started_at=now,
            changed_at=now,
        )
        text = write_draft_text(data)
        _keep_version(row, text, person.user_id, what, now)
        write_whole(path, text)
    return row


def open_draft(place: OpenPlace, agreement_id: str, row: Draft | None = None) -> OpenDraft:
    """Return a draft as it stands now.

    Raises:
        NotFoundError: if there is none, or it was fixed for signing.
    """
    row = row or Draft.objects.filter(agreement_id=agreement_id).first()
    if row is None or fixed_path(place, agreement_id).exists():
        raise NotFoundError("There is no such draft.")
    data, form_faults = read_draft_text(
        _text_of(place, row), f"agreements/drafts/{agreement_id}.yaml"
    )
    faults = tuple(check_draft(data, place.terms)) if data is not None else ()
    parties = _parties(data or {})
    facts = LifeFacts(
        owner=row.owner,
        parties=parties,
        writers=frozenset(row.versions.values_list("saved_by", flat=True)),
        faults=len(faults) + len(form_faults),
        open_comments=row.comments.filter(reply_to=None, resolved_at=None).count(),
        ready=frozenset(
            row.readiness.filter(version=row.version).values_list("partner", flat=True)
        ),
    )
    agreement = agreement_of(data) if data is not None else None
    return OpenDraft(row, data or {}, tuple(form_faults), faults, agreement, facts)


def hold_draft(place: OpenPlace, agreement_id: str, version: int) -> OpenDraft:
    """Lock a draft until the transaction ends, if it still is as the person saw it.

    Raises:
        NotFoundError: if there is none.
        StaleDraftError: if it is not; told is what changed since.
    """
    hold_agreement(agreement_id)
    row = Draft.objects.select_for_update().filter(agreement_id=agreement_id).first()
    if row is None:
        raise NotFoundError("There is no such draft.")
    found = open_draft(place, agreement_id, row)
    newest = row.versions.first()
    on_disk = _text_of(place, row)
    if newest is not None and newest.text != on_disk:
        raise StaleDraftError(("The file was changed in the place folder.",), row.version)
    if row.version != version:
        raise StaleDraftError(_told(row, version), row.version)
    return found


def adopt_file(place: OpenPlace, agreement_id: str) -> bool:
    """Keep as a version what somebody wrote into a draft's file by hand. Return whether any was."""
    with transaction.atomic():
        hold_agreement(agreement_id)
        row = Draft.objects.select_for_update().filter(agreement_id=agreement_id).first()
        path = draft_path(place, agreement_id)
        if row is None or row.stage == "withdrawn" or not path.is_file():
            return False
        text, newest = _text_of(place, row), row.versions.first()
        if newest is not None and newest.text == text:
            return False
        record("agreement.draft-saved", actor="place-folder", agreement=agreement_id)
        now = dt.datetime.now(dt.UTC)
        row.version += 1
        # A text that the parties did not see is no text under review.
        row.stage, row.changed_at = "draft", now
        data, _ = read_draft_text(text, "")
        row.title = _title(data) if data else row.title
        row.save(update_fields=["version", "changed_at", "stage", "title"])
        _keep_version(row, text, "place-folder", "Changed in the place folder", now)
        return True


def save_draft(
    place: OpenPlace,
    person: Person,
    agreement_id: str,
    version: int,
    data: Mapping[str, Any],
    what: str,
) -> Draft:
    """Save a draft's whole text as its next version.

    Args:
        place: whose draft it is.
        person: who saves.
        agreement_id: its id, which stays.
        version: that the person began from.
        data: the plain values of the text.
        what: what was done, in a few words.

    Raises:
        StaleDraftError: if somebody else saved meanwhile; nothing was saved.
        UnsafeActionError: if they may not, or it is not at `draft`.
    """
    with transaction.atomic():
        found = hold_draft(place, agreement_id, version)
        check_step(found.state, "edit", person, found.facts)
        row = found.row
        text = write_draft_text({**data, "id": agreement_id})
        newest = row.versions.first()
        if newest is not None and text == newest.text:
            return row
        _record("draft-saved", person, agreement_id, version=row.version + 1)
        now = dt.datetime.now(dt.UTC)
        row.version, row.title, row.changed_at = row.version + 1, _title(data), now
        row.save(update_fields=["version", "title", "changed_at"])
        _keep_version(row, text, person.user_id, what, now)
        write_whole(draft_path(place, agreement_id), text)
    return row


def restore_version(
    place: OpenPlace, person: Person, agreement_id: str, version: int, number: int
) -> Draft:
    """Bring an earlier version's text back, as a new version.

    Raises:
        NotFoundError: if there is no such version.
        StaleDraftError: as `save_draft`.
    """
    kept = DraftVersion.objects.filter(draft__agreement_id=agreement_id, number=number).first()
    data = read_draft_text(kept.text, "")[0] if kept else None
    if data is None:
        raise NotFoundError("There is no such version.")
    what = f"Brought back version {number}"
    return save_draft(place, person, agreement_id, version, data, what)


def write_whole(path: Path, text: str) -> None:
    """Write a file so that nobody ever reads half of it.

    Raises:
        UnsafeActionError: if the place folder cannot be written.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(text, "utf-8")
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise UnsafeActionError(
            "Nothing was saved.",
            f"The place folder cannot be written ({error.strerror}).",
            "Ask whoever runs this system to let it write to agreements/drafts/.",
        ) from error


def _text_of(place: OpenPlace, row: Draft) -> str:
    """Return a draft's text: its file, or the newest version where there is no file."""
    try:
        return draft_path(place, row.agreement_id).read_text("utf-8", errors="replace")
    except FileNotFoundError:
        newest = row.versions.first()
        return newest.text if newest else ""


def _keep_version(row: Draft, text: str, saved_by: str, what: str, now: dt.datetime) -> None:
    DraftVersion.objects.create(
        draft=row,
        number=row.version,
        text=text,
        what=what[:200],
        saved_by=saved_by,
        saved_at=now,
    )


def _told(row: Draft, version: int) -> tuple[str, ...]:
    """Return what changed in the text since a version, part by part, with who saved last."""
    began = row.versions.filter(number=version).first()
    since = list(row.versions.filter(number__gt=version))
    if began is None or not since:
        return ("Where it stands has changed.",)
    was, now = (read_draft_text(each.text, "")[0] or {} for each in (began, since[0]))
    return tuple(parts_that_differ(was, now)) or ("It was changed, and changed back.",)


def _parties(data: Mapping[str, Any]) -> frozenset[str]:
    listed = data.get("parties")
    items = listed if isinstance(listed, list) else []
    return frozenset(
        str(each["partner"]) for each in items if isinstance(each, dict) and each.get("partner")
    )


def _title(data: Mapping[str, Any]) -> str:
    return str(data.get("title") or data.get("id") or "")[:300]


def _checked(agreement_id: str) -> str:
    # It becomes a file's name.
    if not _ID.match(agreement_id) or len(agreement_id) > 60:
        raise UnsafeActionError(
            "The draft was not made.",
            "Its short name cannot be used.",
            "Use small letters, digits and hyphens, beginning with a letter; at most 60.",
        )
    return agreement_id


def _record(kind: str, person: Person, agreement_id: str, **facts: Any) -> None:
    record(
        f"agreement.{kind}",
        actor=person.user_id,
        organisation=person.organisation,
        role=person.role,
        agreement=agreement_id,
        **facts,
    )
