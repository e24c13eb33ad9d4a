"""Words as they are compared, and topics in people's own words."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ruamel.yaml import YAML

from wholeplace.directory.listing import Listing

__all__ = ["Topic", "ignored_words", "read_topics", "root_of", "topics_of", "words_of"]


@dataclass(frozen=True)
class Topic:
    """One thing that people look for help with.

    Attributes:
        needs: headline outcomes of frameworks that its services serve.
        asked_as: how people say it; `terms`: how feeds name it. Each a list of words.
    """

    id: str
    label: str
    needs: tuple[str, ...]
    asked_as: tuple[tuple[str, ...], ...]
    terms: tuple[tuple[str, ...], ...]


@cache
def _held() -> dict[str, object]:
    text = (files("wholeplace.directory.finding") / "topics.yaml").read_text("utf-8")
    return dict(YAML(typ="safe").load(text))


@cache
def read_topics() -> tuple[Topic, ...]:
    """Return the topics in their order."""
    rows: list[dict[str, list[str]]] = _held()["topics"]  # type: ignore[assignment]
    return tuple(
        Topic(
            str(row["id"]),
            str(row["label"]),
            tuple(row["needs"]),
            tuple(words_of(each) for each in row["asked_as"]),
            tuple(words_of(each) for each in row["terms"]),
        )
        for row in rows
    )


@cache
def ignored_words() -> frozenset[str]:
    """Return words that say nothing of what is needed."""
    return frozenset(str(each) for each in _held()["ignored"])  # type: ignore[attr-defined]


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text: small letters, no accents, “can't” as “cant”."""
    plain = unicodedata.normalize("NFKD", str(text).casefold())
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    return tuple(re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", plain).replace("&", " and ")))


def root_of(word: str) -> str:
    """Return what two forms of one English word share: children's debts, debt, advising."""
    for ending, least in (("ies", 5), ("ing", 6), ("ed", 5), ("es", 5), ("s", 4)):
        if word.endswith(ending) and len(word) >= least and not word.endswith("ss"):
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word


def topics_of(listing: Listing) -> tuple[str, ...]:
    """Return the topics of a listing: by its terms where feeds gave any, else by its words."""
    by_terms = _topics_in(listing.terms)
    if by_terms:
        return by_terms
    return _topics_in([listing.name]) or _topics_in([str(listing.document.get("description", ""))])


def _topics_in(texts: Iterable[str]) -> tuple[str, ...]:
    said = [" ".join(map(root_of, words_of(each))) for each in texts]
    return tuple(
        topic.id
        for topic in read_topics()
        if any(
            f" {' '.join(map(root_of, term))} " in f" {each} "
            for term in topic.terms
            for each in said
        )
    )
