"""The app's SQL files."""

from functools import cache
from importlib.resources import files

from wholeplace.foundation.store import SqlFile

__all__ = ["read_sql"]


@cache
def read_sql(name: str) -> SqlFile:
    """Return `sql/<name>.sql` of this app."""
    text = (files("wholeplace.web.outcomes") / "sql" / f"{name}.sql").read_text("utf-8")
    return SqlFile.parse(name, text)
