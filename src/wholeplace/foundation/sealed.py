"""Values that cannot be read by accident.

Rooms read personal values from a snapshot as `Sealed`. It prints, formats, compares,
iterates and pickles as nothing. Only the gateway (`agreements.gateway`) opens one, after a
decision and after the audit row has been committed; `tests/house` checks that no other
module calls `open_sealed`.
"""

from typing import Any, NoReturn

__all__ = ["Sealed", "open_sealed"]

_MASK = "[sealed]"


class Sealed:
    """A personal value that has not been decided on."""

    __slots__ = ("__value",)

    def __init__(self, value: Any) -> None:
        object.__setattr__(self, "_Sealed__value", value)

    def __repr__(self) -> str:
        return _MASK

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return _MASK

    def __html__(self) -> str:
        return _MASK

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a sealed value cannot be changed")

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError("a sealed value must be revealed through the gateway")

    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __hash__ = _refuse
    __bool__ = __len__ = __iter__ = __getitem__ = __contains__ = __reduce_ex__ = _refuse


def open_sealed(sealed: Sealed) -> Any:
    """Return the value inside. For the gateway alone."""
    return object.__getattribute__(sealed, "_Sealed__value")
