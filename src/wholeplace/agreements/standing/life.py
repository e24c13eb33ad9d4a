"""The life of an agreement as one table: what can happen to it, from where, and by whom.

draft → review → (changes → draft) → signing → agreed → active ↔ suspended → expired |
terminated | superseded, and drafts that were withdrawn. Everything from `signing` on is read
from where the agreement stands (`life_state`), never stored. The pages show the buttons that this
table offers, the functions behind them ask it again, and the tests try every cell of it.
"""

from dataclasses import dataclass, field
from typing import Literal, get_args

from wholeplace.agreements.standing.standings import Standing
from wholeplace.foundation.errors import UnsafeActionError

__all__ = [
    "DRAFTING_ROLES",
    "LIFE",
    "REVIEWING_ROLES",
    "Act",
    "LifeFacts",
    "LifeState",
    "Offer",
    "Person",
    "Step",
    "check_step",
    "life_state",
    "offers",
]

LifeState = Literal[
    "draft",
    "review",
    "withdrawn",
    "signing",
    "agreed",
    "active",
    "suspended",
    "expired",
    "terminated",
    "superseded",
]
Act = Literal[
    "edit",
    "send",
    "comment",
    "ready",
    "changes",
    "freeze",
    "withdraw",
    "restore",
    "sign",
    "decline",
    "reopen",
    "suspend",
    "lift",
    "terminate",
    "keep",
    "renew",
]
Who = Literal["drafter", "reviewer", "signatory", "stopper", "renewer"]
Need = Literal[
    "no-faults",
    "no-open-comments",
    "all-ready",
    "not-ready-yet",
    "not-own-words",
    "not-signed-by-us",
    "not-suspended-by-us",
    "suspended-by-us",
    "no-notice-by-us",
    "notice-by-us",
]

DRAFTING_ROLES = frozenset({"data-protection-officer", "programme-lead"})
REVIEWING_ROLES = frozenset({"data-protection-officer", "signatory"})
_WHO_WORDS = {
    "drafter": "the organisation that drafts it, as data protection officer or programme lead",
    "reviewer": "a party’s data protection officer or signatory",
    "signatory": "a party’s signatory",
    "stopper": "a party’s signatory or data protection officer",
    "renewer": "a party’s data protection officer or programme lead",
}
_NEED_WORDS: dict[str, str] = {
    "no-faults": "Its text still has faults; each is shown where it stands.",
    "no-open-comments": "Some comments are still open.",
    "all-ready": "Not every party has said that it is ready to sign.",
    "not-ready-yet": "Your organisation has said so already.",
    "not-own-words": "You wrote part of this text. Somebody else of your organisation decides.",
    "not-signed-by-us": "Your organisation has signed this text already.",
    "not-suspended-by-us": "Your organisation suspends it already.",
    "suspended-by-us": "Your organisation does not suspend it; whoever suspends it lifts that.",
    "no-notice-by-us": "Your organisation has given notice already.",
    "notice-by-us": "Your organisation has given no notice.",
}


@dataclass(frozen=True)
class Step:
    """One row: an act, where it can start, where it leads, who may, and what it needs.

    Attributes:
        to: state that follows; None where it stays, or where signatures and dates decide.
    """

    act: Act
    at: tuple[LifeState, ...]
    to: LifeState | None
    by: Who
    needs: tuple[Need, ...]
    button: str


LIFE: tuple[Step, ...] = (
    Step("edit", ("draft",), None, "drafter", (), "Edit"),
    Step("send", ("draft",), "review", "drafter", ("no-faults",), "Send to the parties for review"),
    Step("comment", ("review",), None, "reviewer", (), "Comment"),
    Step("comment", ("draft", "review"), None, "drafter", (), "Comment"),
    Step(
        "ready",
        ("review",),
        None,
        "reviewer",
        ("not-ready-yet", "not-own-words"),
        "We are ready to sign this text",
    ),
    Step("changes", ("review",), "draft", "reviewer", (), "Ask for changes"),
    Step("changes", ("review",), "draft", "drafter", (), "Take it back to change it"),
    Step(
        "freeze",
        ("review",),
        "signing",
        "drafter",
        ("no-faults", "no-open-comments", "all-ready"),
        "Fix the text and ask for signatures",
    ),
    Step("withdraw", ("draft", "review"), "withdrawn", "drafter", (), "Withdraw the draft"),
    Step("restore", ("withdrawn",), "draft", "drafter", (), "Take the draft up again"),
    Step("sign", ("signing",), None, "signatory", ("not-signed-by-us",), "Sign"),
    Step("decline", ("signing",), "draft", "signatory", ("not-signed-by-us",), "Decline to sign"),
    Step("reopen", ("signing",), "draft", "drafter", (), "Take it back to a draft"),
    Step(
        "suspend",
        ("agreed", "active", "suspended"),
        "suspended",
        "stopper",
        ("not-suspended-by-us",),
        "Suspend it now",
    ),
    Step("lift", ("suspended",), None, "stopper", ("suspended-by-us",), "Lift our suspension"),
    Step(
        "terminate",
        ("agreed", "active", "suspended"),
        None,
        "signatory",
        ("no-notice-by-us",),
        "Give notice to end it",
    ),
    Step(
        "keep",
        ("agreed", "active", "suspended"),
        None,
        "signatory",
        ("notice-by-us",),
        "Take back our notice",
    ),
    Step(
        "renew",
        ("agreed", "active", "suspended", "expired", "terminated"),
        None,
        "renewer",
        (),
        "Draft a new version",
    ),
)

_STANDING_STATES: dict[str, LifeState] = {
    "unsigned": "signing",
    "not-started": "agreed",
    "in-force": "active",
    "suspended": "suspended",
    "ended": "expired",
    "terminated": "terminated",
    "superseded": "superseded",
}


@dataclass(frozen=True)
class Person:
    """Who wants to act."""

    user_id: str
    organisation: str
    role: str


@dataclass(frozen=True)
class LifeFacts:
    """What the table's needs are asked of.

    Attributes:
        owner: organisation that drafts it; empty for a text that was written by hand.
        writers: user ids of those who wrote this text.
        faults: how many faults its text has.
        ready: parties that said so of this very text.
    """

    owner: str = ""
    parties: frozenset[str] = frozenset()
    writers: frozenset[str] = frozenset()
    faults: int = 0
    open_comments: int = 0
    ready: frozenset[str] = frozenset()
    signed: frozenset[str] = frozenset()
    suspended_by: frozenset[str] = frozenset()
    notice_by: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Offer:
    """A step that this person may take here, with what keeps it from being taken now.

    Attributes:
        missing: sentences; empty where it may be taken now.
    """

    step: Step
    missing: tuple[str, ...] = field(default=())


def life_state(standing: Standing) -> LifeState:
    """Return where a fixed text is in its life; derived from signatures, dates and records."""
    return _STANDING_STATES[standing.state]


def offers(state: LifeState, person: Person, facts: LifeFacts) -> tuple[Offer, ...]:
    """Return the steps that a person may take from a state, in the table's order, once each."""
    found: dict[str, Offer] = {}
    for step in LIFE:
        if state in step.at and step.act not in found and _is_one(step.by, person, facts):
            missing = tuple(
                _NEED_WORDS[each] for each in step.needs if not _has(each, person, facts)
            )
            found[step.act] = Offer(step, missing)
    return tuple(found.values())


def check_step(state: LifeState, act: str, person: Person, facts: LifeFacts) -> Step:
    """Return the step, if this person may take it now.

    Raises:
        UnsafeActionError: if they may not, saying why.
    """
    offer = next((each for each in offers(state, person, facts) if each.step.act == act), None)
    if offer is not None and not offer.missing:
        return offer.step
    if act not in get_args(Act):
        raise UnsafeActionError(
            "Nothing was done.", "There is no such step.", "Go back and choose."
        )
    if offer is not None:
        why = " ".join(offer.missing)
    else:
        who = dict.fromkeys(
            _WHO_WORDS[each.by] for each in LIFE if each.act == act and state in each.at
        )
        why = (
            f"Only {' or '.join(who)} may do this."
            if who
            else f"This cannot be done while it is at “{state}”."
        )
    raise UnsafeActionError("Nothing was done.", why, "Look at where the agreement stands now.")


def _is_one(who: Who, person: Person, facts: LifeFacts) -> bool:
    is_party = person.organisation in facts.parties
    if who == "drafter":
        return person.role in DRAFTING_ROLES and person.organisation == facts.owner
    if who == "renewer":
        return person.role in DRAFTING_ROLES and is_party
    if who == "signatory":
        return person.role == "signatory" and is_party
    return person.role in REVIEWING_ROLES and is_party


def _has(need: Need, person: Person, facts: LifeFacts) -> bool:
    us = person.organisation
    return {
        "no-faults": facts.faults == 0,
        "no-open-comments": facts.open_comments == 0,
        "all-ready": facts.parties <= facts.ready,
        "not-ready-yet": us not in facts.ready,
        "not-own-words": person.user_id not in facts.writers,
        "not-signed-by-us": us not in facts.signed,
        "not-suspended-by-us": us not in facts.suspended_by,
        "suspended-by-us": us in facts.suspended_by,
        "no-notice-by-us": us not in facts.notice_by,
        "notice-by-us": us in facts.notice_by,
    }[need]
