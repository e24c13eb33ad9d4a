"""Adopting a framework: the one line of place.yaml that says so, written without touching the rest."""

import re
from dataclasses import dataclass
from pathlib import Path

from wholeplace.foundation.errors import CheckFailedError, NotFoundError
from wholeplace.partnership.check import check_place
from wholeplace.partnership.frameworks import load_framework

__all__ = ["Adopted", "adopt_framework"]

_HEAD = re.compile(r"^frameworks:[ \t]*(\[\])?[ \t]*(#.*)?$", re.MULTILINE)


@dataclass(frozen=True)
class Adopted:
    """What adopting did.

    Attributes:
        before: the version adopted until now; empty where there was none.
    """

    framework: str
    version: str
    before: str
    is_changed: bool

    @property
    def words(self) -> str:
        """What happened, in one sentence."""
        now = f"{self.framework} {self.version}"
        if not self.is_changed:
            return f"{now} was adopted already."
        if self.before:
            return (
                f"Adopted {now} in place of {self.before}. Cases begun before keep {self.before}."
            )
        return f"Adopted {now}."


def adopt_framework(folder: Path, framework: str, version: str) -> Adopted:
    """Write into place.yaml that a framework is adopted; comments and order stay as they are.

    Raises:
        NotFoundError: if there is no such framework or version, or no place folder.
        CheckFailedError: if the folder would have faults afterwards; nothing is changed then.
    """
    load_framework(framework, version)
    path = Path(folder) / "place.yaml"
    if not path.is_file():
        raise NotFoundError(
            "Nothing was adopted.",
            "There is no place.yaml here.",
            "Name the place folder with --place.",
        )
    text = path.read_text("utf-8")
    entry = re.compile(
        rf"^(\s*- \{{id: {re.escape(framework)}, version: )\"?([\w.-]+)\"?\}}", re.MULTILINE
    )
    line = f'  - {{id: {framework}, version: "{version}"}}'
    if found := entry.search(text):
        before = found[2]
        after = entry.sub(line, text, count=1)
    elif _HEAD.search(text):
        before = ""
        # Beside those already there; an empty list in brackets becomes a list in lines.
        after = _HEAD.sub(lambda head: f"frameworks:{_note(head[2])}\n{line}", text, count=1)
    else:
        before, after = "", f"{text.rstrip()}\nframeworks:\n{line}\n"
    if before == version:
        return Adopted(framework, version, before, is_changed=False)
    path.write_text(after, "utf-8")
    if faults := check_place(Path(folder)):
        path.write_text(text, "utf-8")
        raise CheckFailedError(faults)
    return Adopted(framework, version, before, is_changed=True)


def _note(note: str | None) -> str:
    return f" {note}" if note else ""
