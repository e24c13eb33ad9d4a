"""The rules of `identifiers.py` as SQL expressions, for whole extracts at once."""

from collections.abc import Callable, Mapping

__all__ = ["IDENTIFIER_SQL", "IDENTIFIER_WORDS"]

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_NINO = "[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]"
_POSTCODE = (
    "(GIR0AA|ZZ99[0-9][A-Z]{2}"
    "|[A-PR-UWYZ]([0-9][0-9]?|[A-HK-Y][0-9][0-9]?|[0-9][A-HJKPS-UW]|[A-HK-Y][0-9][ABEHMNPRV-Y])"
    "[0-9][ABD-HJLNP-UW-Z]{2})"
)


def _bare(text: str) -> str:
    return f"replace(replace({text}, ' ', ''), '-', '')"


def _weighted_digits(text: str, places: int) -> str:
    # Digits come from their code points: a cast would fail on text that the pattern,
    # evaluated in any order, has not yet ruled out.
    terms = (f"(ascii({text}[{place}]) - 48) * {11 - place}" for place in range(1, places + 1))
    return "(" + " + ".join(terms) + ")"


def _nhs_number(text: str) -> str:
    bare = _bare(text)
    check = f"(11 - {_weighted_digits(bare, 9)} % 11) % 11"
    return (
        f"CASE WHEN regexp_full_match({bare}, '[0-9]{{10}}') AND {bare} <> repeat({bare}[1], 10) "
        f"AND {check} = ascii({bare}[10]) - 48 THEN {bare} END"
    )


def _nino(text: str) -> str:
    bare = f"upper({_bare(text)})"
    return (
        f"CASE WHEN regexp_full_match({bare}, '{_NINO}') "
        f"AND {bare}[1:2] NOT IN ('BG', 'GB', 'KN', 'NK', 'NT', 'TN', 'ZZ') THEN {bare} END"
    )


def _upn(text: str) -> str:
    bare = f"upper({_bare(text)})"
    terms = [f"(ascii({bare}[{place}]) - 48) * {place}" for place in range(2, 13)]
    # The last mark of a temporary number is a letter that counts by its place in the alphabet.
    last = (
        f"(CASE WHEN {bare}[13] BETWEEN '0' AND '9' THEN ascii({bare}[13]) - 48 "
        f"ELSE strpos('{_UPN_LETTERS}', {bare}[13]) - 1 END) * 13"
    )
    total = " + ".join([*terms, last])
    return (
        f"CASE WHEN regexp_full_match({bare}, '[A-HJ-NP-RT-Z][0-9]{{11}}[0-9A-HJ-NP-RT-Z]') "
        f"AND strpos('{_UPN_LETTERS}', {bare}[1]) - 1 = ({total}) % 23 THEN {bare} END"
    )


def _uln(text: str) -> str:
    bare = _bare(text)
    return (
        f"CASE WHEN regexp_full_match({bare}, '[1-9][0-9]{{9}}') "
        f"AND {_weighted_digits(bare, 10)} % 11 = 10 THEN {bare} END"
    )


def _uprn(text: str) -> str:
    return (
        f"CASE WHEN regexp_full_match({text}, '[0-9]{{1,12}}') "
        f"THEN nullif(try_cast({text} AS BIGINT), 0) END"
    )


def _postcode(text: str) -> str:
    bare = f"upper({_bare(text)})"
    return (
        f"CASE WHEN regexp_full_match({bare}, '{_POSTCODE}') "
        f"THEN {bare}[:-4] || ' ' || {bare}[-3:] END"
    )


IDENTIFIER_SQL: Mapping[str, Callable[[str], str]] = {
    "nhs-number": _nhs_number,
    "nino": _nino,
    "postcode": _postcode,
    "uln": _uln,
    "upn": _upn,
    "uprn": _uprn,
}
"""From an SQL expression of trimmed text to one that gives the kept form, or NULL."""

IDENTIFIER_WORDS: Mapping[str, str] = {
    "nhs-number": "is not an NHS number: ten digits with a right check digit, not all the same",
    "nino": "is not a National Insurance number: two letters that are issued, six digits, A to D",
    "postcode": "is not written as a UK postcode",
    "uln": "is not a unique learner number: ten digits with a right check digit",
    "upn": "is not a unique pupil number: a right check letter and twelve marks",
    "uprn": "is not a unique property reference number: one to twelve digits",
}
"""What is wrong with a value that fails, in words that never quote it."""
