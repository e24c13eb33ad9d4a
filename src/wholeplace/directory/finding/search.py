"""Plain-language search: slang, slips of the pen, and the words that feeds use.

Every word that was typed is looked for in three ways: as it stands, as one that is nearly it
(rapidfuzz), and as a way of saying a topic. A listing that answers more of the words stands
higher; one that answers fewer than half of them is not shown.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from wholeplace.directory.finding.words import ignored_words, read_topics, root_of, words_of
from wholeplace.directory.listing import Listing

__all__ = ["Found", "SearchIndex"]

# How much a word counts by where it stands.
_WORTH = {"name": 6.0, "term": 4.0, "topic": 5.0, "organisation": 3.0, "description": 1.5}
_PREFIX_WORTH, _SLIP_WORTH = 0.8, 0.7
_SHORTEST_PREFIX = 4
_LONGEST_PHRASE = 5


@dataclass(frozen=True)
class Found:
    """One listing that answers a search.

    Attributes:
        answered: share of what was typed that it answers, 0 to 1.
        score: how well.
    """

    listing: Listing
    answered: float
    score: float


class SearchIndex:
    """Listings by their words; made once for each state of the directory."""

    def __init__(self, listings: Iterable[Listing]) -> None:
        self._listings = {each.id: each for each in listings}
        self._by_word: dict[str, dict[str, float]] = defaultdict(dict)
        self._by_topic: dict[str, list[str]] = defaultdict(list)
        for each in self._listings.values():
            self._add(each)
        self._words = sorted(self._by_word)
        self._sayings = _sayings()
        self._said_words = sorted({word for saying in self._sayings for word in saying})

    def _add(self, listing: Listing) -> None:
        texts = {
            "name": [listing.name],
            "term": listing.terms,
            "organisation": [listing.organisation],
            "description": [str(listing.document.get("description", ""))],
        }
        for where, said in texts.items():
            for word in {root_of(word) for text in said for word in words_of(text)}:
                held = self._by_word[word]
                held[listing.id] = max(held.get(listing.id, 0.0), _WORTH[where])
        for topic in listing.topics:
            self._by_topic[topic].append(listing.id)

    def find(self, text: str) -> list[Found]:
        """Return the listings that answer what was typed, the best first; all where nothing was."""
        asked = self._concepts(text)
        if not asked:
            named = sorted(self._listings.values(), key=lambda each: each.name.casefold())
            return [Found(each, 1.0, 0.0) for each in named]
        answered: dict[str, int] = defaultdict(int)
        scores: dict[str, float] = defaultdict(float)
        for concept in asked:
            for listing_id, score in concept.items():
                answered[listing_id] += 1
                scores[listing_id] += score
        found = [
            Found(self._listings[each], answered[each] / len(asked), scores[each])
            for each in scores
            if answered[each] * 2 >= len(asked)
        ]
        return sorted(
            found, key=lambda each: (-each.answered, -each.score, each.listing.name.casefold())
        )

    def _concepts(self, text: str) -> list[Mapping[str, float]]:
        """Return, for each thing that was said, the listings that answer it."""
        words = [self._spelt(word) for word in words_of(text)]
        found: list[Mapping[str, float]] = []
        at = 0
        while at < len(words):
            length, topics = self._saying_at(words, at)
            if length:
                said = self._of_topics(topics)
                if length == 1:
                    said = _best(said, self._of_word(words[at]))
                found.append(said)
                at += length
                continue
            if words[at] not in ignored_words():
                found.append(self._of_word(words[at]))
            at += 1
        return found

    def _spelt(self, word: str) -> str:
        """Return a saying's word where the one typed is a slip of it and stands nowhere itself."""
        known = word in self._said_words or root_of(word) in self._by_word
        if known or word in ignored_words() or len(word) < _SHORTEST_PREFIX:
            return word
        return _nearest(word, self._said_words) or word

    def _saying_at(self, words: Sequence[str], at: int) -> tuple[int, frozenset[str]]:
        for length in range(min(_LONGEST_PHRASE, len(words) - at), 0, -1):
            saying = tuple(words[at : at + length])
            topics = self._sayings.get(saying) or self._sayings.get(tuple(map(root_of, saying)))
            if topics:
                return length, topics
        return 0, frozenset()

    def _of_topics(self, topics: Iterable[str]) -> dict[str, float]:
        return {each: _WORTH["topic"] for topic in topics for each in self._by_topic[topic]}

    def _of_word(self, word: str) -> dict[str, float]:
        root = root_of(word)
        found = dict(self._by_word.get(root, {}))
        if len(root) >= _SHORTEST_PREFIX:
            longer = (each for each in self._words if each.startswith(root) and each != root)
            for each in longer:
                found = _best(found, _less(self._by_word[each], _PREFIX_WORTH))
            if not found and (near := _nearest(root, self._words)):
                found = _less(self._by_word[near], _SLIP_WORTH)
        return found


def _sayings() -> dict[tuple[str, ...], frozenset[str]]:
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for topic in read_topics():
        for saying in (*topic.asked_as, *topic.terms):
            found[saying].add(topic.id)
            found[tuple(map(root_of, saying))].add(topic.id)
    return {saying: frozenset(topics) for saying, topics in found.items()}


def _nearest(word: str, known: Sequence[str]) -> str:
    """Return the known word that is nearest, one slip away, or two where the word is long."""
    slips = 1 if len(word) < 8 else 2
    same = [each for each in known if each[:1] == word[:1] and len(each) >= _SHORTEST_PREFIX]
    found = process.extractOne(word, same, scorer=OSA.distance, score_cutoff=slips)
    return str(found[0]) if found else ""


def _less(held: Mapping[str, float], share: float) -> dict[str, float]:
    return {each: score * share for each, score in held.items()}


def _best(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    return {each: max(one.get(each, 0.0), other.get(each, 0.0)) for each in one.keys() | other}
