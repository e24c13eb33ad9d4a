"""Reading the frameworks that ship with Wholeplace."""

from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, NamedTuple

from wholeplace.foundation.errors import CheckFailedError, Fault, NotFoundError
from wholeplace.partnership.definitions import Framework
from wholeplace.partnership.texts import MarkedText, read_yaml
from wholeplace.partnership.wording import list_words, read_definition

__all__ = ["FrameworkListed", "list_frameworks", "load_framework"]


class FrameworkListed(NamedTuple):
    """One framework at one version."""

    id: str
    version: str
    title: str


@cache
def list_frameworks() -> tuple[FrameworkListed, ...]:
    """Return every framework that a place can adopt, sorted by id and version."""
    found = []
    with as_file(files("wholeplace.partnership") / "frameworks") as root:
        for path in sorted(root.glob("*/*/framework.yaml")):
            text, _ = read_yaml(path, path.name)
            if text is not None:
                title = str(text.data.get("title", ""))
                found.append(FrameworkListed(path.parent.parent.name, path.parent.name, title))
    return tuple(found)


@cache
def load_framework(id: str, version: str) -> Framework:  # noqa: A002 - the word of the contract
    """Return a framework as published, without any place's changes.

    Raises:
        NotFoundError: if Wholeplace ships no such framework or version.
    """
    if not any((each.id, each.version) == (id, version) for each in list_frameworks()):
        have = list_words(f"{each.id} {each.version}" for each in list_frameworks())
        raise NotFoundError(
            f"There is no framework `{id}` version `{version}`.",
            "Only frameworks that ship with Wholeplace can be adopted.",
            f"Use one of: {have}.",
        )
    with as_file(files("wholeplace.partnership") / "frameworks") as root:
        return _read_framework(root / id / version)


def _read_framework(folder: Path) -> Framework:
    text, faults = read_yaml(folder / "framework.yaml", "framework.yaml")
    by_headline: dict[str, list[Any]] = {}
    for path in sorted((folder / "needs").glob("*.yaml")):
        needs, more = read_yaml(path, f"needs/{path.name}")
        faults += more
        if needs is not None:
            by_headline.setdefault(needs.data["headline"], []).extend(needs.data["needs"])
    if text is None or faults:
        raise CheckFailedError(faults)
    headlines = [
        {**headline, "needs": by_headline.pop(headline["id"], [])}
        for headline in text.data["headlines"]
    ]
    joined = MarkedText(text.file, {**text.data, "headlines": headlines}, text.lines)
    framework, faults = read_definition(Framework, joined)
    faults += [Fault("needs", 0, f"no headline is called `{left}`") for left in by_headline]
    if framework is None or faults:
        raise CheckFailedError(faults)
    return framework
