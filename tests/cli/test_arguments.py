"""Every command takes exactly the arguments that its options give it."""

import inspect
from collections.abc import Iterator

import click
import pytest

from wholeplace.cli import wholeplace


def _commands(group: click.Group, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        if isinstance(command, click.Group):
            yield from _commands(command, (*words, name))
        else:
            yield (*words, name)


def _find(words: tuple[str, ...]) -> click.Command:
    command: click.Command = wholeplace
    for word in words:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), word)
        assert found is not None
        command = found
    return command


@pytest.mark.parametrize("words", list(_commands(wholeplace)), ids=" ".join)
def test_a_command_takes_what_its_options_give(words: tuple[str, ...]) -> None:
    command = _find(words)
    assert command.callback is not None
    given = {option.name for option in command.params if option.expose_value}
    taken = inspect.signature(command.callback).parameters
    if any(each.kind is inspect.Parameter.VAR_KEYWORD for each in taken.values()):
        return
    needed = {name for name, each in taken.items() if each.default is inspect.Parameter.empty} - {
        "ctx"
    }
    assert given <= set(taken), "an option that the function does not take"
    assert needed <= given, "an argument that no option gives"
