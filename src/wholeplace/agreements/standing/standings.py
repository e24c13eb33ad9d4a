"""Whether an agreement is in force on a day, and if not, why not.

In force means: every party signed this very text, the day is within its dates, no party has
suspended it, no party's notice has run out, and no later agreement that all its parties signed
replaces it. What was replaced once stays replaced: it never comes back because the later
agreement was suspended, ended or edited. Days are the place's own: they begin at local midnight,
in summer time too.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from zoneinfo import ZoneInfo

from wholeplace.agreements.standing.records import SignOff, SignOffs, Suspension, Termination
from wholeplace.agreements.texts.agreement import Agreement
from wholeplace.agreements.texts.signing import agreement_hash
from wholeplace.foundation.errors import WholeplaceError

__all__ = ["Standing", "StandingState", "in_force", "place_day", "standings"]

StandingState = Literal[
    "in-force", "unsigned", "suspended", "not-started", "ended", "terminated", "superseded"
]


@dataclass(frozen=True)
class Standing:
    """Where an agreement stands on a day.

    Attributes:
        hash: of the text as it is in the place folder.
        state: the first thing that keeps it out of force, or `in-force`.
        why: every such thing, one sentence each; one sentence of when it is in force.
        signed: the signatures to this very text, one for each party that signed.
        unsigned: parties that have not signed this text.
        signed_another: those of them that signed another text of it.
        suspended_by: parties that suspend it.
        last_on: the last day on which it can be in force: its own last day, or the day of the
            earliest notice that stands.
        notices: the notices that stand, earliest last day first.
    """

    agreement_id: str
    version: str
    hash: str
    on: dt.date
    state: StandingState
    why: tuple[str, ...]
    signed: tuple[SignOff, ...] = ()
    unsigned: tuple[str, ...] = ()
    signed_another: tuple[str, ...] = ()
    suspended_by: tuple[str, ...] = ()
    last_on: dt.date | None = None
    notices: tuple[Termination, ...] = ()

    @property
    def is_in_force(self) -> bool:
        """Whether its clauses decide today."""
        return self.state == "in-force"


def place_day(at: dt.datetime, time_zone: str) -> dt.date:
    """Return the day that an instant falls on in a place.

    Raises:
        WholeplaceError: if the instant has no time zone.
    """
    if at.tzinfo is None:
        raise WholeplaceError(
            "An instant without a time zone has no day.", "", "Pass UTC instants."
        )
    return at.astimezone(ZoneInfo(time_zone)).date()


def in_force(
    agreement: Agreement,
    sign_offs: SignOffs,
    on: dt.date,
    *,
    time_zone: str = "Europe/London",
    names: Mapping[str, str] | None = None,
) -> Standing:
    """Return where one agreement stands on a day, on its own merits.

    Args:
        agreement: the text as it is in the place folder.
        sign_offs: signatures and suspensions; those after that day do not count.
        on: the place's own day.
        time_zone: the place's.
        names: partner id to name, for the words.
    """
    words = names or {}
    text_hash = agreement_hash(agreement)
    parties = [party.partner for party in agreement.parties]
    mine = [
        each
        for each in sign_offs.sign_offs(agreement.id)
        if each.agreement_id == agreement.id
        and each.partner in parties
        and place_day(each.signed_at, time_zone) <= on
    ]
    signed = {each.partner: each for each in mine if each.hash == text_hash}
    unsigned = tuple(partner for partner in parties if partner not in signed)
    another = tuple(p for p in unsigned if any(each.partner == p for each in mine))
    stopped = _suspending(agreement.id, parties, sign_offs.suspensions(agreement.id), on, time_zone)
    notices = _notices(agreement.id, parties, sign_offs.terminations(agreement.id), on, time_zone)
    last_on = min([agreement.ends_on, *(each.last_on for each in notices)])
    faults = _faults(agreement, on, unsigned, another, stopped, notices, words)
    state: StandingState = faults[0][0] if faults else "in-force"
    why = tuple(sentence for _, sentence in faults) or (
        f"Signed by all {len(parties)} parties; in force until {last_on:%-d %B %Y}.",
        *(
            f"{words.get(each.partner, each.partner)} has given notice that it ends on "
            f"{each.last_on:%-d %B %Y}."
            for each in notices
        ),
    )
    return Standing(
        agreement.id,
        agreement.version,
        text_hash,
        on,
        state,
        why,
        tuple(signed[partner] for partner in parties if partner in signed),
        unsigned,
        another,
        stopped,
        last_on,
        notices,
    )


def standings(
    agreements: Sequence[Agreement],
    sign_offs: SignOffs,
    on: dt.date,
    *,
    time_zone: str = "Europe/London",
    names: Mapping[str, str] | None = None,
) -> dict[str, Standing]:
    """Return where every agreement stands, with those replaced by a later one marked so.

    A later agreement replaces an earlier one only where all the earlier one's parties are
    parties to it: nobody's agreement ends by the signatures of others.
    """
    found = {
        each.id: in_force(each, sign_offs, on, time_zone=time_zone, names=names)
        for each in agreements
    }
    by_id = {each.id: each for each in agreements}
    for later in agreements:
        earlier = by_id.get(later.supersedes or "")
        if earlier is None or earlier.id == later.id:
            continue
        has_replaced = _has_taken_effect(later, earlier, found[later.id], sign_offs, time_zone)
        if has_replaced and found[earlier.id].state in ("in-force", "suspended", "not-started"):
            why = (f"Replaced by “{later.title}”, version {later.version}.",)
            found[earlier.id] = replace(found[earlier.id], state="superseded", why=why)
    return found


def _has_taken_effect(
    later: Agreement, earlier: Agreement, standing: Standing, sign_offs: SignOffs, time_zone: str
) -> bool:
    """Return whether a later agreement has replaced an earlier one, whatever became of it since.

    It has where it started and every party signed its text. An earlier text of it counts too,
    where all the parties of the agreement replaced signed that: an edit brings nothing back.
    """
    replaced = {party.partner for party in earlier.parties}
    if later.starts_on > standing.on or not replaced <= {each.partner for each in later.parties}:
        return False
    if not standing.unsigned:
        return True
    signed: dict[str, set[str]] = {}
    for each in sign_offs.sign_offs(later.id):
        if place_day(each.signed_at, time_zone) <= standing.on:
            signed.setdefault(each.hash, set()).add(each.partner)
    return any(replaced <= who for text, who in signed.items() if text != standing.hash)


def _suspending(
    agreement_id: str,
    parties: list[str],
    suspensions: Iterable[Suspension],
    on: dt.date,
    time_zone: str,
) -> tuple[str, ...]:
    holding = {
        each.partner
        for each in suspensions
        if each.agreement_id == agreement_id
        and place_day(each.suspended_at, time_zone) <= on
        and (each.lifted_at is None or place_day(each.lifted_at, time_zone) > on)
    }
    return tuple(partner for partner in parties if partner in holding)


def _notices(
    agreement_id: str,
    parties: list[str],
    terminations: Iterable[Termination],
    on: dt.date,
    time_zone: str,
) -> tuple[Termination, ...]:
    """Return the notices that stand on a day."""
    standing = [
        each
        for each in terminations
        if each.agreement_id == agreement_id
        and each.partner in parties
        and place_day(each.given_at, time_zone) <= on
        and (each.withdrawn_at is None or place_day(each.withdrawn_at, time_zone) > on)
    ]
    return tuple(sorted(standing, key=lambda each: (each.last_on, each.partner)))


def _faults(
    agreement: Agreement,
    on: dt.date,
    unsigned: tuple[str, ...],
    another: tuple[str, ...],
    stopped: tuple[str, ...],
    notices: tuple[Termination, ...],
    words: Mapping[str, str],
) -> list[tuple[StandingState, str]]:
    faults: list[tuple[StandingState, str]] = []
    if on > agreement.ends_on:
        faults.append(("ended", f"It ended on {agreement.ends_on:%-d %B %Y}."))
    faults += [
        (
            "terminated",
            f"{words.get(each.partner, each.partner)} ended it; its last day was "
            f"{each.last_on:%-d %B %Y}.",
        )
        for each in notices
        if on > each.last_on
    ]
    faults += [("suspended", f"{words.get(each, each)} has suspended it.") for each in stopped]
    if not agreement.parties:
        faults.append(("unsigned", "It names no parties, so nobody can have signed it."))
    for partner in unsigned:
        if partner in another:
            sentence = f"{words.get(partner, partner)} signed another text of it, not this one."
        else:
            sentence = f"{words.get(partner, partner)} has not signed it."
        faults.append(("unsigned", sentence))
    if on < agreement.starts_on:
        faults.append(("not-started", f"It starts on {agreement.starts_on:%-d %B %Y}."))
    return faults
