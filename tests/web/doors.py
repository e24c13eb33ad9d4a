"""Every door of the site, with the real ids that its address takes, for walks over all of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from wholeplace.web.accounts.routes import Route, route_of

ARGUMENT = re.compile(r"<(\w+):(\w+)>")


@dataclass(frozen=True)
class Door:
    """One route: its name, the pattern of its address, and its mark."""

    name: str
    path: str
    view: Any
    mark: Route

    @property
    def arguments(self) -> tuple[str, ...]:
        """What its address takes."""
        return tuple(name for _, name in ARGUMENT.findall(self.path))


def doors() -> list[Door]:
    """Return every route of the site."""
    return list(_walk(get_resolver().url_patterns, "/", ""))


def _walk(patterns: Any, prefix: str, space: str) -> Iterator[Door]:
    for each in patterns:
        path = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            inside = f"{space}{each.namespace}:" if each.namespace else space
            yield from _walk(each.url_patterns, path, inside)
        elif isinstance(each, URLPattern):
            mark = route_of(each.callback)
            assert mark is not None, path
            yield Door(f"{space}{each.name}", path, each.callback, mark)


def fill(door: Door, values: Mapping[str, str]) -> str:
    """Return a door's address; `app:argument` goes before `argument`."""
    app = door.name.split(":")[0]

    def value(found: re.Match[str]) -> str:
        return values.get(f"{app}:{found[2]}", values.get(found[2], ""))

    filled = ARGUMENT.sub(value, door.path)
    assert "//" not in filled, f"{door.name}: give an example of {door.arguments}"
    return filled
