"""Partners' countersignatures, as they were handed back."""

import datetime as dt
from dataclasses import dataclass

import psycopg

from wholeplace.foundation.errors import UnsafeActionError, WholeplaceError
from wholeplace.foundation.evidence import (
    HeadFile,
    is_countersigned,
    is_signed,
    public_key_of,
    read_head_file,
    write_head_file,
)
from wholeplace.web.chain.connection import trail_connection
from wholeplace.web.chain.heads import deployment_key
from wholeplace.web.chain.trail import record

__all__ = [
    "Witness",
    "list_witnesses",
    "newest_sizes",
    "read_witnesses",
    "receive_countersignature",
]


@dataclass(frozen=True)
class Witness:
    """One head that a partner countersigned.

    Attributes:
        received_at: UTC instant at which it was handed back.
        received_from: user id of who handed it back; `system` for a command.
    """

    partner: str
    file: HeadFile
    received_at: dt.datetime
    received_from: str

    @property
    def size(self) -> int:
        """How many entries the head covers."""
        return self.file.head.size


def list_witnesses() -> list[Witness]:
    """Return every countersignature that can be read, newest first."""
    with trail_connection() as connection:
        return read_witnesses(connection)[0]


def read_witnesses(connection: psycopg.Connection) -> tuple[list[Witness], list[str]]:
    """Return every countersignature that a database holds, newest first, and those spoilt.

    Returns:
        Those that can be read, and the names of those that were changed beyond reading.
    """
    rows = connection.execute(
        "SELECT partner, size, document, received_at, received_from FROM chain_countersignature "
        "ORDER BY received_at DESC, size DESC"
    ).fetchall()
    found, spoilt = [], []
    for partner, size, document, received_at, received_from in rows:
        try:
            file = read_head_file(document)
        except WholeplaceError:
            file = None
        if file is None or (file.keeper, file.head.size) != (partner, size):
            spoilt.append(f"{partner}’s head of {size:,} entries, as stored here")
        else:
            found.append(Witness(partner, file, received_at, received_from))
    return found, spoilt


def newest_sizes(partner: str | None = None) -> set[int]:
    """Return how many entries the newest head of each partner covers, or of one partner."""
    newest: dict[str, int] = {}
    for each in list_witnesses():
        if partner in (None, each.partner):
            newest[each.partner] = max(newest.get(each.partner, 0), each.size)
    return set(newest.values())


def receive_countersignature(
    file: HeadFile, partner: str, by: str, *, may_change_key: bool = False
) -> Witness:
    """Keep a partner's countersignature; that it came stands in the trail.

    Args:
        file: the head file with the countersignature in it.
        partner: the partner that hands it back.
        by: user id, or `system` for a command.
        may_change_key: take it under another key than this partner's last one.

    Raises:
        UnsafeActionError: if it is not this partner's, or not over a head of this deployment.
        AuditUnavailableError: if it cannot be recorded; nothing was kept then.
    """
    _check_its_own(file, partner)
    earlier = [each for each in list_witnesses() if each.partner == partner]
    made = file.countersignature
    known = earlier[0].file.countersignature if earlier else None
    if made and known and made.key != known.key and not may_change_key:
        raise _refused(
            "It was made with another key than this partner's last one.",
            "Use the first key. If it is lost, ask the people who run this system to run "
            "`wholeplace audit receive --new-key`.",
        )
    for each in earlier:
        if each.size == file.head.size:
            return each
    record(
        "audit.countersigned",
        actor=by,
        organisation=partner,
        size=file.head.size,
        root=file.head.root,
        key=made.key if made else "",
    )
    with trail_connection() as connection:
        connection.execute(
            "INSERT INTO chain_countersignature (partner, size, document, received_from) "
            "VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [partner, file.head.size, write_head_file(file), by],
        )
    return Witness(partner, file, dt.datetime.now(dt.UTC), by)


def _check_its_own(file: HeadFile, partner: str) -> None:
    if not is_countersigned(file):
        raise _refused(
            "The file holds no countersignature, or one that does not hold.",
            "Run `wholeplace audit countersign` on the head file, and hand back what it writes.",
        )
    if file.keeper != partner:
        raise _refused("It is another partner's.", "Hand back your own organisation's file.")
    if not is_signed(file.head) or file.head.key != public_key_of(deployment_key()):
        raise _refused(
            "It is not over a head that this system signed.",
            "Download a head file here and countersign that one.",
        )


def _refused(why: str, do_next: str) -> WholeplaceError:
    return UnsafeActionError("The countersignature was not taken.", why, do_next)
