"""Log lines without personal values."""

import logging
import traceback

__all__ = ["QuietFormatter"]


class QuietFormatter(logging.Formatter):
    """Writes when, how bad, where from and which kind of error; never what it was about.

    An exception's own text may quote a name or a cell, and a request's path may hold an id, so
    only the type of an error and the lines of code it passed through are written.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, with an error's type and code lines below it."""
        quiet = logging.makeLogRecord(record.__dict__)
        quiet.msg, quiet.args = self._message(record), None
        quiet.exc_info = quiet.exc_text = quiet.stack_info = None
        line = super().format(quiet)
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            frames = traceback.extract_tb(trace)[-6:]
            steps = [f"  at {f.name} ({f.filename.rsplit('/', 3)[-1]}:{f.lineno})" for f in frames]
            line = "\n".join([line, f"  {kind.__module__}.{kind.__qualname__}", *steps])
        return line

    def _message(self, record: logging.LogRecord) -> str:
        if record.name.startswith(("django.request", "django.security")):
            status = getattr(record, "status_code", "")
            return f"a request failed {status}".strip()
        return record.msg if isinstance(record.msg, str) and not record.args else _shape(record)


def _shape(record: logging.LogRecord) -> str:
    # The pattern is text from code; its arguments may be values, so numbers alone are filled in.
    given = record.args if isinstance(record.args, tuple) else ()
    shown = tuple(arg if isinstance(arg, int | float) else "…" for arg in given)
    try:
        return str(record.msg) % shown
    except (TypeError, ValueError):
        return str(record.msg)
