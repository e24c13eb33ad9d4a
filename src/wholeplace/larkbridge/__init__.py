"""Larkbridge: an invented town in which everything can be shown, tested and scored.

Enters: a number of residents, a seed, a day, and the reviewed figures in `error_rates.yaml`.
Leaves: a place folder, an inbox of dirty extracts from ten partners, and the truth about who
is who. Promises: nobody is real (NHS numbers of the test range, telephone numbers and
postcodes that are given to no place); equal inputs give equal bytes; the truth is never read
by the pipeline. Law: none of this is personal data under UK GDPR Article 4(1).

In one line: `from wholeplace.larkbridge import build_town; build_town(Path("/somewhere"), residents=500)`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholeplace.larkbridge.cast import Cast, CastPerson, Persona, load_cast
    from wholeplace.larkbridge.town import TownReport, build_town

__all__ = ["Cast", "CastPerson", "Persona", "TownReport", "build_town", "load_cast"]

_HOMES = {"TownReport": "town", "build_town": "town"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"wholeplace.larkbridge.{_HOMES.get(name, 'cast')}"), name)
