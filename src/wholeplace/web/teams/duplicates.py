"""Who works with somebody already: open cases and referrals under way, as agreements let be told.

A look-up that told more than the agreements do would be a search round them. So each is sealed as
what it is, that a service is open to the person, in the name of the partner that holds it: some
may know of it, some when it began, and some who leads it and how to reach them.
"""

from dataclasses import dataclass

from wholeplace.agreements.texts.agreement import Level
from wholeplace.teams.case import ENDED
from wholeplace.teams.referral import LIVE_REFERRAL
from wholeplace.web.teams.access import Beginning, people_called
from wholeplace.web.teams.models import CaseMember, CasePerson, ReferralPerson
from wholeplace.web.teams.sight import Gathered, Told, event_item

__all__ = ["Known", "gather_known", "tell_known"]

_FIELD = "involvement.open-case"


@dataclass(frozen=True)
class Known:
    """That a partner works with somebody already, as far as the viewer may be told.

    Attributes:
        lead, contact: of whoever leads it; empty where they may not be shown.
        case: id of the case; empty where it is a referral.
    """

    partner: str
    what: str
    since: str
    lead: str
    contact: str
    case: str


@dataclass(frozen=True)
class _Row:
    partner: str
    what: str
    case: str


def gather_known(gathered: Gathered, people: list[str], but: str = "") -> None:
    """Take every open case and live referral about some people.

    Shape:
        but: id of the referral that is looked at.
    """
    cases = (
        CasePerson.objects.filter(person_id__in=people, removed_at=None)
        .exclude(case__state__in=ENDED)
        .select_related("case")
    )
    leads = {
        each.case_id: each.user_id
        for each in CaseMember.objects.filter(
            case__in=[row.case_id for row in cases], left_at=None, is_lead=True
        )
    }
    named = people_called(leads.values())
    for row in cases:
        lead = named.get(leads.get(row.case_id, ""))
        worker = f"{lead.name}, {lead.job}" if lead else "Nobody leads it yet"
        value = {"service": "A case with a team", "worker": worker, "contact": lead.email if lead else ""}  # fmt: skip
        day = row.case.opened_at.date().isoformat()
        item = event_item(row.case.holder, _FIELD, row.person_id, day, "An open case", value)
        gathered.add(item, _Row(row.case.holder, "An open case", row.case_id))
    referrals = (
        ReferralPerson.objects.filter(person_id__in=people, referral__state__in=LIVE_REFERRAL)
        .filter(referral__case_id="")
        .exclude(referral_id=but)
        .select_related("referral")
    )
    for one in referrals:
        found = one.referral
        value = {"service": "A referral under way", "worker": found.sender_name, "contact": ""}
        day = (found.sent_at or found.made_at).date().isoformat()
        item = event_item(found.receiver, _FIELD, one.person_id, day, "A referral", value)
        gathered.add(item, _Row(found.receiver, "A referral under way", ""))


def tell_known(gathered: Gathered, told: Told, start: Beginning) -> list[Known]:
    """Return who works with them already, each once."""
    found = []
    for row in gathered.origins.values():
        item = told.of(row) if isinstance(row, _Row) else None
        if item is None:
            continue
        is_full = item.level == Level.DETAIL
        found.append(
            Known(
                start.partner(row.partner), row.what, item.start_on,
                str(item.values.get("worker") or "") if is_full else "",
                str(item.values.get("contact") or "") if is_full else "",
                row.case if is_full else "",
            )
        )  # fmt: skip
    return list(dict.fromkeys(found))
