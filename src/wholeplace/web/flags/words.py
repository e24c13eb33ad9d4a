"""Flags and statements in plain words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wholeplace.agreements import Flag, Rules
from wholeplace.agreements.texts.wording import in_sentence
from wholeplace.web.accounts.models import User
from wholeplace.web.flags.access import Opened
from wholeplace.web.gateway.flags import StatementAbout
from wholeplace.web.gateway.models import FlagStatement

__all__ = ["HOW", "FlagLine", "HistoryLine", "flag_lines", "history_lines", "name_flag"]

HOW = {
    "in-person": "in person",
    "phone": "by telephone",
    "form": "on a form",
    "online": "online, by themself",
}
_ACTS = {
    ("consent", "set", "yes"): "Agreed",
    ("consent", "set", "no"): "Refused",
    ("consent", "withdrawn", "no"): "Withdrew consent",
    ("objection", "set", "yes"): "Objected",
    ("objection", "withdrawn", "no"): "Withdrew the objection",
    ("restricted", "set", "yes"): "Restricted",
    ("sealed", "set", "yes"): "Sealed",
    ("restricted", "lifted", "no"): "Restriction lifted",
    ("sealed", "lift-asked", "yes"): "Asked a second person to lift the seal",
    ("sealed", "lift-refused", "yes"): "Refused to lift the seal",
    ("sealed", "lifted", "no"): "Seal lifted",
    ("national-opt-out", "checked", ""): "Checked against the national service",
}
_MEANS = {
    ("sealed", "yes"): "Nobody but the guardians named may learn that there is a record.",
    ("sealed", "unknown"): "It is not known whether this person is sealed, so they are treated as if they were.",
    ("restricted", "yes"): "Others learn only which partners know this person.",
    ("restricted", "unknown"): "It is not known whether this record is restricted, so it is treated as if it were.",
    ("consent", "yes"): "What needs consent for this purpose may be shared.",
    ("consent", "no"): "What needs consent for this purpose, or may be refused, is not shared.",
    ("consent", "unknown"): "It is not known whether they agree, so it counts as a refusal. Ask them.",
    ("objection", "yes"): "Nothing is shown for this purpose.",
    ("objection", "unknown"): "It is not known whether they object, so nothing is shown for this purpose. Ask them.",
    ("national-opt-out", "yes"): "Nothing about them is used for planning or research, and they are in no count.",
    ("national-opt-out", "unknown"): "The national list is not fresh, so they are treated as if they had opted out.",
    ("national-opt-out", "no"): "A fresh list does not name them.",
}  # fmt: skip
_NAMES = {
    "sealed": "Sealed",
    "restricted": "Restricted",
    "national-opt-out": "National Data Opt-out",
}
_ORDER = ("sealed", "restricted", "objection", "national-opt-out", "consent")


@dataclass(frozen=True)
class FlagLine:
    """One flag as it stands.

    Attributes:
        who: partners that stated it, as far as the viewer may know of them.
        is_quiet: whether it limits nothing now.
    """

    flag: str
    purpose: str
    name: str
    value: str
    means: str
    who: str
    is_quiet: bool


@dataclass(frozen=True)
class HistoryLine:
    """One statement, told to one viewer; what is not theirs to read is left empty."""

    made: FlagStatement
    name: str
    did: str
    who: str
    how: str
    words: str
    why: str
    evidence: str
    consenter: str
    is_standing: bool
    can_end: bool
    has_receipt: bool


def name_flag(rules: Rules, flag: str, purpose: str) -> str:
    """Return what a flag is called: "Consent to whole-family support"."""
    if flag in _NAMES:
        return _NAMES[flag]
    words = in_sentence(rules.terms.words("purpose", purpose)) if purpose else "everything"
    return f"Consent to {words}" if flag == "consent" else f"Objection to {words}"


def flag_lines(opened: Opened, flags: Iterable[Flag]) -> list[FlagLine]:
    """Return the flags that the viewer may know of, each with who stated it."""
    by_kind: dict[tuple[str, str, str], list[Flag]] = {}
    for each in flags:
        if each.flag == "sealed" and not opened.sees_seals:
            continue
        by_kind.setdefault((each.flag, each.purpose, each.value), []).append(each)
    lines = [
        FlagLine(
            flag,
            purpose,
            name_flag(opened.rules, flag, purpose),
            value,
            _MEANS.get((flag, value), "It limits nothing."),
            _partners(opened, {each.partner for each in found}),
            value == "no" and flag != "consent",
        )
        for (flag, purpose, value), found in by_kind.items()
    ]
    return sorted(lines, key=lambda each: (_ORDER.index(each.flag), each.name, each.value))


def history_lines(opened: Opened, about: Iterable[StatementAbout]) -> list[HistoryLine]:
    """Return the statements that the viewer may know of, newest first."""
    shown = [each for each in about if _may_know(opened, each.made)]
    ids = {each.made.stated_by for each in shown if each.made.stated_by.isdigit()}
    users = {str(user.pk): user.name for user in User.objects.filter(pk__in=ids)}
    return [_tell(opened, each, users) for each in reversed(shown)]


def _may_know(opened: Opened, made: FlagStatement) -> bool:
    if made.flag != "sealed":
        return True
    return opened.is_guardian or (
        opened.is_officer and made.organisation == opened.viewer.organisation
    )


def _tell(opened: Opened, each: StatementAbout, users: Mapping[str, str]) -> HistoryLine:
    made = each.made
    is_ours = made.organisation == opened.viewer.organisation
    is_theirs_to_read = is_ours or made.organisation in opened.known_to
    # What the resident said is for those who work with them; why a partner hides, for it alone.
    reads_why = is_ours or (is_theirs_to_read and made.flag in ("consent", "objection"))
    who = _partners(opened, {made.organisation})
    if is_ours:
        who = f"{users.get(made.stated_by, 'The system')}, {who}"
    return HistoryLine(
        made,
        name_flag(opened.rules, made.flag, made.purpose),
        _did(made),
        who,
        HOW.get(made.how, "") if is_theirs_to_read else "",
        made.words if is_theirs_to_read and made.flag != "national-opt-out" else "",
        made.why if reads_why else "",
        made.evidence if is_ours else "",
        _consenter(made) if is_theirs_to_read else "",
        each.is_standing,
        each.is_standing,
        made.flag == "consent" and made.value == "yes" and is_theirs_to_read,
    )


def _did(made: FlagStatement) -> str:
    if made.act == "corrected":
        return "Corrected an entry that was a mistake"
    if made.act == "changed":
        return "Looked at again, and kept"
    if made.act == "checked":
        agreed = "it agrees" if made.words == "agrees" else "it differs"
        return f"{_ACTS['national-opt-out', 'checked', '']}: {agreed}"
    return _ACTS.get((made.flag, made.act, made.value), made.act)


def _consenter(made: FlagStatement) -> str:
    if made.flag != "consent" or not made.consenter:
        return ""
    if made.consenter == "parent":
        named = f" ({made.consenter_name})" if made.consenter_name else ""
        return f"somebody with parental responsibility{named}"
    return "themself"


def _partners(opened: Opened, partners: Iterable[str]) -> str:
    words = {
        opened.rules.terms.words("partner", each)
        if each in opened.known_to or each == opened.viewer.organisation
        else "another partner"
        for each in partners
        if each
    }
    return ", ".join(sorted(words)) or "not known"
