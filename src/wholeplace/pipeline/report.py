"""What a run did, and how it tells so while it works."""

import datetime as dt
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

__all__ = ["Progress", "RunReport", "SilentProgress", "StageReport"]


@dataclass(frozen=True)
class StageReport:
    """One stage of a run.

    Attributes:
        fingerprint: hash of everything that the stage's result depends on.
        rows: rows of the stage's main table, or what it counted.
        seconds: wall time.
        is_reused: True where its tables were taken over from the previous snapshot.
        tables: rows by table.
    """

    name: str
    fingerprint: str
    rows: int = 0
    seconds: float = 0.0
    is_reused: bool = False
    tables: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class RunReport:
    """What a run did.

    Attributes:
        snapshot_id: the snapshot that is published now.
        is_published: False where nothing had changed, so that nothing new was published.
        as_of: the day on which needs and flags were judged.
        people: people in the snapshot.
        notes: what a person should look at.
        linking: whether all records were linked or only what changed, and why.
    """

    snapshot_id: str
    is_published: bool
    as_of: dt.date
    seconds: float
    stages: tuple[StageReport, ...]
    people: int
    notes: tuple[str, ...] = ()
    linking: str = ""

    @property
    def text(self) -> str:
        """One line in plain words."""
        if not self.is_published:
            return f"Nothing new: snapshot {self.snapshot_id} still serves."
        return f"Published snapshot {self.snapshot_id}: {self.people:,} people."

    def as_plain(self) -> dict[str, Any]:
        """Return the report as plain values, for JSON."""
        plain = asdict(self)
        return plain | {"as_of": self.as_of.isoformat()}


class Progress(Protocol):
    """Told of a run's stages as they happen."""

    def start(self, stage: str) -> None:
        """A stage begins."""
        ...

    def note(self, stage: str, text: str) -> None:
        """A stage tells what it is doing. The text holds no personal value."""
        ...

    def finish(self, stage: StageReport) -> None:
        """A stage has ended."""
        ...


class SilentProgress:
    """Says nothing."""

    def start(self, stage: str) -> None:
        """Say nothing."""

    def note(self, stage: str, text: str) -> None:
        """Say nothing."""

    def finish(self, stage: StageReport) -> None:
        """Say nothing."""
