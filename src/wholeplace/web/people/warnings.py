"""What a worker should know before they act: restriction, objection, refused consent.

Worked out from the blocks of the decisions on partners that the viewer may know to know the
person. A refusal or an objection is told as such only where such a partner stated it; otherwise
the words leave open whether it is so. Of a sealed person nothing is ever said.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from wholeplace.agreements import Request, decide
from wholeplace.agreements.deciding.rules import Rules
from wholeplace.agreements.subjects.request import FlagKind
from wholeplace.agreements.texts.wording import in_sentence

__all__ = ["warnings_of"]


def warnings_of(
    rules: Rules, asked: Request, known_to: Sequence[str], purposes: Iterable[str]
) -> list[str]:
    """Return the warnings of a person's page, the most serious first.

    Args:
        rules: of the day of the request.
        asked: the page's request, about its subject.
        known_to: partners that the viewer may know to know the person.
        purposes: those for which the viewer may ask at all; an objection to one of them is told.
    """
    if asked.subject is None or asked.is_sealed or not known_to:
        return []
    blocks = _blocks(rules, asked, known_to)
    words = in_sentence(rules.terms.words("purpose", asked.purpose))
    warnings = []
    if "restricted" in blocks:
        warnings.append(_restricted(rules, asked, known_to))
    if "consent" in _blocks(rules, _unbroken(asked), known_to):
        # Consent that nobody asked for is no warning: “Why can’t I see this?” says where it counts.
        who = _stated_by(rules, asked, known_to, "consent", "no", asked.purpose)
        if who:
            warnings.append(
                f"They have refused consent to {words} ({who}). "
                + (
                    "You are shown more than that only because you broke the glass."
                    if asked.has_broken_glass
                    else "Some partners show you less because of it."
                )
            )
    for purpose in purposes:
        about = replace(asked, purpose=purpose)
        who = _stated_by(rules, asked, known_to, "objection", "yes", purpose)
        if who and "objection" in _blocks(rules, about, known_to):
            named = in_sentence(rules.terms.words("purpose", purpose))
            warnings.append(
                f"They object to their information being used for {named} ({who}). "
                "Nothing is shown for that purpose."
            )
    return warnings


def _unbroken(asked: Request) -> Request:
    """Return the request as with an ordinary reason: what consent would have kept back."""
    reason = asked.reason
    if reason is None or not asked.has_broken_glass:
        return asked
    return replace(asked, reason=replace(reason, kind="duty"))


def _blocks(rules: Rules, asked: Request, known_to: Iterable[str]) -> set[str]:
    return {
        block
        for partner in known_to
        for field in rules.supplied.get(partner, ())
        for block in decide(rules, asked, partner, field).blocks
    }


def _restricted(rules: Rules, asked: Request, known_to: Sequence[str]) -> str:
    who = _stated_by(rules, asked, known_to, "restricted", "yes", "")
    if who:
        return (
            "This person’s record is restricted. You are shown only which partners know them. "
            f"Ask {who}, who restricted it, before you contact or visit."
        )
    return (
        "This person’s record is restricted, or it is not known whether it is. You are shown "
        "only which partners know them. Ask one of them before you contact or visit."
    )


def _stated_by(
    rules: Rules, asked: Request, known_to: Sequence[str], flag: FlagKind, value: str, purpose: str
) -> str:
    """Return the partners that said so, of those that the viewer may know of; else nothing."""
    flags = asked.subject.flags if asked.subject else ()
    said = {
        each.partner
        for each in flags
        if each.flag == flag
        and each.value == value
        and each.purpose in ("", purpose)
        and each.partner in known_to
    }
    return ", ".join(sorted(rules.terms.words("partner", each) for each in said))
