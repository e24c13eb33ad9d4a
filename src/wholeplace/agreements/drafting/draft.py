"""A text that is being written: plain values with every fault at its own place.

A draft may be incomplete or wrong at any moment, so it is kept as the plain values of its file
and never as an `Agreement`, until `read_draft_text` finds no fault. What is written is the same
YAML that a person would write by hand, key for key in the order of the reference.
"""

import copy
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wholeplace.agreements.drafting.checking import check_agreement
from wholeplace.agreements.texts.agreement import Agreement
from wholeplace.agreements.texts.terms import Terms
from wholeplace.foundation.errors import Fault, UnsafeActionError
from wholeplace.partnership.texts import MarkedText, Marks, parse_yaml
from wholeplace.partnership.wording import read_definition

__all__ = [
    "DraftFault",
    "agreement_of",
    "blank_draft",
    "check_draft",
    "check_free",
    "draft_file",
    "next_version",
    "parts_that_differ",
    "read_draft_text",
    "renewed_draft",
    "write_draft_text",
]

_KEYS = (
    "id",
    "version",
    "vocabulary",
    "title",
    "purposes",
    "why",
    "dpia",
    "starts_on",
    "ends_on",
    "review_on",
    "contact",
    "supersedes",
    "parties",
    "clauses",
)
# What the guided form calls a file's keys.
_LABELS = {
    "id": "Short name",
    "why": "Why we share",
    "dpia": "The data protection impact assessment",
    "contact": "Whom to ask",
    "starts_on": "The first day",
    "ends_on": "The last day",
    "review_on": "The day of the review",
    "legal_power": "The legal power or duty",
    "lawful_basis": "The lawful basis",
    "source": "Whose information",
    "recipient": "Who may see it",
    "level": "How much",
    "fields": "What may be seen",
    "retention_days": "How many days it may be kept",
}
_ABSENT = re.compile(r"^`(\w+)`(?: of .*)? is (?:blank|missing)$")
_KEY = re.compile(r"`(\w+)`")
_RESERVED = frozenset({"dpias", "drafts", "law", "matrix", "new", "waiting"})


@dataclass(frozen=True)
class DraftFault:
    """One fault, at its place in the plain values.

    Attributes:
        path: keys and indexes, such as `("clauses", 2, "level")`.
    """

    path: Marks
    what: str
    expected: str
    mend: str

    @property
    def words(self) -> str:
        """One sentence for the person who writes; a file's keys by the words of the form."""
        absent = _ABSENT.match(self.what)
        if absent:
            return f"{_LABELS.get(absent[1], absent[1].replace('_', ' ').capitalize())} is missing."
        what = _KEY.sub(lambda key: f"“{_LABELS.get(key[1], key[1])}”", self.what)
        what = what[:1].upper() + what[1:]
        parts = [what, f"Expected: {self.expected}" if self.expected else "", self.mend]
        return ". ".join(part[:1].upper() + part[1:] for part in parts if part).rstrip(".") + "."


def draft_file(agreement_id: str) -> str:
    """Return where the file of a fixed text stands in the place folder."""
    return f"agreements/{agreement_id}.yaml"


def check_draft(data: Mapping[str, Any], terms: Terms) -> list[DraftFault]:
    """Return every fault of a draft, each at its path, in the order of the text."""
    paths = [(), *_paths(data, ())]
    # Each place gets a number of its own for a line, so that a fault's line is its place. The
    # first is the whole: a key that is missing at the top has no place.
    lines = {path: number for number, path in enumerate(paths, start=1)}
    text = MarkedText(draft_file(str(data.get("id", ""))), dict(data), lines)
    found = [_placed(each, paths) for each in check_agreement(text, terms)]
    if str(data.get("id")) in _RESERVED:
        found.append(
            DraftFault(("id",), f"“{data['id']}” is a word of the system’s own", "another id", "")
        )
    return found


def agreement_of(data: Mapping[str, Any]) -> Agreement | None:
    """Return the agreement that the values make; None while they do not make one."""
    return read_definition(Agreement, MarkedText("draft", dict(data)))[0]


def read_draft_text(text: str, file: str) -> tuple[dict[str, Any] | None, list[Fault]]:
    """Return a file's plain values, None where it is no YAML mapping; and its faults of form."""
    marked, faults = parse_yaml(text, file)
    if marked is None or not isinstance(marked.data, dict):
        fault = Fault(file, 1, "the file is not an agreement", "keys and values, such as `id: …`")
        return None, faults or [fault]
    return dict(marked.data), faults


def write_draft_text(data: Mapping[str, Any]) -> str:
    """Return the values as YAML, keys in the reference's order; the same values, the same text."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 100
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.ignore_aliases = lambda _: True
    known = {key: data[key] for key in _KEYS if key in data}
    out = io.StringIO()
    yaml.dump({**known, **{key: data[key] for key in data if key not in known}}, out)
    return out.getvalue()


def blank_draft(
    agreement_id: str, title: str, organisation: str, today: dt.date, vocabulary: int
) -> dict[str, Any]:
    """Return the values that a new draft begins with, in the vocabulary's newest version."""
    return {
        "id": agreement_id,
        "version": "1.0",
        "vocabulary": vocabulary,
        "title": title,
        "purposes": [],
        "why": "",
        "dpia": "",
        "starts_on": today,
        "ends_on": _years_on(today, 3),
        "review_on": _years_on(today, 1),
        "contact": "",
        "parties": [
            {"partner": organisation, "lawful_basis": "6(1)(e)", "legal_power": "", "gateways": []}
        ],
        "clauses": [],
    }


def renewed_draft(
    agreement: Agreement, taken: Iterable[str], today: dt.date, vocabulary: int
) -> dict[str, Any]:
    """Return a new version of an agreement: a text of its own that replaces it once all sign.

    The old text serves until then, so the new one has an id of its own. It is written in the
    vocabulary's newest version: the comparison of the two texts shows what that adds.
    """
    data = copy.deepcopy(agreement.model_dump(mode="python"))
    stem, number = _stem(agreement.id), 2
    used = set(taken)
    while f"{stem}-v{number}" in used:
        number += 1
    data |= {
        "id": f"{stem}-v{number}",
        "version": next_version(agreement.version),
        "vocabulary": vocabulary,
        "supersedes": agreement.id,
        "starts_on": max(today, agreement.starts_on),
        "purposes": list(agreement.purposes),
    }
    if data["ends_on"] <= today:
        data["ends_on"] = _years_on(today, 3)
    if not data["starts_on"] <= data["review_on"] <= data["ends_on"] or data["review_on"] <= today:
        data["review_on"] = min(_years_on(today, 1), data["ends_on"])
    data["parties"] = [
        {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in each.items()
            if value is not None
        }
        for each in data["parties"]
    ]
    data["clauses"] = [
        {
            **each,
            "roles": list(each["roles"]),
            "fields": list(each["fields"]),
            "level": each["level"].name.lower(),
        }
        for each in data["clauses"]
    ]
    return data


def next_version(version: str) -> str:
    """Return the version after this one: 2.1 gives 3.0; what is no number gets ` (new)`."""
    whole = version.partition(".")[0]
    return f"{int(whole) + 1}.0" if whole.isdigit() else f"{version} (new)"


def parts_that_differ(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return in words which parts of two drafts differ: clauses and parties by their names."""
    found = [
        f"“{key.replace('_', ' ')}” was changed"
        for key in dict.fromkeys([*before, *after])
        if key not in ("clauses", "parties") and before.get(key) != after.get(key)
    ]
    for key, name, word in (("parties", "partner", "Party"), ("clauses", "id", "Clause")):
        old, new = _by_name(before.get(key), name), _by_name(after.get(key), name)
        for each in dict.fromkeys([*old, *new]):
            if old.get(each) != new.get(each):
                done = "added" if each not in old else "taken out" if each not in new else "changed"
                found.append(f"{word} “{each}” was {done}")
        if not found and list(old) != list(new):
            found.append("The clauses were put in another order")
    return found


def check_free(agreement_id: str, taken: Iterable[str]) -> None:
    """Refuse an id that another agreement or draft has.

    Raises:
        UnsafeActionError: if it is taken.
    """
    if agreement_id in set(taken):
        raise UnsafeActionError(
            "The draft was not made.",
            f"There is an agreement or a draft “{agreement_id}” already.",
            "Choose another short name.",
        )


def _by_name(items: Any, name: str) -> dict[str, Any]:
    listed = items if isinstance(items, list) else []
    return {str(each.get(name, "")): each for each in listed if isinstance(each, Mapping)}


def _stem(agreement_id: str) -> str:
    stem, _, tail = agreement_id.rpartition("-v")
    return stem if stem and tail.isdigit() else agreement_id


def _years_on(day: dt.date, years: int) -> dt.date:
    """Return the last day of so many years that begin on a day."""
    try:
        return day.replace(year=day.year + years) - dt.timedelta(days=1)
    except ValueError:  # 29 February
        return dt.date(day.year + years, 2, 28)


def _paths(value: Any, path: Marks) -> Iterable[Marks]:
    if path:
        yield path
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _paths(item, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _paths(item, (*path, index))


def _placed(fault: Fault, paths: list[Marks]) -> DraftFault:
    path = paths[fault.line - 1] if 0 < fault.line <= len(paths) else ()
    return DraftFault(path, fault.what, fault.expected, fault.mend)
