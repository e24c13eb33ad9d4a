"""Review: comments, readiness, and a draft's way to the text that is signed and back."""

import datetime as dt
from typing import Any

from django.db import transaction

from wholeplace.agreements import (
    agreement_hash,
    check_step,
    dpia_faults,
    life_state,
    read_dpias,
)
from wholeplace.agreements.standing.life import LifeFacts, Person
from wholeplace.foundation.errors import CheckFailedError, NotFoundError, UnsafeActionError
from wholeplace.web.accounts.place import read_place
from wholeplace.web.agreements.drafts import (
    OpenDraft,
    draft_path,
    fixed_path,
    hold_draft,
    open_draft,
)
from wholeplace.web.agreements.models import Comment, Draft, Readiness
from wholeplace.web.agreements.standing import fixed_facts
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.records import hold_agreement
from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["fix_draft", "move_draft", "reopen", "resolve_comment", "say_ready", "write_comment"]

_STAGES = {"send": "review", "changes": "draft", "withdraw": "withdrawn", "restore": "draft"}
_KINDS = {
    "send": "sent-to-review",
    "changes": "changes-asked",
    "withdraw": "draft-withdrawn",
    "restore": "draft-restored",
}


def write_comment(
    place: OpenPlace,
    person: Person,
    agreement_id: str,
    text: str,
    clause: str = "",
    reply_to: int | None = None,
) -> Comment:
    """Keep a comment on a draft or one of its clauses; the trail holds that it was made.

    Raises:
        UnsafeActionError: if they may not, or nothing was written.
        NotFoundError: if the clause or the comment replied to is not of this draft.
    """
    words = text.strip()
    if not words:
        raise UnsafeActionError("Nothing was kept.", "The comment is empty.", "Write it.")
    with transaction.atomic():
        hold_agreement(agreement_id)
        found = open_draft(place, agreement_id)
        check_step(found.state, "comment", person, found.facts)
        answered = None
        if reply_to is not None:
            answered = found.row.comments.filter(pk=reply_to, reply_to=None).first()
            if answered is None:
                raise NotFoundError("There is no such comment.")
            clause = answered.clause
        elif clause and clause not in _clause_ids(found):
            raise NotFoundError("There is no such clause.")
        _record("commented", person, agreement_id, clause=clause)
        return Comment.objects.create(
            draft=found.row,
            clause=clause,
            version=found.row.version,
            text=words,
            written_by=person.user_id,
            organisation=person.organisation,
            written_at=dt.datetime.now(dt.UTC),
            reply_to=answered,
        )


def resolve_comment(place: OpenPlace, person: Person, agreement_id: str, comment_id: int) -> None:
    """Close a comment: whoever drafts, or the organisation that made it.

    Raises:
        NotFoundError: if there is no such open comment.
        UnsafeActionError: if they may not.
    """
    with transaction.atomic():
        hold_agreement(agreement_id)
        found = open_draft(place, agreement_id)
        check_step(found.state, "comment", person, found.facts)
        comment = found.row.comments.filter(pk=comment_id, reply_to=None, resolved_at=None).first()
        if comment is None:
            raise NotFoundError("There is no such open comment.")
        if person.organisation not in (comment.organisation, found.row.owner):
            raise UnsafeActionError(
                "The comment stays open.",
                "It is closed by whoever made it, or by the organisation that drafts.",
                "Reply to it instead.",
            )
        _record("comment-closed", person, agreement_id, clause=comment.clause)
        comment.resolved_by, comment.resolved_at = person.user_id, dt.datetime.now(dt.UTC)
        comment.save(update_fields=["resolved_by", "resolved_at"])


def say_ready(place: OpenPlace, person: Person, agreement_id: str, version: int) -> None:
    """Say for one's organisation that it is ready to sign this very version.

    Raises:
        StaleDraftError: if the text is another by now.
        UnsafeActionError: if they may not.
    """
    with transaction.atomic():
        found = hold_draft(place, agreement_id, version)
        check_step(found.state, "ready", person, found.facts)
        _record("ready-to-sign", person, agreement_id, version=version)
        Readiness.objects.create(
            draft=found.row,
            partner=person.organisation,
            version=version,
            said_by=person.user_id,
            said_at=dt.datetime.now(dt.UTC),
        )


def move_draft(place: OpenPlace, person: Person, agreement_id: str, act: str, version: int) -> None:
    """Send a draft to review, take it back, withdraw it, or take it up again.

    Raises:
        StaleDraftError: if the text is another by now.
        UnsafeActionError: if they may not, or something is still missing.
    """
    with transaction.atomic():
        found = hold_draft(place, agreement_id, version)
        check_step(found.state, act, person, found.facts)
        row, now = found.row, dt.datetime.now(dt.UTC)
        _record(_KINDS[act], person, agreement_id, version=version)
        row.stage, row.changed_at = _STAGES[act], now
        if act == "send":
            row.sent_at = row.sent_at or now
        if act in ("changes", "withdraw"):
            row.readiness.all().delete()
        row.save(update_fields=["stage", "changed_at", "sent_at"])


def fix_draft(place: OpenPlace, person: Person, agreement_id: str, version: int) -> str:
    """Fix a draft's text: its file moves to `agreements/`, where it can be signed. Return its hash.

    Raises:
        StaleDraftError: if the text is another by now.
        UnsafeActionError: if something is still missing, or the place folder has faults.
    """
    with transaction.atomic():
        found = hold_draft(place, agreement_id, version)
        check_step(found.state, "freeze", person, found.facts)
        agreement = found.agreement
        assert agreement is not None  # noqa: S101 - a text without faults makes one
        _check_place(place)
        known = {each.id for each in place.agreements}
        if agreement.supersedes and agreement.supersedes not in known:
            raise UnsafeActionError(
                "The text was not fixed.",
                f"There is no agreement “{agreement.supersedes}” for it to replace.",
                "Say which agreement it replaces, or that it replaces none.",
            )
        if lacking := dpia_faults(agreement, read_dpias(place.place), place.today):
            raise UnsafeActionError(
                "The text was not fixed.",
                " ".join(lacking),
                "Have the impact assessment signed off first; nobody signs without it.",
            )
        text_hash = agreement_hash(agreement)
        now = dt.datetime.now(dt.UTC)
        _record("text-fixed", person, agreement_id, hash=text_hash)
        # Signatures from an earlier time at which this text could be signed count no more.
        place.sign_offs.void(agreement_id, now)
        found.row.changed_at = now
        found.row.save(update_fields=["changed_at"])
        _move(place, agreement_id, is_fixed=True)
        try:
            read_place(place.folder)
        except CheckFailedError as fault:
            _move(place, agreement_id, is_fixed=False)
            raise UnsafeActionError(
                "The text was not fixed.",
                f"With it, the place folder would have a fault: {fault.faults[0].what}.",
                "Mend the draft, or ask whoever looks after the place folder.",
            ) from fault
    return text_hash


def reopen(place: OpenPlace, person: Person, agreement_id: str, act: str, reason: str = "") -> int:
    """Take a fixed text back to a draft; its signatures are void. Return how many there were.

    Args:
        place: whose agreement it is.
        person: who acts.
        agreement_id: which.
        act: `reopen` (whoever drafts) or `decline` (a party that will not sign).
        reason: why a party declines; kept as a comment.

    Raises:
        NotFoundError: if there is no such agreement.
        UnsafeActionError: if they may not, or it is not being signed.
    """
    with transaction.atomic():
        hold_agreement(agreement_id)
        row = Draft.objects.select_for_update().filter(agreement_id=agreement_id).first()
        rules = place.rules(place.today)
        standing = rules.standings.get(agreement_id)
        if row is None or standing is None:
            raise NotFoundError("There is no such agreement.")
        facts: LifeFacts = fixed_facts(rules.agreements[agreement_id], standing, row.owner)
        check_step(life_state(standing), act, person, facts)
        if act == "decline" and not reason.strip():
            raise UnsafeActionError(
                "Nothing was done.", "No reason was given.", "Say what should change."
            )
        now = dt.datetime.now(dt.UTC)
        _record("signing-declined" if act == "decline" else "reopened", person, agreement_id)
        count = place.sign_offs.void(agreement_id, now)
        row.stage, row.changed_at = "draft", now
        row.save(update_fields=["stage", "changed_at"])
        row.readiness.all().delete()
        if reason.strip():
            Comment.objects.create(
                draft=row,
                version=row.version,
                text=reason.strip(),
                written_by=person.user_id,
                organisation=person.organisation,
                written_at=now,
            )
        _move(place, agreement_id, is_fixed=False)
    return count


def _move(place: OpenPlace, agreement_id: str, *, is_fixed: bool) -> None:
    """Move a text between drafts and agreements by one rename."""
    draft, fixed = draft_path(place, agreement_id), fixed_path(place, agreement_id)
    was, now = (draft, fixed) if is_fixed else (fixed, draft)
    try:
        now.parent.mkdir(parents=True, exist_ok=True)
        was.rename(now)
    except OSError as error:
        raise UnsafeActionError(
            "Nothing was done.",
            f"The place folder cannot be written ({error.strerror}).",
            "Ask whoever runs this system to let it write to agreements/.",
        ) from error


def _check_place(place: OpenPlace) -> None:
    try:
        read_place(place.folder)
    except CheckFailedError as error:
        raise UnsafeActionError(
            "The text was not fixed.",
            "The place folder has faults, so nothing can be signed or shown.",
            "Ask whoever looks after it to run `wholeplace check` and mend it.",
        ) from error


def _clause_ids(found: OpenDraft) -> set[str]:
    listed = found.data.get("clauses")
    items = listed if isinstance(listed, list) else []
    return {str(each.get("id")) for each in items if isinstance(each, dict)}


def _record(kind: str, person: Person, agreement_id: str, **facts: Any) -> None:
    record(
        f"agreement.{kind}",
        actor=person.user_id,
        organisation=person.organisation,
        role=person.role,
        agreement=agreement_id,
        **facts,
    )
