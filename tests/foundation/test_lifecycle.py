"""Every table of states tells of itself: code, buttons and diagram cannot disagree."""

import re

import pytest

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.lifecycle import ChangedMeanwhileError, Lifecycle, Step, check_version

ONE = frozenset({"a"})
DOOR = Lifecycle(
    "door",
    {"shut": "Shut", "open": "Open", "gone": "Gone"},
    "shut",
    (
        Step("open", ("shut",), "open", ONE, "Open it"),
        Step("shut", ("open",), "shut", frozenset({"a", "b"}), "Shut it"),
        Step("remove", ("shut", "open"), "gone", frozenset({"b"}), "Take it away"),
    ),
)


@pytest.mark.parametrize("state", DOOR.states)
@pytest.mark.parametrize("event", ["open", "shut", "remove", "paint"])
@pytest.mark.parametrize("actors", [(), ("a",), ("b",), ("a", "b"), ("c",)])
def test_a_step_is_taken_where_the_table_has_it_and_nowhere_else(
    state: str, event: str, actors: tuple[str, ...]
) -> None:
    wanted = [
        step.target
        for step in DOOR.steps
        if step.event == event and state in step.sources and step.actors & set(actors)
    ]
    offered = {step.event for step in DOOR.steps_from(state, actors)}
    assert (event in offered) == bool(wanted)
    if wanted:
        assert DOOR.take(state, event, actors) == wanted[0]
    else:
        with pytest.raises(UnsafeActionError):
            DOOR.take(state, event, actors)


def test_who_may_not_is_told_apart_from_what_cannot_be() -> None:
    with pytest.raises(UnsafeActionError, match="not for you"):
        DOOR.take("shut", "remove", ["a"])
    with pytest.raises(UnsafeActionError, match="“gone”"):
        DOOR.take("gone", "open", ["a"])


def test_the_diagram_holds_every_step_and_no_other() -> None:
    arrows = re.findall(r"^    (\w+) --> (\w+) : (\w+)$", DOOR.diagram(), re.MULTILINE)
    assert sorted(arrows) == sorted(
        (source, step.target, step.event) for step in DOOR.steps for source in step.sources
    )
    assert DOOR.ends == {"gone"}


@pytest.mark.parametrize(
    "steps",
    [
        (Step("open", ("shut",), "ajar", ONE, "x"),),
        (Step("open", ("ajar",), "open", ONE, "x"),),
        (Step("open", ("shut",), "open", frozenset(), "x"),),
        (Step("open", (), "open", ONE, "x"),),
        (Step("open", ("shut",), "open", ONE, "x"), Step("open", ("shut",), "gone", ONE, "x")),
        (Step("open", ("shut",), "open", ONE, "x"),),
    ],
    ids=["target", "source", "nobody", "nowhere", "twice", "unreached"],
)
def test_a_table_that_contradicts_itself_is_refused(steps: tuple[Step, ...]) -> None:
    with pytest.raises(ValueError, match="door"):
        Lifecycle("door", DOOR.states, "shut", steps)


def test_a_change_from_an_older_version_is_refused_and_says_who_was_first() -> None:
    check_version(3, 3)
    with pytest.raises(ChangedMeanwhileError, match="Amira changed it"):
        check_version(4, 3, ["Amira changed it."])
