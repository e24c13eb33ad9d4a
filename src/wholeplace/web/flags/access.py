"""Who may see which flags of whom, and who may state them.

Those who may see that a person is known, with a live reason, see restriction, objection and
consent. The data protection officer of an organisation that holds a record of the person sees
them too, by the organisation's own reference and without anything else about the person. A seal
is seen by its guardians and by the officer of the partner that set it; to everybody else a
sealed person is nobody at all.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from wholeplace.agreements import (
    Level,
    Reason,
    Request,
    Rules,
    SealedItem,
    SeenItem,
    Subject,
    Viewer,
    decide,
    place_day,
)
from wholeplace.agreements.figures import figures
from wholeplace.foundation.errors import NotFoundError
from wholeplace.people.read import read_holdings, read_identity, read_subjects
from wholeplace.people.stated import anchors_of
from wholeplace.web.chain.trail import record, subject_pseudonym
from wholeplace.web.gateway.reasons import live_reason_for
from wholeplace.web.gateway.reveal import reveal_page, viewer_of
from wholeplace.web.gateway.wiring import current_place

__all__ = ["FLAG_ROLES", "OFFICER", "PEOPLE", "Opened", "open_person"]

OFFICER = "data-protection-officer"
PEOPLE = frozenset({"practitioner", "lead-practitioner", "coordinator"})
FLAG_ROLES = PEOPLE | {OFFICER}
_NAMES = ("identity.name", "identity.birth-date")
# What stands in the trail where somebody tried an id of nobody's.
_NOBODY = "nobody"
_LONGEST_ID = 80


@dataclass(frozen=True)
class Opened:
    """One person whose flags the viewer may see.

    Attributes:
        title: their name, where the viewer may see it.
        known_to: partners that the viewer may know to know the person.
        purpose: for which a practitioner looks; empty for an officer.
    """

    viewer: Viewer
    rules: Rules
    at: dt.datetime
    subject: Subject
    title: str
    known_to: frozenset[str]
    purpose: str

    @property
    def person_id(self) -> str:
        """The person's id."""
        return self.subject.person_id

    @property
    def is_officer(self) -> bool:
        """Whether the viewer looks as data protection officer."""
        return self.viewer.role == OFFICER

    @property
    def is_guardian(self) -> bool:
        """Whether a seal leaves the person visible to the viewer."""
        return self.viewer.user_id in self.subject.guardians

    @property
    def can_record(self) -> bool:
        """Whether the viewer may record what the resident says: they work with people."""
        return self.viewer.role in PEOPLE

    @property
    def can_guard(self) -> bool:
        """Whether the viewer may restrict or seal for their organisation."""
        return self.is_officer or self.is_guardian

    @property
    def sees_seals(self) -> bool:
        """Whether a seal may be spoken of at all."""
        is_ours = self.viewer.organisation in self.subject.sealing_partners
        return self.is_guardian or (self.is_officer and is_ours)


def open_person(request: HttpRequest, typed_id: str, page: str) -> "Opened | HttpResponseRedirect":
    """Return the person whose flags the viewer may see; the sight is on record first.

    A practitioner without a live reason is sent to give one, whoever is asked for.

    Raises:
        Http404: if there is nobody whom the viewer may know of.
    """
    viewer = viewer_of(request)
    assert viewer is not None  # noqa: S101 - the route admits nobody else
    at, place = dt.datetime.now(dt.UTC), current_place()
    rules = place.rules(place_day(at, place.place.place.time_zone))
    person_id = typed_id if typed_id.isprintable() and len(typed_id) <= _LONGEST_ID else _NOBODY
    if viewer.role == OFFICER:
        return _open_as_officer(viewer, rules, at, person_id, page)
    purpose = _purpose(request, rules, viewer, live_reason_for(viewer, person_id, at))
    reason = live_reason_for(viewer, person_id, at, purpose)
    if reason is None:
        query = urlencode({"for": purpose})
        return redirect(f"{reverse('people:reason', args=[person_id])}?{query}")
    return _open_as_worker(request, rules, at, person_id, purpose, reason, page)


def _open_as_worker(
    request: HttpRequest,
    rules: Rules,
    at: dt.datetime,
    person_id: str,
    purpose: str,
    reason: Reason,
    page: str,
) -> Opened:
    viewer, reader = viewer_of(request), current_place().snapshot_reader
    assert viewer is not None  # noqa: S101 - as above
    held = read_holdings(reader, person_id)
    named = [each for each in read_identity(reader, [person_id])[person_id] if each.field in _NAMES]
    subject = read_subjects(reader, [person_id])[person_id]
    if not held:
        subject, reason = Subject(_NOBODY, ""), replace(reason, person_ids=frozenset({_NOBODY}))
    revealed = reveal_page(
        request, page=page, purpose=purpose, subjects=[subject], items=named, reason=reason, at=at
    )
    asked = Request(viewer, purpose, reason, at, subject)
    known_to = frozenset(
        each.partner
        for each in held
        if decide(rules, asked, each.partner, each.field).level > Level.NOTHING
    )
    if not known_to:
        raise Http404
    seen = revealed.person(person_id)
    title = _name_of(seen.items if seen else (), named) or "a person whose name you may not see"
    return Opened(viewer, rules, at, subject, title, known_to, purpose)


def _name_of(seen: Sequence[SeenItem], held: Sequence[SealedItem]) -> str:
    """Return the name that stands on the person's page too: most partners', then the newest."""
    order = {item.key: place for place, item in enumerate(held)}
    names = [item for item in seen if item.field == "identity.name"]
    holders = {
        text: len({i.partner for i in names if i.text == text}) for text in {i.text for i in names}
    }
    best = min(names, key=lambda i: (-i.level, -holders[i.text], order[i.key]), default=None)
    return best.text if best else ""


def _open_as_officer(
    viewer: Viewer, rules: Rules, at: dt.datetime, person_id: str, page: str
) -> Opened:
    reader = current_place().snapshot_reader
    try:
        held = anchors_of(reader, person_id)
        subject = read_subjects(reader, [person_id])[person_id]
    except NotFoundError:
        held, subject = {}, Subject(person_id, "")
    named = subject_pseudonym(person_id if held else _NOBODY)
    record(
        "flags.viewed", actor=viewer.user_id, organisation=viewer.organisation, role=viewer.role,
        page=page, subjects=[{"subject": named}],
    )  # fmt: skip
    opened = Opened(
        viewer, rules, at, subject, f"person {person_id}", frozenset({viewer.organisation}), ""
    )
    is_hidden = subject.value_of("sealed") != "no" and not opened.sees_seals
    if viewer.organisation not in held.values() or is_hidden:
        raise Http404
    return opened


def _purpose(request: HttpRequest, rules: Rules, viewer: Viewer, reason: Reason | None) -> str:
    """Return for what a practitioner looks: as asked, as their reason says, or the most ordinary."""
    offered = {
        purpose
        for recipient, role, purpose, _, _ in rules.index
        if (recipient, role) == (viewer.organisation, viewer.role)
    } | set(figures().own_data.get(viewer.role, ()))
    wanted = request.GET.get("for", "")
    if wanted in offered:
        return wanted
    if reason and reason.purpose in offered:
        return reason.purpose
    return next((each for each in rules.terms.purposes if each in offered), "")
