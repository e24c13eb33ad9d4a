"""The rules of `identifiers.py` as SQL expressions, for whole extracts at once."""

from collections.abc import Callable, Mapping

__all__ = ["IDENTIFIER_SQL", "IDENTIFIER_WORDS", "bare_sql"]

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_NINO = "[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]"
_POSTCODE = (
    "(GIR0AA|ZZ99[0-9][A-Z]{2}"
    "|[A-PR-UWYZ]([0-9][0-9]?|[A-HK-Y][0-9][0-9]?|[0-9][A-HJKPS-UW]|[A-HK-Y][0-9][ABEHMNPRV-Y])"
    "[0-9][ABD-HJLNP-UW-Z]{2})"
)


def bare_sql(text: str) -> str:
    """Return SQL for an identifier's text in capitals, without the gaps that people write."""
    return f"upper(replace(replace({text}, ' ', ''), '-', ''))"


def _weighted_digits(digits: str, places: int) -> str:
    terms = (f"{digits} // {10 ** (10 - n)} % 10 * {11 - n}" for n in range(1, places + 1))
    return "(" + " + ".join(terms) + ")"


def _nhs_number(bare: str, digits: str) -> str:
    check = f"(11 - {_weighted_digits(digits, 9)} % 11) % 11"
    return (
        f"CASE WHEN regexp_full_match({bare}, '[0-9]{{10}}') AND {digits} % 1111111111 <> 0 "
        f"AND {check} = {digits} % 10 THEN {bare} END"
    )


def _nino(bare: str, _: str) -> str:
    return (
        f"CASE WHEN regexp_full_match({bare}, '{_NINO}') "
        f"AND {bare}[1:2] NOT IN ('BG', 'GB', 'KN', 'NK', 'NT', 'TN', 'ZZ') THEN {bare} END"
    )


def _upn(bare: str, _: str) -> str:
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


def _uln(bare: str, digits: str) -> str:
    return (
        f"CASE WHEN regexp_full_match({bare}, '[1-9][0-9]{{9}}') "
        f"AND {_weighted_digits(digits, 10)} % 11 = 10 THEN {bare} END"
    )


def _uprn(bare: str, digits: str) -> str:
    return f"CASE WHEN regexp_full_match({bare}, '[0-9]{{1,12}}') THEN nullif({digits}, 0) END"


def _postcode(bare: str, _: str) -> str:
    return (
        f"CASE WHEN regexp_full_match({bare}, '{_POSTCODE}') "
        f"THEN {bare}[:-4] || ' ' || {bare}[-3:] END"
    )


IDENTIFIER_SQL: Mapping[str, Callable[[str, str], str]] = {
    "nhs-number": _nhs_number,
    "nino": _nino,
    "postcode": _postcode,
    "uln": _uln,
    "upn": _upn,
    "uprn": _uprn,
}
"""From bare text (`bare_sql`) and it as an integer or NULL, to the kept form or NULL."""

IDENTIFIER_WORDS: Mapping[str, str] = {
    "nhs-number": "is not an NHS number: ten digits with a right check digit, not all the same",
    "nino": "is not a National Insurance number: two letters that are issued, six digits, A to D",
    "postcode": "is not written as a UK postcode",
    "uln": "is not a unique learner number: ten digits with a right check digit",
    "upn": "is not a unique pupil number: a right check letter and twelve marks",
    "uprn": "is not a unique property reference number: one to twelve digits",
}
"""What is wrong with a value that fails, in words that never quote it."""
