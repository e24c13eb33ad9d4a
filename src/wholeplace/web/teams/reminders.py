"""Reminders by e-mail: how much waits, and a link. Never a word of what, or about whom."""

import datetime as dt
import logging
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.core.mail import send_mail
from django.urls import reverse

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.teams.day import Day, compose_day
from wholeplace.teams.figures import figures
from wholeplace.web.accounts.models import User
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.purposes import PEOPLE_ROLES
from wholeplace.web.gateway.wiring import OpenPlace
from wholeplace.web.teams.models import MailChoice, MailSent
from wholeplace.web.teams.records import DjangoTeamRecords

__all__ = ["Digests", "choice_of", "is_quiet", "send_digests"]

_log = logging.getLogger("wholeplace.web")
_MONDAY, _SATURDAY = 0, 5


@dataclass(frozen=True)
class Digests:
    """What a run came to.

    Attributes:
        sent: how many mails went out.
        quiet: how many people are in their quiet hours, and are reminded at the next run.
        nothing: how many have nothing that waits, or chose not to be reminded today.
        failed: how many mails could not be sent.
    """

    sent: int = 0
    quiet: int = 0
    nothing: int = 0
    failed: int = 0


def send_digests(place: OpenPlace, at: dt.datetime, address: str = "") -> Digests:
    """Send everybody for whom something waits one mail a day, outside their quiet hours.

    Shape:
        place: whose people.
        at: UTC instant.
        address: where this deployment is served, for the link; without it the mail says to sign in.
    """
    local = at.astimezone(ZoneInfo(place.place.place.time_zone))
    today, counts = local.date(), {"sent": 0, "quiet": 0, "nothing": 0, "failed": 0}
    done = set(MailSent.objects.filter(on=today).values_list("user_id", flat=True))
    for user in User.objects.filter(is_active=True, suspended_at=None).order_by("id"):
        role = next((each for each in user.roles if each in PEOPLE_ROLES), "")
        if not role or str(user.pk) in done:
            continue
        counts[_remind(user, role, local, at, address)] += 1
    return Digests(**counts)


def is_quiet(hour: int, quiet_from: int, quiet_to: int) -> bool:
    """Tell whether nothing is sent in an hour; hours may go over midnight, none where both are one."""
    if quiet_from <= quiet_to:
        return quiet_from <= hour < quiet_to
    return hour >= quiet_from or hour < quiet_to


def choice_of(user_id: str) -> MailChoice:
    """Return how somebody wants to be reminded; the place's own hours where they did not say."""
    held = MailChoice.objects.filter(user_id=user_id).first()
    return held or MailChoice(
        user_id=user_id, often="daily", quiet_from=figures().quiet_from_hour,
        quiet_to=figures().quiet_to_hour,
    )  # fmt: skip


def _remind(user: User, role: str, local: dt.datetime, at: dt.datetime, address: str) -> str:
    choice, today = choice_of(str(user.pk)), local.date()
    is_day = {
        "daily": today.weekday() < _SATURDAY, "weekly": today.weekday() == _MONDAY,
    }.get(choice.often, False)  # fmt: skip
    viewer = Viewer(str(user.pk), user.organisation, role)
    waiting = compose_day(DjangoTeamRecords(), viewer, today, at) if is_day else Day()
    if not waiting.pressing:
        return "nothing"
    if is_quiet(local.hour, choice.quiet_from, choice.quiet_to):
        return "quiet"
    record("digest.sent", actor="system", organisation=user.organisation, worker=viewer.user_id)
    if not _send(user.email, waiting, address):
        return "failed"
    MailSent.objects.get_or_create(user_id=viewer.user_id, on=today)
    return "sent"


def _send(to: str, waiting: Day, address: str) -> bool:
    lines = [
        f"{len(heap)} {words}"
        for heap, words in (
            (waiting.overdue, "overdue"),
            (waiting.to_agree, "asked of you"),
            (waiting.to_triage, "new or under way to decide on"),
            (waiting.asked, "questions to answer"),
            (waiting.reviews, "reviews due"),
            (waiting.family, "words of families to answer"),
            (waiting.no_lead, "without anybody who leads"),
            (waiting.to_close, "to approve"),
        )
        if heap
    ]
    where = f"{address.rstrip('/')}{reverse('teams:day')}" if address else "Sign in to Wholeplace and open “My day”."  # fmt: skip
    subject = (
        "1 thing waits for you"
        if waiting.pressing == 1
        else f"{waiting.pressing} things wait for you"
    )
    words = "\n".join(["What waits for you today:", "", *lines, "", where, ""])
    try:
        send_mail(subject, words, None, [to])
    except OSError:
        _log.warning("a digest could not be sent by mail")
        return False
    return True
