"""The identifiers of public services, checked and written in one form.

Each `normalise_*` function gives the one form in which the identifier is kept, or None where
the text cannot be one. The same rules run over whole extracts as generated SQL
(`identifier_sql.py`); tests hold the two equal, and equal to python-stdnum where it knows the
identifier. Sources: NHS Data Dictionary (NHS number); HMRC National Insurance Manual
NIM39110; DfE UPN guide; Learning Records Service (ULN); GeoPlace (UPRN); Royal Mail (postcode).
"""

import re
from collections.abc import Callable, Mapping

__all__ = [
    "NORMALISE",
    "normalise_nhs_number",
    "normalise_nino",
    "normalise_postcode",
    "normalise_uln",
    "normalise_upn",
    "normalise_uprn",
]

_GAPS = re.compile(r"[ \-]")
_TEN_DIGITS = re.compile(r"[0-9]{10}")
_NINO = re.compile(r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]")
_NINO_NEVER = frozenset({"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"})
_UPN = re.compile(r"[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]")
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_UPRN = re.compile(r"[0-9]{1,12}")
_POSTCODE = re.compile(
    r"(GIR0AA|ZZ99[0-9][A-Z]{2}"
    r"|[A-PR-UWYZ]([0-9][0-9]?|[A-HK-Y][0-9][0-9]?|[0-9][A-HJKPS-UW]|[A-HK-Y][0-9][ABEHMNPRV-Y])"
    r"[0-9][ABD-HJLNP-UW-Z]{2})"
)


def normalise_nhs_number(text: str) -> str | None:
    """Return ten digits, or None where the check digit is wrong.

    Ten equal digits pass the arithmetic but are never issued, so they are refused.
    """
    digits = _GAPS.sub("", text)
    if not _TEN_DIGITS.fullmatch(digits) or len(set(digits)) == 1:
        return None
    check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return digits if check % 11 == int(digits[9]) and check != 10 else None


def normalise_nino(text: str) -> str | None:
    """Return a National Insurance number such as `AB123456C`, or None.

    Temporary numbers (`TN`) and prefixes that are never issued are refused.
    """
    number = _GAPS.sub("", text).upper()
    return number if _NINO.fullmatch(number) and number[:2] not in _NINO_NEVER else None


def normalise_upn(text: str) -> str | None:
    """Return a unique pupil number (13 characters), or None where its check letter is wrong.

    A temporary number ends in a letter.
    """
    number = _GAPS.sub("", text).upper()
    if not _UPN.fullmatch(number):
        return None
    total = sum(
        place * (_UPN_LETTERS.index(mark) if mark.isalpha() else int(mark))
        for place, mark in enumerate(number[1:], start=2)
    )
    return number if _UPN_LETTERS[total % 23] == number[0] else None


def normalise_uln(text: str) -> str | None:
    """Return a unique learner number (ten digits), or None where its check digit is wrong."""
    digits = _GAPS.sub("", text)
    if not _TEN_DIGITS.fullmatch(digits) or digits[0] == "0":
        return None
    total = sum(int(digit) * (10 - place) for place, digit in enumerate(digits))
    return digits if total % 11 == 10 else None


def normalise_uprn(text: str) -> int | None:
    """Return a unique property reference number as an integer, or None.

    It arrives with and without leading zeros, so that only integers compare rightly.
    """
    digits = _GAPS.sub("", text)
    return int(digits) or None if _UPRN.fullmatch(digits) else None


def normalise_postcode(text: str) -> str | None:
    """Return a postcode in capitals with one space before its last three marks, or None.

    The NHS's `ZZ99` codes (no fixed abode and the like) are postcodes in form.
    """
    marks = _GAPS.sub("", text).upper()
    return f"{marks[:-3]} {marks[-3:]}" if _POSTCODE.fullmatch(marks) else None


NORMALISE: Mapping[str, Callable[[str], str | int | None]] = {
    "nhs-number": normalise_nhs_number,
    "nino": normalise_nino,
    "postcode": normalise_postcode,
    "uln": normalise_uln,
    "upn": normalise_upn,
    "uprn": normalise_uprn,
}
"""By the word that a dataset file uses under `check`."""
