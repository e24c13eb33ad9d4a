"""Who gains and who loses sight of what by an agreement, worked out before anybody signs.

The rules of a day with the agreement in force are asked beside those without it, by `decide`
itself, so that what is previewed is what would be decided. What the agreement replaces goes when
it comes. Nothing here looks at anybody's record.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from wholeplace.agreements.deciding.decision import decide
from wholeplace.agreements.deciding.rules import RuleKey, Rules, compile_rules
from wholeplace.agreements.standing.records import SignOffs
from wholeplace.agreements.standing.standings import Standing, standings
from wholeplace.agreements.subjects.request import Flag, Reason, Request, Subject, Viewer
from wholeplace.agreements.texts.agreement import Agreement, Level
from wholeplace.agreements.texts.signing import agreement_hash
from wholeplace.agreements.texts.terms import Terms

__all__ = ["Preview", "Sight", "SightChange", "preview_agreement", "preview_day"]

_AT = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_EVERY_FACTOR = 13


@dataclass(frozen=True)
class Sight:
    """How much may be seen, given a live reason and no other flag, by the person's consent.

    Of a household in which every factor that a power may ask for is known: the most there is.

    Attributes:
        agreed: where they agreed to the purpose.
        unstated: where nothing is known of their consent.
        refused: where they refused, or it is unknown whether they did.
    """

    agreed: Level
    unstated: Level
    refused: Level

    @property
    def levels(self) -> tuple[Level, Level, Level]:
        """The three in order."""
        return (self.agreed, self.unstated, self.refused)


@dataclass(frozen=True)
class SightChange:
    """What one role at one partner gains or loses of one field of one source."""

    recipient: str
    role: str
    purpose: str
    source: str
    field: str
    before: Sight
    after: Sight

    @property
    def is_gain(self) -> bool:
        """Whether something more is seen, whatever the consent."""
        pairs = zip(self.before.levels, self.after.levels, strict=True)
        return any(after > before for before, after in pairs)

    @property
    def is_loss(self) -> bool:
        """Whether something less is seen, whatever the consent."""
        pairs = zip(self.before.levels, self.after.levels, strict=True)
        return any(after < before for before, after in pairs)


@dataclass(frozen=True)
class Preview:
    """All that changes on a day by an agreement being in force.

    Attributes:
        replaced: id of the agreement that goes when this one comes; empty where none does.
    """

    on: dt.date
    changes: tuple[SightChange, ...]
    replaced: str = ""

    @property
    def gained(self) -> tuple[SightChange, ...]:
        """What is seen more of."""
        return tuple(each for each in self.changes if each.is_gain)

    @property
    def lost(self) -> tuple[SightChange, ...]:
        """What is seen less of."""
        return tuple(each for each in self.changes if each.is_loss)


def preview_day(agreement: Agreement, today: dt.date) -> dt.date:
    """Return the day to preview: today, or the agreement's first day where that lies ahead."""
    return max(today, agreement.starts_on)


def preview_agreement(
    agreement: Agreement,
    others: Sequence[Agreement],
    sign_offs: SignOffs,
    on: dt.date,
    terms: Terms,
) -> Preview:
    """Return who gains and loses sight of what, with this agreement in force and without it.

    Args:
        agreement: the text to preview, signed or not.
        others: every agreement of the place; a text of the same id among them is left out.
        sign_offs: signatures and suspensions, for the others' standing.
        on: the place's own day.
        terms: the place's words.
    """
    rest = [each for each in others if each.id != agreement.id]
    without = standings(rest, sign_offs, on, time_zone=terms.time_zone, names=terms.partners)
    with_it = _with(agreement, rest, without, on)
    before = compile_rules(rest, sign_offs, on, terms, found=without)
    after = compile_rules([*rest, agreement], sign_offs, on, terms, found=with_it)
    changes = [
        SightChange(*key, was, now)
        for key in sorted(set(_keys(before)) ^ set(_keys(after)) | _shared_keys(before, after))
        if (was := _sight(before, key)) != (now := _sight(after, key))
    ]
    gone = [each for each in without if with_it[each].state != without[each].state]
    return Preview(on, tuple(changes), gone[0] if gone else "")


def _with(
    agreement: Agreement, rest: Sequence[Agreement], without: Mapping[str, Standing], on: dt.date
) -> dict[str, Standing]:
    """Return the standings with the agreement in force, and what it replaces replaced."""
    found = dict(without)
    found[agreement.id] = Standing(
        agreement.id, agreement.version, agreement_hash(agreement), on, "in-force", ()
    )
    parties = {party.partner for party in agreement.parties}
    for each in rest:
        is_whole = {party.partner for party in each.parties} <= parties
        if each.id == agreement.supersedes and is_whole and found[each.id].is_in_force:
            found[each.id] = replace(found[each.id], state="superseded")
    return found


def _keys(rules: Rules) -> Iterator[RuleKey]:
    yield from rules.index


def _shared_keys(before: Rules, after: Rules) -> set[RuleKey]:
    """Return the keys of both that other clauses answer."""
    return {
        key
        for key, clauses in before.index.items()
        if key in after.index
        and [each.ref for each in clauses] != [each.ref for each in after.index[key]]
    }


def _sight(rules: Rules, key: RuleKey) -> Sight:
    recipient, role, purpose, source, field = key
    viewer = Viewer("preview", recipient, role)
    reason = Reason("preview", "case", "", frozenset({"preview"}), _AT, None, "preview")

    def level(*flags: Flag) -> Level:
        subject = Subject("preview", "preview", flags, factors=_EVERY_FACTOR)
        asked = Request(viewer, purpose, reason, _AT, subject)
        return decide(rules, asked, source, field).level

    return Sight(
        level(Flag("consent", "yes", purpose)), level(), level(Flag("consent", "no", purpose))
    )
