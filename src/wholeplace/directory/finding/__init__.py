"""Finding help: in people's own words, near them, for their age."""

from wholeplace.directory.finding.choosing import (
    Choice,
    Wish,
    choose_services,
    is_for_age,
    topics_for_need,
)
from wholeplace.directory.finding.origins import Origin, Origins, distance_km, nearest_km
from wholeplace.directory.finding.search import Found, SearchIndex
from wholeplace.directory.finding.words import Topic, read_topics, topics_of

__all__ = [
    "Choice",
    "Found",
    "Origin",
    "Origins",
    "SearchIndex",
    "Topic",
    "Wish",
    "choose_services",
    "distance_km",
    "is_for_age",
    "nearest_km",
    "read_topics",
    "topics_for_need",
    "topics_of",
]
