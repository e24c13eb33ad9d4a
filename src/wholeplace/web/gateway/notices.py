"""What a user is told at once, and whom an exception concerns.

In the app always; by e-mail where the deployment sends any, in words that hold no personal
value and no person's number.
"""

import datetime as dt
import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from threading import Thread

from django.core.mail import send_mail

from wholeplace.agreements.figures import figures
from wholeplace.web.accounts.models import User
from wholeplace.web.accounts.place import served_place
from wholeplace.web.gateway.models import Caseload, Notice, WorkingRelationship

__all__ = [
    "NoticeWords", "count_unread", "find_words", "leads_of", "officers_of", "register_words", "tell",
    "users_with",
]  # fmt: skip

_log = logging.getLogger("wholeplace.web")
_SUBJECTS = {
    "break-glass": "Somebody broke the glass on a person you work with",
    "break-glass-often": "Somebody has broken the glass often this week",
    "second-person": "You are asked to confirm a broken glass, within minutes",
    "review-late": "A review is overdue",
    "review-asked": "A reviewer asks you about a reason that you gave",
    "review-decided": "A reason that you gave was reviewed",
    "request": "Your organisation is asked for information",
    "request-answered": "A request for information was decided",
    "request-late": "An answer to a request for information is overdue",
}


@dataclass(frozen=True)
class NoticeWords:
    """What a kind of notice says, to whoever is told; never about whom.

    Attributes:
        subject: of the mail, and the words on the page.
        link: words of the link.
        opens: name of the page that takes what the notice is about; empty where there is none.
    """

    subject: str
    link: str = ""
    opens: str = ""


_registered: dict[str, NoticeWords] = {}


def register_words(kind: str, words: NoticeWords) -> None:
    """Say what a kind of notice means; called once for each kind, when an app starts."""
    _registered[kind] = words


def find_words(kind: str) -> NoticeWords | None:
    """Return what an app says of a kind of notice, or None where it is one of this module's."""
    return _registered.get(kind)


def tell(user_ids: Iterable[str], kind: str, about: str, at: dt.datetime) -> int:
    """Tell users something once each; return how many had not been told.

    The notice is kept even where no mail goes out.
    """
    known = set(Notice.objects.filter(kind=kind, about=about).values_list("user_id", flat=True))
    fresh = sorted(set(user_ids) - known - {""})
    Notice.objects.bulk_create(
        [Notice(user_id=each, kind=kind, about=about, told_at=at) for each in fresh],
        ignore_conflicts=True,
    )
    _mail(fresh, kind)
    return len(fresh)


def count_unread(user_id: str) -> int:
    """Return how many things a user was told and has not read."""
    return Notice.objects.filter(user_id=user_id, read_at=None).count()


def leads_of(
    person_id: str,
    asker: str,
    organisation: str,
    at: dt.datetime,
    only_in: Sequence[str] | None = None,
) -> list[str]:
    """Return whom to tell of an exception about a person: those who work with them now.

    Where nobody with an account does, the data protection officers of the asker's organisation;
    where it has none, the host's. Of a sealed person nobody is told outside `only_in`, the
    partners that sealed them: their workers, or those who may confirm for them.
    """
    own = set(Caseload.objects.filter(person_id=person_id).values_list("user_id", flat=True))
    own |= {
        each.user_id
        for each in WorkingRelationship.objects.filter(
            person_id=person_id, closed_at=None, kind__in=("case", "referral")
        )
        if each.expires_at is None or at < each.expires_at
    }
    ids = [int(each) for each in own - {asker} if each.isdigit()]
    workers = User.objects.filter(pk__in=ids, is_active=True)
    if only_in is not None:
        workers = workers.filter(organisation__in=only_in)
    found = [str(each.pk) for each in workers.order_by("id")]
    if found or only_in is None:
        return found or officers_of(organisation, but=asker)
    return [each for each in users_with(figures().second_person_roles, only_in) if each != asker]


def users_with(roles: Collection[str], organisations: Collection[str]) -> list[str]:
    """Return the active users of some organisations who hold one of some roles."""
    found = User.objects.filter(organisation__in=organisations, is_active=True).order_by("id")
    return [str(each.pk) for each in found if set(roles) & set(each.roles)]


def officers_of(organisation: str, *, but: str = "") -> list[str]:
    """Return the data protection officers of an organisation; the host's where it has none."""
    for each in dict.fromkeys((organisation, served_place().place.host)):
        found = [
            str(user.pk)
            for user in User.objects.filter(organisation=each, is_active=True).order_by("id")
            if user.has_role("data-protection-officer") and str(user.pk) != but
        ]
        if found:
            return found
    return []


def _mail(user_ids: Sequence[str], kind: str) -> None:
    addresses = list(
        User.objects.filter(pk__in=[each for each in user_ids if each.isdigit()]).values_list(
            "email", flat=True
        )
    )
    if addresses:
        # Beside the request: how long a mail takes must not tell whether anybody was told.
        Thread(target=_send, args=(addresses, kind), daemon=True).start()


def _send(addresses: Sequence[str], kind: str) -> None:
    found = _registered.get(kind)
    subject = found.subject if found else _SUBJECTS.get(kind, "Something in Wholeplace needs you")
    words = f"{subject}.\n\nSign in to Wholeplace and open “Reasons” to see it.\n"
    for address in addresses:
        try:
            send_mail(subject, words, None, [address])
        except OSError:
            _log.warning("a notice could not be sent by mail")
