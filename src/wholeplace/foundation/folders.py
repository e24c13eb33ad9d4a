"""Where a deployment keeps what is not reviewed text: its data folder.

The place folder holds definitions and is under version control. Personal data never goes
there: extracts, partitions, snapshots, the embedded database and keys live in the data
folder, which only its owner may enter (mode 0700).
"""

import os
from dataclasses import dataclass
from pathlib import Path

__all__ = ["DataFolder"]


@dataclass(frozen=True)
class DataFolder:
    """The folder that holds one place's data.

    Shape:
        inbox/<partner>/       extracts as they arrive
        partitions/<dataset>/  accepted rows, immutable Parquet
        quarantine/<dataset>/  rejected rows with reasons
        snapshots/<id>/        derived tables; `snapshots/current` names the published one
        ledger/                deletions, stable identities, flag reach and what figures were
                               published (`ledger/releases`), append-only
        database/              the embedded PostgreSQL
        keys/                  signing and pseudonym keys
    """

    path: Path

    @classmethod
    def of_place(cls, place_folder: Path) -> "DataFolder":
        """Return the data folder of a place: `WHOLEPLACE_DATA`, or `<place>-data` beside it."""
        chosen = os.environ.get("WHOLEPLACE_DATA")
        if chosen:
            return cls(Path(chosen).resolve())
        folder = place_folder.resolve()
        return cls(folder.with_name(folder.name + "-data"))

    def make(self) -> "DataFolder":
        """Make the folders that are missing; leave the others as they are."""
        for folder in (
            self.path,
            self.inbox,
            self.partitions,
            self.quarantine,
            self.snapshots,
            self.ledger,
            self.keys,
        ):
            if not folder.exists():
                folder.mkdir(mode=0o700, parents=True)
        return self

    @property
    def inbox(self) -> Path:
        """Extracts as partners send them."""
        return self.path / "inbox"

    @property
    def partitions(self) -> Path:
        """Accepted rows."""
        return self.path / "partitions"

    @property
    def quarantine(self) -> Path:
        """Rejected rows with every reason."""
        return self.path / "quarantine"

    @property
    def snapshots(self) -> Path:
        """Derived tables, one folder a snapshot."""
        return self.path / "snapshots"

    @property
    def ledger(self) -> Path:
        """What must outlive every snapshot."""
        return self.path / "ledger"

    @property
    def database(self) -> Path:
        """The embedded PostgreSQL cluster."""
        return self.path / "database"

    @property
    def keys(self) -> Path:
        """Signing and pseudonym keys."""
        return self.path / "keys"
