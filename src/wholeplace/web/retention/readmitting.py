"""Letting somebody who was erased back in, after a new fact; a counter-entry, never a deletion."""

import datetime as dt
from typing import TYPE_CHECKING

from wholeplace.foundation.deletions import Deletions
from wholeplace.foundation.errors import NotFoundError, WholeplaceError
from wholeplace.web.chain.trail import record
from wholeplace.web.retention.wording import words_of

if TYPE_CHECKING:
    from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["readmit"]


def readmit(
    place: "OpenPlace", dataset: str, source_id: str, why: str, by: str, organisation: str
) -> None:
    """Let what a partner sends under one source id be stored again, from the next load on.

    Files that were loaded before stay as they are stored: only what arrives from now on, or is
    loaded again, holds the person.

    Raises:
        NotFoundError: if nobody was erased under it.
    """
    if why not in words_of("readmissions"):
        raise WholeplaceError("Nobody was let back in.", "A reason is needed.", "Choose a reason.")
    deletions = Deletions(place.data)
    if not deletions.find_erased(dataset, [source_id]):
        raise NotFoundError(
            "Nobody was let back in.",
            "Nobody was erased under this dataset and number.",
            "Check both with the partner.",
        )
    record("erasure.readmitted", actor=by, organisation=organisation, dataset=dataset, why=why)
    deletions.append_anchors("readmitted", dt.datetime.now(dt.UTC), [(dataset, source_id)], why=why)
