"""Reading reviewed text: YAML with the line of every key and item.

Nothing here knows what a file means. A file is either read whole, as plain values with line
marks, or gives faults that name the line. Anchors and tags are refused: a reviewed file says
what it says, on the line where it says it.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from wholeplace.foundation.errors import Fault

__all__ = ["MarkedText", "read_text", "read_yaml"]

MOST_BYTES = 2_000_000
_DEEPEST = 40
_TAB = re.compile(r"^ *\t")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

Marks = tuple[str | int, ...]


@dataclass(frozen=True)
class MarkedText:
    """One YAML file as plain values, with the line of each key and item.

    Attributes:
        file: path relative to the place folder, with `/`.
        data: dicts, lists and plain values.
        lines: path of keys and indexes → one-based line.
    """

    file: str
    data: Any
    lines: Mapping[Marks, int] = field(default_factory=dict)

    def line(self, *path: str | int) -> int:
        """Return the line of a path, or of its nearest known parent."""
        for end in range(len(path), 0, -1):
            found = self.lines.get(path[:end])
            if found:
                return found
        return 1

    def fault(self, path: Marks, what: str, expected: str = "", mend: str = "") -> Fault:
        """Return a fault at a path of this file."""
        return Fault(self.file, self.line(*path), what, expected, mend)


def read_text(path: Path, file: str) -> str | list[Fault]:
    """Return a file's text, or the faults that keep it from being text."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return [
                Fault(
                    file,
                    0,
                    "the file is too large to be a definition",
                    f"at most {MOST_BYTES // 1_000_000} MB of text",
                    "split it; extracts belong in the inbox, not here",
                )
            ]
        raw = path.read_bytes()
    except OSError as error:
        return [
            Fault(
                file,
                0,
                f"the file cannot be read ({error.strerror or 'unknown cause'})",
                "a file that the system's user may read",
                "put its permissions right",
            )
        ]
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return [
            Fault(
                file,
                line,
                "the file is not UTF-8 text",
                "UTF-8, which every editor can write",
                "open it and save it again with the encoding UTF-8",
            )
        ]


def read_yaml(path: Path, file: str) -> tuple[MarkedText | None, list[Fault]]:
    """Read one YAML file.

    Returns:
        The marked text, None where it could not be read; and every fault found in its form:
        bytes, tabs, syntax, duplicate keys, anchors.
    """
    text = read_text(path, file)
    if isinstance(text, list):
        return None, text
    return parse_yaml(text, file)


def parse_yaml(text: str, file: str) -> tuple[MarkedText | None, list[Fault]]:
    """Read YAML text; as `read_yaml`."""
    faults = _form_faults(text, file)
    if faults:
        return None, faults
    # The text is whole lines of UTF-8; other line ends would shift the line numbers.
    try:
        node = YAML(typ="safe", pure=True).compose(text.replace("\r\n", "\n"))
    except MarkedYAMLError as error:
        return None, [_syntax_fault(error, file)]
    except (YAMLError, RecursionError, ValueError):
        return None, [_unreadable(file)]
    if node is None or (isinstance(node, ScalarNode) and not node.value.strip()):
        return None, [_empty(file)]
    reader = _Builder(file)
    try:
        data = reader.build(node, ())
    except RecursionError:
        return None, [_unreadable(file)]
    return MarkedText(file, data, reader.lines), reader.faults


def _form_faults(text: str, file: str) -> list[Fault]:
    if not text.strip():
        return [_empty(file)]
    faults = []
    for number, line in enumerate(text.split("\n"), 1):
        if _TAB.match(line):
            faults.append(
                Fault(
                    file,
                    number,
                    "a tab stands at the start of the line",
                    "spaces; YAML gives tabs no width",
                    "replace each tab with two spaces",
                )
            )
        elif _CONTROL.search(line):
            faults.append(
                Fault(
                    file,
                    number,
                    "the line holds a control character that cannot be seen",
                    "plain text",
                    "delete it and type the line again",
                )
            )
    return faults


def _empty(file: str) -> Fault:
    return Fault(
        file,
        0,
        "the file is empty",
        "a definition",
        "write one (docs/reference/place-folder.md shows each kind) or delete the file",
    )


def _unreadable(file: str) -> Fault:
    return Fault(
        file,
        0,
        "the file cannot be read as YAML",
        "keys and values, nested only a few levels deep",
        "compare it with docs/reference/place-folder.md",
    )


_SYNTAX = (
    (
        "mapping values are not allowed",
        "a colon and a space stand inside a value",
        "quotation marks round the value",
    ),
    ("could not find expected ':'", "a key has no colon after it", "`key: value`"),
    (
        "expected <block end>",
        "the line is not set in as its neighbours are",
        "the same number of spaces as its neighbours",
    ),
    (
        "expected ',' or",
        "a list or map in brackets is not closed, or a comma is missing",
        "`[a, b]` or `{key: value}`",
    ),
    (
        "but found '<stream end>'",
        "a bracket is opened and not closed",
        "its partner",
    ),
    (
        "unexpected end of stream",
        "a quotation mark or bracket is opened and never closed",
        "its partner",
    ),
    ("single document", "a second document begins with ---", "one document a file"),
    ("undefined alias", "an anchor is used that is not defined", "the value itself"),
    (
        "cannot start any token",
        "a value begins with a character that YAML keeps for itself",
        "quotation marks round the value",
    ),
)


def _syntax_fault(error: MarkedYAMLError, file: str) -> Fault:
    problem = " ".join(part for part in (error.problem, error.context) if part)
    mark = error.problem_mark or error.context_mark
    if "quoted scalar" in problem or "flow" in problem:
        # The parser notices far below; the slip is where the quotation or bracket opens.
        mark = error.context_mark or mark
    line = mark.line + 1 if mark is not None else 0
    for sign, what, expected in _SYNTAX:
        if sign in problem:
            return Fault(file, line, what, expected, "mend the line named, or the one before it")
    return Fault(
        file,
        line,
        "the line is not YAML",
        "`key: value`, lists with `- `, and text with special characters in quotation marks",
        "mend the line named, or the one before it",
    )


class _Builder:
    """Turns YAML nodes into plain values, noting lines and faults of form."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Marks, int] = {}
        self.faults: list[Fault] = []
        self._seen: set[int] = set()

    def build(self, node: Node, path: Marks) -> Any:
        if len(path) > _DEEPEST:
            raise RecursionError
        self.lines.setdefault(path, node.start_mark.line + 1)
        if id(node) in self._seen or node.anchor is not None:
            self._add(node, "an anchor (& or *) is used", "the value written out", "copy it")
            if id(node) in self._seen:
                return None
        self._seen.add(id(node))
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.build(item, (*path, place)) for place, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: MappingNode, path: Marks) -> dict[str, Any]:
        built: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self._add(key_node, "a key is a list or a map", "a plain word", "write a word")
                continue
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in built:
                first = self.lines[(*path, key)]
                self._add(
                    key_node,
                    f"`{key}` is written twice (first on line {first})",
                    "each key once",
                    "keep one of the two",
                )
                continue
            self.lines[(*path, key)] = line
            built[key] = self.build(value_node, (*path, key))
        return built

    def _scalar(self, node: Node) -> Any:
        text = str(node.value)
        kind = str(node.tag).rsplit(":", 1)[-1]
        if str(node.tag).startswith("!"):
            self._add(node, "a tag (!) is used", "a plain value", "delete the tag")
            return text
        try:
            return _PLAIN.get(kind, str)(text)
        except ValueError:
            return text

    def _add(self, node: Node, what: str, expected: str, mend: str) -> None:
        self.faults.append(Fault(self.file, node.start_mark.line + 1, what, expected, mend))


def _whole(text: str) -> int:
    plain = text.replace("_", "")
    if len(plain) > 30:
        raise ValueError(text)
    return int(plain, 0) if plain.lower().startswith(("0x", "0o", "0b")) else int(plain)


def _decimal(text: str) -> float:
    special = {".inf": "inf", "+.inf": "inf", "-.inf": "-inf", ".nan": "nan"}
    return float(special.get(text.lower(), text.replace("_", "")))


def _day(text: str) -> dt.date | dt.datetime:
    return dt.date.fromisoformat(text) if len(text) == 10 else dt.datetime.fromisoformat(text)


_PLAIN: Mapping[str, Any] = {
    "int": _whole,
    "float": _decimal,
    "bool": lambda text: text.lower() == "true",
    "null": lambda text: None,
    "timestamp": _day,
}
