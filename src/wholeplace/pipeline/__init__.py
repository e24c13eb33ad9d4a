"""Pipeline: the rooms' stages in order, from partners' extracts to a published snapshot.

Enters: a place folder, a data folder, sign-offs, a day. Leaves: a published snapshot, or the
last good one kept.

    run           check, rules, intake, standard, link, places, people, publish
    plan          what each stage depends on, and so whether it must run again
    fingerprint   one hash of all that a stage depends on
    tables        how tables are laid down, or taken over
    pruning       which snapshots are kept
    restore       publish an earlier snapshot again, with today's flags
    lock          one run at a time
    report        what a run did

Promises: a run that fails or is killed leaves users on the last good snapshot; a stage whose
inputs are the same is not run again; nothing new means nothing published. Law: UK GDPR
Article 5(1)(d) (accuracy) and 32(1)(b) (resilience).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholeplace.pipeline.report import Progress, RunReport, SilentProgress, StageReport
    from wholeplace.pipeline.restore import restore_snapshot
    from wholeplace.pipeline.run import run_pipeline

__all__ = [
    "Progress",
    "RunReport",
    "SilentProgress",
    "StageReport",
    "restore_snapshot",
    "run_pipeline",
]

_HOMES = {
    "report": ("Progress", "RunReport", "SilentProgress", "StageReport"),
    "restore": ("restore_snapshot",),
    "run": ("run_pipeline",),
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that the room is cheap to import."""
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"wholeplace.pipeline.{module}"), name)
    raise AttributeError(f"module 'wholeplace.pipeline' has no attribute {name!r}")
