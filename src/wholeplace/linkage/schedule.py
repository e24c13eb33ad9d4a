"""When to link everything anew, and when only what changed.

The figures and their reasons stand in `data/schedule.yaml`.
"""

import datetime as dt
from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

from wholeplace.foundation.store import Store
from wholeplace.linkage.changes import find_changes
from wholeplace.linkage.comparing import drop_like
from wholeplace.linkage.index import INDEX_TABLES
from wholeplace.linkage.model import LinkModel
from wholeplace.linkage.version import ModelVersion, library_versions, read_version

__all__ = ["Schedule", "read_schedule", "why_link_all"]


class Schedule(BaseModel):
    """When all records are linked anew.

    Attributes:
        most_changed_share: where more of the records came, changed or went.
        learn_again_after_days: where what was learnt is older.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    reviewed_on: dt.date
    most_changed_share: float = Field(gt=0, lt=1)
    most_changed_share_source: str
    learn_again_after_days: int = Field(ge=1)
    learn_again_after_days_source: str


@cache
def read_schedule() -> Schedule:
    """Return the schedule that comes with Wholeplace."""
    text = (files("wholeplace") / "linkage" / "data" / "schedule.yaml").read_text("utf-8")
    return Schedule.model_validate(YAML(typ="safe").load(text))


def why_link_all(store: Store, model: LinkModel, before: Path, on: dt.date) -> str | None:
    """Return why all records have to be linked anew, in words; None where a delta does.

    Args:
        store: holds `records`.
        model: the model of the place.
        before: folder of the last snapshot.
        on: today.
    """
    if not all((before / f"{name}.parquet").exists() for name in INDEX_TABLES):
        return "the last snapshot keeps no index"
    try:
        store.view_parquet("linkage_held_version", before / "link_version.parquet")
        store.view_parquet("linkage_held_link_input", before / "link_input.parquet")
        version = read_version(store, "linkage_held_version")
        return _why_learn(store, model, version, on) or _why_much(store)
    finally:
        drop_like(store, "linkage_")


def _why_learn(store: Store, model: LinkModel, version: ModelVersion, on: dt.date) -> str | None:
    """Say why what was learnt does not hold any more."""
    if version.model_hash != model.hash:
        return "the model of the place has changed"
    if dict(version.libraries) != library_versions():
        return "the libraries that compare have changed"
    if model.review_probability > model.pooling.link_probability:
        return "the model keeps fewer pairs for review than it links, so links are not kept"
    days = (on - version.trained_on).days
    if abs(days) > read_schedule().learn_again_after_days:
        return f"what was learnt is {abs(days)} days old"
    trains = int(store.value("SELECT count(*) FROM records")) >= model.training.least_records
    if trains != version.parameters.trained:
        return "there are enough records to learn from now, or no longer"
    return None


def _why_much(store: Store) -> str | None:
    """Say how many records changed, where they are many."""
    find_changes(store)
    counts = [
        int(store.value(f"SELECT count(*) FROM {name}"))
        for name in ("linkage_fresh_ids", "linkage_gone_ids", "linkage_held_link_input")
    ]
    share = (counts[0] + counts[1]) / max(counts[2], 1)
    if share > read_schedule().most_changed_share:
        return f"{share:.0%} of the records came, changed or went"
    return None
