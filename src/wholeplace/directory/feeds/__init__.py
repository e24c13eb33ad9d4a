"""Feeds as they really are: read to the end, reported, and brought into one shape."""

from wholeplace.directory.feeds.definitions import (
    DirectoryDefinition,
    FeedDefinition,
    open_feed,
    read_directory_definition,
)
from wholeplace.directory.feeds.harvesting import Prepared, prepare_harvest, prepare_service
from wholeplace.directory.feeds.peer import FeedPeer, Patience
from wholeplace.directory.feeds.plan import ImportPlan, Known, plan_import
from wholeplace.directory.feeds.saved import SavedFeed
from wholeplace.directory.feeds.walking import Harvest, Received, walk_feed

__all__ = [
    "DirectoryDefinition",
    "FeedDefinition",
    "FeedPeer",
    "Harvest",
    "ImportPlan",
    "Known",
    "Patience",
    "Prepared",
    "Received",
    "SavedFeed",
    "open_feed",
    "plan_import",
    "prepare_harvest",
    "prepare_service",
    "read_directory_definition",
    "walk_feed",
]
