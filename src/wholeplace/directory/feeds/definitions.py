"""`directory/feeds.yaml` of a place folder: which feeds there are, and who runs what."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from wholeplace.directory.feeds.peer import FeedPeer, ReadsFeed
from wholeplace.directory.feeds.saved import SavedFeed
from wholeplace.foundation.errors import CheckFailedError, Fault

__all__ = ["DirectoryDefinition", "FeedDefinition", "open_feed", "read_directory_definition"]

_FILE = "directory/feeds.yaml"
_Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


class FeedDefinition(BaseModel):
    """One feed.

    Attributes:
        publisher: partner who publishes it; empty where it is none of the partners.
        address: what stands before `/services`; or `file`, a saved feed in `directory/`.
        confidential: the feed's own ids of services whose address is confidential.
        not_confidential: ids of those that a person found to be public, though their words
            are those of confidential ones; the feed's own mark still counts.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: _Id
    title: str
    publisher: str = ""
    licence: str = ""
    address: str = ""
    file: str = ""
    confidential: tuple[str, ...] = ()
    not_confidential: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _check_source(self) -> "FeedDefinition":
        if bool(self.address) == bool(self.file):
            raise ValueError("a feed has either an address or a file")
        if self.address and not self.address.startswith(("http://", "https://")):
            raise ValueError("an address begins with https://")
        if "/" in self.file or "\\" in self.file:
            raise ValueError("a file stands in directory/ itself")
        return self


class ServiceOrganisation(BaseModel):
    """Under which names a partner's services stand in the feeds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    partner: str
    organisations: tuple[str, ...]


class DirectoryDefinition(BaseModel):
    """The directory of a place: its feeds in order of trust, and whose services are whose."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    feeds: tuple[FeedDefinition, ...] = ()
    run_by: tuple[ServiceOrganisation, ...] = ()

    @model_validator(mode="after")
    def _check_ids(self) -> "DirectoryDefinition":
        ids = [each.id for each in self.feeds]
        if len(set(ids)) != len(ids):
            raise ValueError("two feeds have one id")
        return self

    def partner_of(self, organisation: str) -> str:
        """Return the partner that runs services under an organisation's name; empty for none."""
        wanted = " ".join(organisation.casefold().split())
        for each in self.run_by:
            if wanted in {" ".join(name.casefold().split()) for name in each.organisations}:
                return each.partner
        return ""


def read_directory_definition(
    folder: Path, partners: Mapping[str, Any] | None = None
) -> DirectoryDefinition:
    """Return what `directory/feeds.yaml` says; an empty directory where there is no such file.

    Raises:
        CheckFailedError: if it has faults.
    """
    file = folder / _FILE
    if not file.is_file():
        return DirectoryDefinition()
    try:
        found = DirectoryDefinition.model_validate(YAML(typ="safe").load(file.read_text("utf-8")) or {})  # fmt: skip
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise CheckFailedError([Fault(_FILE, mark.line + 1 if mark else 1, "it is no YAML")]) from None  # fmt: skip
    except ValidationError as error:
        raise CheckFailedError([_fault(each) for each in error.errors()]) from None
    if partners is not None and (unknown := _unknown(found, partners)):
        faults = [
            Fault(_FILE, 0, f"there is no partner `{each}`", "an id of partners.yaml")
            for each in unknown
        ]
        raise CheckFailedError(faults)
    return found


def _unknown(found: DirectoryDefinition, partners: Mapping[str, Any]) -> Sequence[str]:
    named = {each.publisher for each in found.feeds if each.publisher}
    named |= {each.partner for each in found.run_by}
    return sorted(named - partners.keys())


def _fault(error: Any) -> Fault:
    where = ".".join(str(part) for part in error["loc"]) or "the file"
    return Fault(_FILE, 0, f"{where}: {error['msg']}", "", "see docs/reference/directory.md")


def open_feed(folder: Path, feed: FeedDefinition) -> ReadsFeed:
    """Return what answers for a feed."""
    return SavedFeed(folder / "directory" / feed.file) if feed.file else FeedPeer(feed.address)
