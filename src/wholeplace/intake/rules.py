"""The checks of one dataset's contract, as a numbered list.

The generated SQL (`check_sql.py`) and the slow reference (`reference.py`) both run this list,
and the report names its words. Rules speak Table Schema v2: a type with its format, then
constraints. Words never quote a value.
"""

import re
from dataclasses import dataclass
from typing import Any

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.intake.identifier_sql import IDENTIFIER_WORDS
from wholeplace.partnership.definitions import Dataset, ExtractField

__all__ = [
    "BLANK_MARKS",
    "KEY_RULE",
    "CheckRule",
    "list_rules",
    "needed_columns",
    "pattern_of_format",
]

KEY_RULE = "key"
BLANK_MARKS = (
    " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u202f\u205f\u3000"
)
"""Unicode's space separators: what the engine's own `trim` takes off both ends of a value.

Tabs, line ends and byte order marks around a value are taken off by the readers, because the
engine's trim of a given set of marks takes three times as long as all the checks.
"""

_DIRECTIVES = {
    "%Y": "[0-9]{4}",
    "%y": "[0-9]{2}",
    "%m": "[0-9]{1,2}",
    "%d": "[0-9]{1,2}",
    "%H": "[0-9]{1,2}",
    "%M": "[0-9]{1,2}",
    "%S": "[0-9]{1,2}",
    "%b": "[A-Za-z]{3}",
    "%B": "[A-Za-z]{3,9}",
    "%%": "%",
}
_LEGIBLE = {"%Y": "YYYY", "%y": "YY", "%m": "MM", "%d": "DD", "%b": "Mon", "%B": "Month"}
_TYPE_WORDS = {
    "string": "is not text",
    "integer": "is not a whole number",
    "number": "is not a number",
    "boolean": "is not one of the texts that mean yes or no",
    "date": "is not a real day",
    "datetime": "is not a real day and time",
}


@dataclass(frozen=True)
class CheckRule:
    """One way in which one column of a row can be wrong.

    Attributes:
        index: its place in the dataset's list; what the SQL writes down.
        column: the column's name in the extract.
        rule: `type`, `required`, `unique`, `key`, an identifier, or a constraint's name.
        words: what is wrong, without the value.
        bound: what the constraint compares with, where it does.
        blanks: True where a fault blanks the value and keeps the row.
    """

    index: int
    column: str
    rule: str
    words: str
    bound: Any = None
    blanks: bool = False


def list_rules(dataset: Dataset) -> tuple[CheckRule, ...]:
    """Return every check of a dataset, in the order of its columns; the key comes last.

    Raises:
        WholeplaceError: if the contract asks for a check that does not exist.
    """
    rules: list[CheckRule] = []
    needed = needed_columns(dataset)
    for field in dataset.fields:
        for rule, words, bound in _rules_of_field(field, is_needed=field.name in needed):
            # A row cannot be told apart without its key, so a fault there never blanks.
            blanks = field.on_error == "blank" and field.name not in needed
            rules.append(CheckRule(len(rules), field.name, rule, words, bound, blanks))
    if dataset.file.update == "full":
        # A full extract states each row once. One of changes may correct its own earlier row.
        words = "repeats the key of an earlier row of the same file"
        rules.append(CheckRule(len(rules), " + ".join(dataset.key), KEY_RULE, words))
    return tuple(rules)


def needed_columns(dataset: Dataset) -> frozenset[str]:
    """Return the columns without which a row has no meaning: its key and the source id."""
    source = {field.name for field in dataset.fields if field.feeds == "record.source_id"}
    return frozenset(dataset.key) | source


def pattern_of_format(form: str) -> str:
    """Return the regular expression of a day or time pattern such as `%d/%m/%Y`.

    Parsers differ in what they let through (`85` for a year of four digits), so the text's
    shape is proved first.

    Raises:
        WholeplaceError: if the pattern holds a directive that is not supported.
    """
    pieces = re.findall(r"%.|[^%]+|%$", form)
    unknown = [piece for piece in pieces if piece.startswith("%") and piece not in _DIRECTIVES]
    if unknown:
        raise WholeplaceError(
            f"The date format {form} cannot be used.",
            f"{', '.join(unknown)} is not supported.",
            f"Use these in the dataset file: {', '.join(sorted(_DIRECTIVES))}.",
        )
    return "".join(_DIRECTIVES.get(piece) or re.escape(piece) for piece in pieces)


def _rules_of_field(field: ExtractField, *, is_needed: bool) -> list[tuple[str, str, Any]]:
    found: list[tuple[str, str, Any]] = []
    limits = dict(field.constraints)
    if limits.pop("required", False) or is_needed:
        found.append(("required", "is missing", True))
    if field.check:
        found.append((field.check, IDENTIFIER_WORDS[field.check], None))
    elif field.type != "string":
        found.append(("type", _type_words(field), field.format))
    is_unique = limits.pop("unique", False)
    found.extend(
        (name, _constraint_words(field, name, limits[name]), limits[name])
        for name in sorted(limits)
    )
    if is_unique:
        found.append(("unique", "repeats the value of an earlier row of the same file", True))
    return found


def _type_words(field: ExtractField) -> str:
    words = _TYPE_WORDS[field.type]
    if field.type not in ("date", "datetime"):
        return words
    if field.format == "default":
        shown = "YYYY-MM-DD" if field.type == "date" else "YYYY-MM-DDTHH:MM:SS"
    else:
        pattern_of_format(field.format)
        shown = re.sub("%.", lambda found: _LEGIBLE.get(found[0], found[0]), field.format)
    return f"{words} written as {shown}"


def _constraint_words(field: ExtractField, name: str, bound: Any) -> str:
    words = {
        "enum": "is not in the list of allowed values",
        "pattern": "is not written in the pattern agreed",
        "minimum": f"is less than {bound}",
        "maximum": f"is more than {bound}",
        "minLength": f"is shorter than {bound} characters",
        "maxLength": f"is longer than {bound} characters",
    }
    if name not in words:
        raise WholeplaceError(
            f"The column {field.name} has a constraint that does not exist: {name}.",
            "The contract follows Table Schema v2.",
            f"Use one of these: required, unique, {', '.join(sorted(words))}.",
        )
    return words[name]
