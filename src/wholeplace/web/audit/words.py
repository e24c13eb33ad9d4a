"""Entries of the trail in plain words."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wholeplace.web.accounts.models import User
from wholeplace.web.audit.seals import has_open_alert, open_subjects
from wholeplace.web.chain.models import Entry

if TYPE_CHECKING:
    from wholeplace.partnership import PlaceFolder

__all__ = ["Line", "tell_entries"]

_KINDS = {
    "sight": "Looked at",
    "search": "Searched for a person",
    "places.counted": "Saw how many residents have a need",
    "reason.opened": "Gave a reason to look",
    "flag.stated": "Stated something about somebody’s consent or limits",
    "flags.viewed": "Looked at somebody’s consent and limits",
    "flags.due-viewed": "Looked at consent and limits to review",
    "flags.alerts-viewed": "Looked at who asked for sealed people",
    "reason.closed": "Ended a reason",
    "reason.review-moved": "Reviewed a reason",
    "relationship.opened": "Began to work with somebody",
    "relationship.ended": "Ended work with somebody",
    "break-glass.opened": "Broke the glass",
    "break-glass.asked": "Asked a second person to break the glass",
    "break-glass.confirmed": "Confirmed a broken glass",
    "break-glass.refused": "Refused to confirm a broken glass",
    "break-glass.limited": "Was stopped from asking again to break the glass",
    "information-request.sent": "Asked a partner for information",
    "information-request.opened": "Took on a request for information",
    "information-request.decided": "Decided a request for information",
    "information-request.withdrawn": "Withdrew a request for information",
    "information-request.expired": "Let a request for information expire",
    "information-request.link-made": "Made a link to answer a request",
    "information-request.link-opened": "Opened a link to answer a request",
    "information-request.link-called-back": "Called a link back",
    "information-request.code-given": "Gave a code for a link",
    "referral.drafted": "Began to write a referral",
    "referral.edited": "Changed a referral that was not sent yet",
    "referral.sent": "Sent a referral",
    "referral.acknowledge": "Took a referral on to decide",
    "referral.ask": "Asked the sender of a referral",
    "referral.answer": "Answered about a referral",
    "referral.accept": "Accepted a referral",
    "referral.start": "Started work after a referral",
    "referral.complete": "Completed a referral",
    "referral.end-early": "Ended a referral early",
    "referral.decline": "Declined a referral",
    "referral.redirect": "Passed a referral on",
    "referral.withdraw": "Withdrew a referral",
    "referral.withdraw-consent": "Ended a referral because the person no longer agrees",
    "referral.identified": "Said who a referral is about",
    "referral.escalated": "A referral was late and was passed up",
    "referral.link-made": "Made a link to refer by",
    "referral.link-opened": "Opened a link to refer by",
    "referral.link-called-back": "Called a link to refer by back",
    "referral.code-given": "Gave a code for a link to refer by",
    "account.reminders-chosen": "Chose how to be reminded by e-mail",
    "case.opened": "Opened a case",
    "case.looked-into": "Looked into a case to decide on it",
    "case.member-added": "Took somebody into a team",
    "case.member-left": "Somebody left a team",
    "case.lead-named": "Named who leads a case",
    "case.people-added": "Made a case be about more people",
    "case.person-removed": "Took somebody out of a case",
    "case.plan-readers": "Said who of a family reads its plan",
    "case.note-written": "Wrote a note in a case",
    "case.assessed": "Assessed a family",
    "case.goal-added": "Added a goal to a plan",
    "case.goal-ended": "Said what came of a goal",
    "case.goal-looked-at": "Looked whether an outcome lasts",
    "case.begin-closing": "Asked for a case to be closed",
    "case.close": "Approved that a case is closed",
    "case.reopen": "Reopened a case",
    "case.merge": "Merged two cases",
    "case.unmerge": "Undid a merge of cases",
    "case.split": "Split a case",
    "action.proposed": "Proposed an action",
    "action.agree": "Agreed to an action",
    "action.finish": "Finished an action",
    "action.give-up": "Said that an action was not done",
    "plan.family-said": "Said something about the family’s own plan",
    "plan.family-answered": "Answered a family",
    "meeting.series-started": "Started a series of meetings",
    "meeting.series-asked": "Asked somebody to a series of meetings",
    "meeting.series-dropped": "Stopped asking somebody to a series of meetings",
    "meeting.planned": "Planned a meeting",
    "meeting.asked": "Asked somebody to a meeting",
    "meeting.answered": "Said whether they come to a meeting",
    "meeting.items-on": "Put families on an agenda",
    "meeting.item-off": "Took a family off an agenda",
    "meeting.item-moved": "Moved an item of an agenda",
    "meeting.item-timed": "Gave an item of an agenda its minutes",
    "meeting.issue-packs": "Issued the packs of a meeting",
    "meeting.plan-again": "Took the packs of a meeting back",
    "meeting.hold": "Began a meeting",
    "meeting.cancel": "Cancelled a meeting",
    "meeting.knocked": "Asked to be let into a meeting",
    "meeting.narrowed": "Had a meeting’s screen drawn for one more",
    "meeting.joined": "Let somebody into a meeting",
    "meeting.turned-away": "Let somebody wait outside a meeting",
    "meeting.left": "Left a meeting, or noted that somebody did",
    "meeting.minutes-written": "Wrote minutes about a family",
    "meeting.decided": "Wrote down a decision of a meeting",
    "meeting.disagreed": "Disagreed with a decision of a meeting",
    "meeting.settled": "Said how a disagreement was settled",
    "meeting.minutes-agreed-to": "Agreed to minutes",
    "meeting.correct-minutes": "Took minutes back to correct them",
    "pulse.opened": "Opened a round of the pulse",
    "pulse.counted": "Answered the pulse, namelessly",
    "pulse.closed": "Closed a round of the pulse",
    "pulse.action-agreed": "Agreed what to do after a round of the pulse",
    "pulse.action-done": "Finished what was agreed after a round of the pulse",
    "my-plan.opened": "Opened their own plan",
    "digest.sent": "Was reminded by e-mail of what waits",
    "account.signed-in": "Signed in",
    "account.signed-out": "Signed out",
    "account.invited": "Invited somebody",
    "account.accepted": "Took up an invitation",
    "account.roles-changed": "Changed somebody’s roles",
    "account.left": "Ended somebody’s access",
    "account.role-switched": "Switched to another role",
    "account.password-changed": "Changed their password",
    "agreement.signed": "Signed an agreement",
    "agreement.suspended": "Suspended an agreement",
    "agreement.resumed": "Lifted a suspension",
    "my-record.answered": "Answered what a resident asked",
    "my-record.asked": "Asked a question about their own record",
    "my-record.code-given": "Checked a resident’s identity and gave them a code",
    "my-record.code-refused": "A resident’s code was typed with a wrong date of birth",
    "my-record.downloaded": "Kept their own account as a file",
    "my-record.exported": "Exported a resident’s account",
    "my-record.letter": "Wrote a resident’s account as a letter",
    "my-record.letter-refused": "Asked for a letter that could not be written",
    "my-record.not-open": "Opened an account that is bound to no record",
    "my-record.opened": "Looked at who looked at their own record",
    "my-record.request-read": "Read what a resident asked",
    "my-record.request-take": "Took up what a resident asked",
    "my-record.request-withdraw": "Took back what they had asked",
    "my-record.shared": "Looked at what is shared about them",
    "my-record.signed-in": "A resident signed in with a code",
    "withholding.proposed": "Left something out of a resident’s account",
    "withholding.agree": "Agreed that something is left out of a resident’s account",
    "withholding.refuse": "Refused that something is left out of a resident’s account",
    "withholding.review": "Looked again at what is left out of a resident’s account",
    "withholding.end": "Ended that something is left out of a resident’s account",
    "withholding.read": "Read why something is left out of a resident’s account",
    "audit.use-viewed": "Looked at how clauses are used",
    "audit.viewed": "Looked at this record of who looked",
    "audit.countersigned": "Countersigned a head of this record",
    "audit.head-given": "Took a head of this record to keep",
    "audit.verified": "Verified this record",
    "deletion.receipt": "Left a receipt of a deletion",
    "erasure.asked": "Asked that somebody be erased",
    "erasure.answered": "Answered an erasure request for a partner",
    "erasure.approved": "Approved an erasure request",
    "erasure.refused": "Refused an erasure request",
    "erasure.withdrawn": "Withdrew an erasure request",
    "erasure.erasing": "Began to erase somebody",
    "erasure.done": "Finished an erasure",
    "erasure.receipt": "Left the receipt of an erasure",
    "erasure.viewed": "Looked at erasure requests",
    "erasure.readmitted": "Let somebody who was erased back in",
    "linkage.answered": "Answered whether two records are one person",
    "linkage.undone": "Took an answer about two records back",
    "linkage.sample-drawn": "Drew a sample of links to check",
    "linkage.queue-viewed": "Looked at the list of doubtful matches",
    "linkage.quality-viewed": "Looked at how good links are",
}
_REASONS = {
    "duty": "a duty reason",
    "case": "their own caseload",
    "referral": "a referral",
    "meeting": "a meeting",
    "information-request": "a request for information",
    "break-glass": "broken glass",
    "doubtful-match": "a doubtful match",
}
_LEVELS = {"existence": "that they are known", "summary": "a summary", "detail": "in detail"}


@dataclass(frozen=True)
class Line:
    """One entry, told.

    Attributes:
        what: what happened, for example "Looked at the person page".
        saw: for each partner and level, which fields were shown; that somebody is known is told
            without the fields by which, save of the reader's own organisation.
        refused: which fields of the reader's own organisation were not shown. Of others it would
            tell what they hold.
    """

    position: int
    at: dt.datetime | None
    who: str
    organisation: str
    role: str
    what: str
    purpose: str
    reason: str
    people: int
    saw: tuple[str, ...]
    refused: tuple[str, ...]
    has_alert: bool


def tell_entries(
    entries: Sequence[Entry], place: "PlaceFolder", viewer: str, about: str | None = None
) -> list[Line]:
    """Return the entries in words.

    Args:
        entries: as found.
        place: whose words are used.
        viewer: organisation whose officer reads; what others sealed is left out.
        about: a pseudonym; what is told of sights is then limited to this person.
    """
    actors = {str(each.event.get("actor", "")) for each in entries}
    ids = [int(each) for each in actors if each.isdigit()]
    names = {str(user.pk): user.name for user in User.objects.filter(pk__in=ids)}
    return [_tell(each, place, names, viewer, about) for each in entries]


def _tell(
    entry: Entry,
    place: "PlaceFolder",
    names: Mapping[str, str],
    viewer: str,
    about: str | None,
) -> Line:
    event: dict[str, Any] = entry.event
    vocabulary = place.vocabulary
    subjects = open_subjects(event, viewer)
    shown = [each for each in subjects if about is None or each.get("subject") == about]
    actor = str(event.get("actor", ""))
    role, purpose = str(event.get("role") or ""), str(event.get("purpose") or "")
    what = _KINDS.get(
        str(event.get("kind")), str(event.get("kind")).replace(".", ": ").replace("-", " ")
    )
    if event.get("page"):
        what = f"{what} the page “{event['page']}”"
    # A page about several people may rest on a reason for each; else on one for the whole page.
    reasons = [each["reason"] for each in shown if each.get("reason")] or [
        event.get("reason") or {}
    ]
    return Line(
        entry.position,
        _instant(event.get("at")),
        names.get(actor, {"system": "The system"}.get(actor, actor)),
        _partner(place, str(event.get("organisation") or "")),
        vocabulary.roles[role].label if role in vocabulary.roles else role,
        what,
        vocabulary.purposes[purpose].label if purpose in vocabulary.purposes else purpose,
        ", ".join(sorted({_REASONS.get(kind, kind) for kind in map(_kind, reasons)})),
        len(subjects),
        tuple(
            sorted({line for each in shown for line in _saw(each.get("seen") or {}, place, viewer)})
        ),
        tuple(
            sorted(
                {
                    line
                    for each in shown
                    for line in _refused(each.get("refused") or {}, place, viewer)
                }
            )
        ),
        has_open_alert(event, viewer),
    )


def _kind(reason: Mapping[str, Any]) -> str:
    return str(reason.get("kind", ""))


def _saw(seen: Mapping[str, Any], place: "PlaceFolder", viewer: str) -> Iterable[str]:
    for partner, fields in seen.items():
        by_level: dict[str, list[str]] = {}
        for field, levels in fields.items():
            for level in levels:
                by_level.setdefault(level, []).append(_field(place, field))
        for level, labels in by_level.items():
            told = f"{_partner(place, partner)}, {_LEVELS.get(level, level)}"
            # Whoever looked learnt no more than that; a field would tell the reader what is held.
            is_whole = level != "existence" or partner == viewer
            yield f"{told}: {', '.join(sorted(labels))}" if is_whole else told


def _refused(refused: Mapping[str, Any], place: "PlaceFolder", viewer: str) -> Iterable[str]:
    if fields := refused.get(viewer):
        words = ", ".join(sorted(_field(place, field) for field in fields))
        yield f"{_partner(place, viewer)}: {words}"


def _partner(place: "PlaceFolder", partner: str) -> str:
    found = place.partners.get(partner)
    return found.name if found else partner


def _field(place: "PlaceFolder", field: str) -> str:
    vocabulary = place.vocabulary
    if field in vocabulary.record:
        return vocabulary.record[field].label
    return vocabulary.events[field].label if field in vocabulary.events else field


def _instant(text: object) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(str(text))
    except ValueError:
        return None
