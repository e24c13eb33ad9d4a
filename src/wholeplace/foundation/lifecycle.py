"""State machines as tables: one table gives the code, the buttons, the diagram and the tests.

A lifecycle is a list of steps. Each step says from which states it leads, to which, who may
take it, and what it asks for. Nothing else knows what may happen next: pages ask for the steps
open to somebody and draw a button for each; a change asks `take`, which refuses everything that
is not in the table.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from wholeplace.foundation.errors import UnsafeActionError

__all__ = ["ChangedMeanwhileError", "Lifecycle", "Step", "check_version"]


@dataclass(frozen=True)
class Step:
    """One thing that may happen.

    Attributes:
        event: short verb, unique among the steps that lead from one state.
        sources: states that it leads from.
        target: state that it leads to.
        actors: who may take it, in the machine's own words (`asker`, `second-person` …).
        label: words of the button.
        asks: what must be given, such as `why`; the names are the caller's.
    """

    event: str
    sources: tuple[str, ...]
    target: str
    actors: frozenset[str]
    label: str
    asks: tuple[str, ...] = ()


class ChangedMeanwhileError(UnsafeActionError):
    """Somebody else changed it since this person saw it; nothing was changed."""


@dataclass(frozen=True)
class Lifecycle:
    """One state machine.

    Attributes:
        name: of what it is the life, for example `export request`.
        states: state to the words people see, in the order of an ordinary life.
        first: the state in which it begins.
        steps: the table.

    Raises:
        ValueError: if the table contradicts itself, or a state cannot be reached.
    """

    name: str
    states: dict[str, str]
    first: str
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        """Check the table: known states, no two steps of one name from one state, all reachable."""
        seen: set[tuple[str, str]] = set()
        for step in self.steps:
            unknown = {*step.sources, step.target} - self.states.keys()
            if unknown or not step.sources or not step.actors:
                raise ValueError(f"{self.name}: {step.event} names no actor or an unknown state")
            for source in step.sources:
                if (source, step.event) in seen:
                    raise ValueError(f"{self.name}: {step.event} leads from {source} twice")
                seen.add((source, step.event))
        if self._reached() != self.states.keys():
            raise ValueError(
                f"{self.name}: {self.states.keys() - self._reached()} is never reached"
            )

    def steps_from(self, state: str, actors: Collection[str]) -> tuple[Step, ...]:
        """Return the steps that somebody who is any of these actors may take now."""
        return tuple(
            step for step in self.steps if state in step.sources and step.actors & set(actors)
        )

    def take(self, state: str, event: str, actors: Collection[str]) -> str:
        """Return the state after an event.

        Raises:
            UnsafeActionError: if the table has no such step for this state and these actors.
        """
        for step in self.steps_from(state, actors):
            if step.event == event:
                return step.target
        known = [each for each in self.steps if each.event == event]
        is_possible = any(state in each.sources for each in known)
        why = (
            "It is not for you to do this."
            if is_possible
            else f"It cannot be done to one that is “{self.states.get(state, state).lower()}”."
        )
        raise UnsafeActionError(
            "Nothing was changed.", why, "Load the page again to see what can be done."
        )

    @cached_property
    def ends(self) -> frozenset[str]:
        """The states from which nothing leads."""
        return frozenset(self.states) - {each for step in self.steps for each in step.sources}

    def diagram(self) -> str:
        """Return the machine as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", f"    [*] --> {_slug(self.first)}"]
        lines += [f"    {_slug(state)} : {words}" for state, words in self.states.items()]
        lines += [
            f"    {_slug(source)} --> {_slug(step.target)} : {step.event}"
            for step in self.steps
            for source in step.sources
        ]
        lines += [f"    {_slug(state)} --> [*]" for state in self.states if state in self.ends]
        return "\n".join(lines) + "\n"

    def _reached(self) -> set[str]:
        reached, before = {self.first}, set[str]()
        while reached != before:
            before = set(reached)
            reached |= {step.target for step in self.steps if reached & set(step.sources)}
        return reached


def check_version(held: int, given: int, changed_by: Iterable[str] = ()) -> None:
    """Refuse a change that was made from an older version than the one that stands.

    Raises:
        ChangedMeanwhileError: if it was; it says who changed what, where that is known.
    """
    if held == given:
        return
    said = " ".join(changed_by) or "Somebody else changed it."
    raise ChangedMeanwhileError(
        "Your change was not kept.",
        f"{said} You saw it as it was before.",
        "Look again, then decide.",
    )


def _slug(state: str) -> str:
    return state.replace("-", "_")
