"""The form of a delimited file, proved from its bytes before any parser is trusted.

A parser that meets an open quote may swallow many rows as one and say so once. So a file goes
to the engine's fast reader only when its bytes prove that every line is one record and every
quote is well placed; then the count of lines is the count of rows, and the loader holds the
engine to it. Every other file goes to the careful reader (`delimited.py`).
"""

from pathlib import Path

import numpy as np

__all__ = ["MOST_LINE_BYTES", "count_plain_records"]

MOST_LINE_BYTES = 1_000_000
_PIECE_BYTES = 1 << 23


def count_plain_records(path: Path, delimiter: str, skip: int) -> int | None:
    """Return the number of records below the header, or None where the form is not plain.

    Plain means: UTF-8, no NUL, no empty line, one kind of line end, no line end inside quotes,
    quotes only around whole values, no tab in a value, and no line over a million bytes.
    """
    records = 0
    line_end: bytes | None = None
    with path.open("rb") as stream:
        for _ in range(skip):
            stream.readline(MOST_LINE_BYTES)
        while piece := stream.read(_PIECE_BYTES):
            piece += stream.readline(MOST_LINE_BYTES)
            if not piece.endswith(b"\n"):
                if stream.read(1):
                    return None
                piece += line_end or (b"\r\n" if b"\r\n" in piece else b"\n")
            lines = _lines_of_piece(piece, ord(delimiter))
            if lines is None:
                return None
            end = b"\r\n" if b"\r\n" in piece else b"\n"
            if line_end not in (None, end):
                return None
            line_end = end
            records += lines
    return records


def _lines_of_piece(piece: bytes, delimiter: int) -> int | None:
    """Return the number of lines in a piece made of whole lines, or None."""
    if b"\0" in piece or piece.startswith((b"\n", b"\r\n")):
        return None
    if b"\n\n" in piece or b"\n\r\n" in piece or b"\xef\xbb\xbf" in piece:
        return None
    if delimiter != ord("\t") and b"\t" in piece:
        return None
    lines = piece.count(b"\n")
    returns = piece.count(b"\r")
    if returns and not (returns == lines == piece.count(b"\r\n")):
        return None
    if not piece.isascii():
        try:
            piece.decode("utf-8")
        except UnicodeDecodeError:
            return None
    if _has_long_line(piece) or (b'"' in piece and not _are_quotes_plain(piece, delimiter)):
        return None
    return lines


def _has_long_line(piece: bytes) -> bool:
    start = 0
    while start < len(piece):
        end = piece.rfind(b"\n", start, start + MOST_LINE_BYTES)
        if end < 0:
            return True
        start = end + 1
    return False


def _are_quotes_plain(piece: bytes, delimiter: int) -> bool:
    marks = np.frombuffer(piece, dtype=np.uint8)
    ends = np.flatnonzero(marks == ord("\n"))
    quotes = np.flatnonzero(marks == ord('"'))
    if len(quotes) % 2:
        return False
    if bool((np.searchsorted(quotes, ends) % 2).any()):
        return False
    opening, closing = quotes[0::2], quotes[1::2]
    quote, feed, back = ord('"'), ord("\n"), ord("\r")
    before = np.where(opening > 0, marks[opening - 1], feed)
    after = marks[closing + 1]
    return bool(
        np.isin(before, (delimiter, feed, quote)).all()
        and np.isin(after, (delimiter, feed, back, quote)).all()
    )
