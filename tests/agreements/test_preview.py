"""Gained and lost are the difference of every decision, and of nothing else."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from wholeplace.agreements import (
    Flag,
    Level,
    Rules,
    Subject,
    compile_rules,
    decide,
    preview_agreement,
    preview_day,
)
from wholeplace.agreements.deciding.preview import Preview

from .worlds import (
    FIELDS,
    PARTNERS,
    PURPOSES,
    ROLES,
    TERMS,
    TODAY,
    Viewer,
    World,
    agreement,
    clause,
    request,
    signed,
    worlds,
)

CONSENTS = ("yes", None, "no")
KEYS = list(product(PARTNERS, ROLES, PURPOSES, PARTNERS, FIELDS))


def levels(rules: Rules, key: tuple[str, ...]) -> tuple[Level, ...]:
    recipient, role, purpose, source, field = key
    found = []
    for value in CONSENTS:
        flags = (Flag("consent", value, purpose),) if value else ()  # type: ignore[arg-type]
        viewer = Viewer("ana", recipient, role)
        asked = request(viewer, purpose, subject=Subject("p1", "p1", flags, factors=13))
        found.append(decide(rules, asked, source, field).level)
    return tuple(found)


def check_difference(preview: Preview, before: Rules, after: Rules) -> None:
    told = {
        (each.recipient, each.role, each.purpose, each.source, each.field): each
        for each in preview.changes
    }
    assert set(told) <= set(KEYS)
    for key in KEYS:
        was, now = levels(before, key), levels(after, key)
        if was == now:
            assert key not in told
        else:
            each = told[key]
            assert (each.before.levels, each.after.levels) == (was, now)
            assert each.is_gain == any(b > a for a, b in zip(was, now, strict=True))
            assert each.is_loss == any(b < a for a, b in zip(was, now, strict=True))
    assert set(preview.gained) | set(preview.lost) == set(preview.changes)


@given(worlds(), st.data())
def test_the_preview_is_the_difference_of_every_decision(world: World, data: st.DataObject) -> None:
    """Signed by everybody, the agreement gives exactly what its preview said."""
    chosen = data.draw(st.sampled_from(world.agreements))
    chosen = chosen.model_copy(update={"starts_on": min(chosen.starts_on, world.on), "ends_on": max(chosen.ends_on, world.on)})  # fmt: skip
    rest = [each for each in world.agreements if each.id != chosen.id]
    # Without it: as if its file were not there.
    before = compile_rules(rest, world.sign_offs, world.on, TERMS)
    preview = preview_agreement(chosen, world.agreements, world.sign_offs, world.on, TERMS)
    # With it: signed by all, suspended by none.
    from wholeplace.agreements import MemorySignOffs

    kept = MemorySignOffs(
        [s for each in rest for s in world.sign_offs.sign_offs(each.id)]
        + signed(chosen).sign_offs(chosen.id),
        [s for each in rest for s in world.sign_offs.suspensions(each.id)],
    )
    # What replaces the chosen one has replaced it: then nothing of it would run.
    if any(each.supersedes == chosen.id for each in rest):
        return
    if any(s.signed_at.date() > world.on for s in kept.sign_offs(chosen.id)):
        return
    after = compile_rules([*rest, chosen], kept, world.on, TERMS)
    check_difference(preview, before, after)


def test_a_new_version_shows_what_goes_as_well_as_what_comes() -> None:
    old = agreement("old", clause("a", fields=("crime.offence",), level="summary"))
    new = agreement(
        "new",
        clause("a", fields=("crime.offence",), level="existence"),
        clause("b", fields=("contact.address",), level="detail", consent="required"),
        supersedes="old",
    )
    found = preview_agreement(new, [old], signed(old), TODAY, TERMS)
    assert found.replaced == "old"
    (gained,), (lost,) = found.gained, found.lost
    assert (gained.field, gained.before.levels, gained.after.levels) == (
        "contact.address",
        (0, 0, 0),
        (Level.DETAIL, 0, 0),
    )
    assert (lost.field, lost.before.agreed, lost.after.agreed) == (
        "crime.offence",
        Level.SUMMARY,
        Level.EXISTENCE,
    )


def test_what_is_seen_already_is_no_gain() -> None:
    text = agreement("one", clause("a", level="summary"))
    same = agreement("two", clause("a", level="existence"))
    assert preview_agreement(same, [text], signed(text), TODAY, TERMS).changes == ()
    own = agreement("own", clause("a", source="council", recipient="council", level="detail"))
    assert preview_agreement(own, [], signed(), TODAY, TERMS).changes == (), "their own data"


def test_a_later_start_is_previewed_on_its_first_day() -> None:
    import datetime as dt

    later = agreement("later", starts_on=TODAY + dt.timedelta(days=9))
    assert preview_day(later, TODAY) == later.starts_on
    assert preview_day(agreement(), TODAY) == TODAY
