"""How a clerk gets a person wrong: names, dates, addresses, identifiers.

Each function takes what is true and returns what is written. Rates stand in
`error_rates.yaml`; nothing here holds a figure.
"""

import datetime as dt
from random import Random

__all__ = ["half_name", "misspell", "mistake_birth", "mistype", "rewrite_address", "wrong_postcode"]

_NEAR = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk", "k": "jl",
    "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb",
    "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip
_HEARD = (
    ("ph", "f"), ("ck", "k"), ("ie", "y"), ("ey", "y"), ("ll", "l"), ("tt", "t"), ("nn", "n"), ("ss", "s"),
    ("ea", "ee"), ("ei", "ie"), ("c", "k"), ("k", "c"), ("y", "ie"), ("z", "s"), ("s", "z"), ("e", ""),
)  # fmt: skip
_SHORT = (
    ("Street", "St"),
    ("Road", "Rd"),
    ("Avenue", "Ave"),
    ("Close", "Cl"),
    ("Terrace", "Terr"),
    ("Lane", "Ln"),
    ("Drive", "Dr"),
    ("Court", "Ct"),
)
_INWARD = "ABDEFGHJLNPQRSTUWXYZ"


def mistype(word: str, rng: Random) -> str:
    """Return the word with one keystroke wrong: left out, doubled, exchanged or a neighbour."""
    if len(word) < 3:
        return word
    place = rng.randrange(1, len(word))
    kind = rng.randrange(4)
    if kind == 0:
        return word[:place] + word[place + 1 :]
    if kind == 1:
        return word[:place] + word[place] + word[place:]
    if kind == 2 and place + 1 < len(word):
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    near = _NEAR.get(word[place].lower())
    return word[:place] + rng.choice(near) + word[place + 1 :] if near else word


def misspell(word: str, rng: Random) -> str:
    """Return the word as it might be spelled by ear."""
    able = [(said, heard) for said, heard in _HEARD if said in word[1:].lower()]
    if not able:
        return word
    said, heard = rng.choice(able)
    place = word.lower().index(said, 1)
    return word[:place] + heard + word[place + len(said) :]


def half_name(name: str, rng: Random) -> str:
    """Return one part of a double-barrelled surname."""
    return rng.choice(name.split("-"))


def mistake_birth(born: dt.date, kind: str, rng: Random) -> dt.date | None:
    """Return the date of birth as written down.

    Args:
        born: the true date.
        kind: day_month, digit, year, first_january or missing.
        rng: where chance comes from.
    """
    if kind == "missing":
        return None
    if kind == "first_january":
        return dt.date(born.year, 1, 1)
    if kind == "day_month" and born.day <= 12:
        return dt.date(born.year, born.day, born.month)
    if kind == "year":
        return _valid(born.year + rng.choice((-10, -1, 1)), born.month, born.day) or born
    if kind == "digit":
        day, month = (
            (rng.randrange(1, 29), born.month)
            if rng.random() < 0.6
            else (born.day, rng.randrange(1, 13))
        )
        return _valid(born.year, month, day) or born
    return born


def _valid(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def rewrite_address(line: str, flat: str, rng: Random) -> tuple[str, str]:
    """Return line and flat as another clerk would write them."""
    if flat:
        style = rng.randrange(4)
        if style == 0:
            return line, f"Apartment {flat}"
        if style == 1:
            number, street = line.split(" ", 1)
            return f"{flat}/{number} {street}", ""
        if style == 2 and flat.isdigit():
            number, street = line.split(" ", 1)
            return f"{number}{chr(96 + int(flat))} {street}", ""
        return line, f"FLAT {flat}"
    for long, short in _SHORT:
        if line.endswith(long):
            return line[: -len(long)] + short, ""
    return line.upper(), ""


def wrong_postcode(postcode: str, rng: Random) -> str:
    """Return the postcode with one of its last letters wrong, still well-formed."""
    letter = rng.choice(_INWARD)
    return postcode[:-1] + letter if rng.random() < 0.6 else postcode[:-2] + letter + postcode[-1]
