"""What an import changes: worked out first, so that a second import of the same changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from wholeplace.directory.figures import figures

__all__ = ["ImportPlan", "Known", "plan_import"]


@dataclass(frozen=True)
class Known:
    """What is kept of a service of this feed: the hash of its content, and whether it is gone."""

    content_hash: str
    is_gone: bool


@dataclass(frozen=True)
class ImportPlan:
    """Ids of services by what happens to them.

    Attributes:
        back: were gone, and are listed again.
        gone: are listed no longer; empty where the feed could not be read whole.
        is_doubtful: so many would be gone that none is taken off.
    """

    new: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]
    back: tuple[str, ...]
    gone: tuple[str, ...]
    is_doubtful: bool


def plan_import(
    known: Mapping[str, Known], received: Mapping[str, str], *, is_whole: bool
) -> ImportPlan:
    """Return what an import changes.

    Args:
        known: what is kept of the feed, by id.
        received: hash of what arrived, by id.
        is_whole: whether the feed could be read to its end.
    """
    new = tuple(each for each in received if each not in known)
    back = tuple(each for each in received if each in known and known[each].is_gone)
    stayed = [each for each in received if each in known and not known[each].is_gone]
    changed = tuple(each for each in stayed if known[each].content_hash != received[each])
    same = tuple(each for each in stayed if known[each].content_hash == received[each])
    live = [each for each, held in known.items() if not held.is_gone]
    missing = tuple(each for each in live if each not in received)
    is_doubtful = bool(live) and len(missing) > figures().gone_share_doubtful * len(live)
    gone = missing if is_whole and not is_doubtful else ()
    return ImportPlan(new, changed, same, back, gone, is_whole and is_doubtful)
