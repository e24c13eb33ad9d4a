"""One screen for several people: the least of any of them, and each of them on record."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wholeplace.agreements import AuditUnavailableError, MemoryAuditTrail, Request, reveal
from wholeplace.agreements.gateway import Company, Revealed, reveal_together
from wholeplace.agreements.texts.agreement import Level

from .test_gateway import NAME, OFFENCE, item
from .worlds import FIELDS, NOON, PARTNERS, World, person, requests, worlds

WANTED = st.lists(
    st.tuples(st.sampled_from(PARTNERS), st.sampled_from(FIELDS)), min_size=1, max_size=8
)


def items_of(wanted: list[tuple[str, str]]) -> list[Any]:
    return [
        item(
            field, NAME if field.startswith(("identity", "contact")) else OFFENCE, partner, f"k{n}"
        )
        for n, (partner, field) in enumerate(wanted)
    ]


def levels(revealed: Revealed) -> dict[str, Level]:
    return {each.key: each.level for each in revealed.items}


def company(asked: list[Request]) -> list[Company]:
    return [Company(Request(each.viewer, each.purpose, each.reason, NOON), {}) for each in asked]


def together(world: World, asked: list[Request], items: list[Any], trail: Any) -> Revealed:
    subject = asked[0].subject
    assert subject is not None
    return reveal_together(world.rules(), company(asked), [subject], items, trail, page="room")


@given(worlds(), st.lists(requests(), min_size=1, max_size=4), requests(), WANTED)
@settings(max_examples=12)
def test_whoever_joins_never_raises_a_level_and_never_adds_a_line(
    world: World, present: list[Request], joiner: Request, wanted: list[tuple[str, str]]
) -> None:
    items = items_of(wanted)
    before = levels(together(world, present, items, MemoryAuditTrail()))
    after = levels(together(world, [*present, joiner], items, MemoryAuditTrail()))
    assert set(after) <= set(before)
    assert all(after[key] <= before[key] for key in after)


@given(worlds(), st.lists(requests(), min_size=1, max_size=4), WANTED)
@settings(max_examples=12)
def test_the_room_is_the_meet_of_everybody_present(
    world: World, present: list[Request], wanted: list[tuple[str, str]]
) -> None:
    items, subject = items_of(wanted), present[0].subject
    assert subject is not None
    alone = [
        levels(
            reveal(world.rules(), each.request, [subject], items, MemoryAuditTrail(), page="pack")
        )
        for each in company(present)
    ]
    shown = levels(together(world, present, items, MemoryAuditTrail()))
    for each in items:
        least = min(of.get(each.key, Level.NOTHING) for of in alone)
        assert shown.get(each.key, Level.NOTHING) == least


@given(worlds(), st.lists(requests(), min_size=1, max_size=3), WANTED)
@settings(max_examples=8)
def test_everybody_in_the_room_stands_in_the_trail_at_what_was_shown(
    world: World, present: list[Request], wanted: list[tuple[str, str]]
) -> None:
    trail = MemoryAuditTrail()
    together(world, present, items_of(wanted), trail)
    events = [each for _, each, _ in trail.entries()]
    assert [each["actor"] for each in events] == [each.viewer.user_id for each in present]
    assert len({str(each["subjects"][0]["seen"]) for each in events}) == 1


def test_nothing_is_opened_where_one_sight_cannot_be_recorded() -> None:
    class Full:
        """Takes one event and no more."""

        taken = 0

        def append(self, event: Any) -> str:
            if self.taken:
                raise AuditUnavailableError
            self.taken += 1
            return ""

    from .worlds import agreement, clause, request, rules_of

    rules = rules_of(agreement("family", clause(fields=("identity.name",), level="detail")))
    one = request()
    opened = company([one, one])
    with pytest.raises(AuditUnavailableError):
        reveal_together(
            rules, opened, [person()], [item("identity.name", NAME)], Full(), page="room"
        )


def test_an_empty_room_sees_nothing() -> None:
    from .worlds import agreement, clause, rules_of

    rules = rules_of(agreement("family", clause(fields=("identity.name",), level="detail")))
    trail = MemoryAuditTrail()
    shown = reveal_together(
        rules, [], [person()], [item("identity.name", NAME)], trail, page="room"
    )
    assert not shown.is_known and not trail.entries()
