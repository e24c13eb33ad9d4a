"""`hubs/sites.yaml` of a place folder: where a hub could be, and where services are seen today.

Reviewed text, as all definitions of a place are: a site is added or closed by an edit, and what it
can take stands beside its source.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from wholeplace.foundation.errors import CheckFailedError, Fault
from wholeplace.partnership.texts import read_yaml
from wholeplace.places.hubs.travel import Point

__all__ = ["HubSite", "Office", "SitesFile", "read_sites"]

FILE = "hubs/sites.yaml"
_SLUG = Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)


class _Definition(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HubSite(_Definition):
    """One building where several services could be seen.

    Attributes:
        owner: partner whose building it is.
        hosts: partners that could work there.
        can_take: residents who use several services that it could see in a year.
        hub_since: from when it is a hub; None while it is only a candidate.
        step_free: whether one gets in and about without steps.
    """

    id: str = _SLUG
    name: str
    address: str
    longitude: float
    latitude: float
    owner: str
    hosts: tuple[str, ...] = Field(min_length=1)
    can_take: int = Field(gt=0)
    hub_since: dt.date | None = None
    step_free: bool = True

    @property
    def point(self) -> Point:
        """Where it is."""
        return self.longitude, self.latitude

    def is_hub(self, on: dt.date) -> bool:
        """Return whether people are seen there together on a day."""
        return self.hub_since is not None and self.hub_since <= on


class Office(_Definition):
    """Where one partner sees people today."""

    partner: str
    name: str
    longitude: float
    latitude: float

    @property
    def point(self) -> Point:
        """Where it is."""
        return self.longitude, self.latitude


class SitesFile(_Definition):
    """All sites and offices of a place.

    Attributes:
        distances: CSV in `areas/` with the columns area, site, metres; None: straight lines.
    """

    source: str
    reviewed_on: dt.date
    distances: str | None = None
    sites: tuple[HubSite, ...]
    offices: tuple[Office, ...] = ()

    def site(self, site_id: str) -> HubSite | None:
        """Return a site by its id."""
        return next((each for each in self.sites if each.id == site_id), None)

    def hubs(self, on: dt.date) -> tuple[HubSite, ...]:
        """Return the sites that are hubs on a day."""
        return tuple(each for each in self.sites if each.is_hub(on))


def read_sites(folder: Path, partners: Mapping[str, Any]) -> SitesFile | None:
    """Return what a place folder says of its hubs; None where it says nothing.

    Raises:
        CheckFailedError: with every fault of the file.
    """
    file = Path(folder) / FILE
    if not file.is_file():
        return None
    text, faults = read_yaml(file, FILE)
    if faults or text is None:
        raise CheckFailedError(faults)
    try:
        found = SitesFile.model_validate(text.data)
    except ValidationError as error:
        raise CheckFailedError([_fault(each) for each in error.errors()]) from error
    if wrong := [*_repeated([each.id for each in found.sites]), *_unknown(found, partners)]:
        raise CheckFailedError(wrong)
    return found


def _fault(error: Any) -> Fault:
    where = ".".join(str(each) for each in error["loc"])
    return Fault(
        FILE, 0, f"{where}: {error['msg'].lower()}", "what docs/reference/hubs.md says", "mend it"
    )


def _repeated(ids: Sequence[str]) -> list[Fault]:
    twice = sorted({each for each in ids if ids.count(each) > 1})
    return [
        Fault(
            FILE, 0, f"the id `{each}` stands twice", "an id of its own for each site", "rename one"
        )
        for each in twice
    ]


def _unknown(found: SitesFile, partners: Mapping[str, Any]) -> list[Fault]:
    named = {
        *(each.owner for each in found.sites),
        *(partner for each in found.sites for partner in each.hosts),
        *(each.partner for each in found.offices),
    }
    return [
        Fault(FILE, 0, f"`{each}` is no partner", "ids of partners.yaml", "correct it")
        for each in sorted(named - set(partners))
    ]
