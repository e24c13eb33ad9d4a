"""The model card: how a place matches records, in plain words, made from the model itself."""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from wholeplace.foundation.disclosure import rounded_number_of_people
from wholeplace.linkage.grouping import veto_rules
from wholeplace.linkage.model import Comparison, LinkModel
from wholeplace.linkage.review.charts import Bar, draw_bars, draw_columns
from wholeplace.linkage.review.queue import Reads
from wholeplace.linkage.training import Parameters
from wholeplace.linkage.vetoes import NAMESAKE_YEARS

__all__ = ["ComparisonCard", "LevelCard", "ModelCard", "card_charts", "card_markdown", "make_card"]

_RARITIES = (0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001)
_THRESHOLDS = (
    (-math.inf, 0.0, "below 0"), (0.0, 5.0, "0 to 5"), (5.0, 10.0, "5 to 10"),
    (10.0, 15.0, "10 to 15"), (15.0, 20.0, "15 to 20"), (20.0, 30.0, "20 to 30"),
    (30.0, math.inf, "over 30"),
)  # fmt: skip


@dataclass(frozen=True)
class LevelCard:
    """One way to agree, and what it is worth.

    Attributes:
        m: of pairs that are one person, the share that agrees so.
        u: of pairs of two people.
        bits: log2 of m over u: +1 doubles the odds, -1 halves them.
        is_rarer_worth_more: whether a rare value adds to it.
    """

    words: str
    m: float
    u: float
    bits: float
    is_rarer_worth_more: bool


@dataclass(frozen=True)
class ComparisonCard:
    """One thing compared, its levels from best to worst."""

    label: str
    levels: tuple[LevelCard, ...]


@dataclass(frozen=True)
class ModelCard:
    """Everything on the card.

    Attributes:
        records: how many records it learnt from, rounded; empty where it has learnt nothing.
        prior: one pair in so many, drawn blindly, is one person.
        rarity: (share of records that bear a value, bits that it adds), for first names.
        weights: (bits from, to in words, share of links, share of pairs not linked) of pairs kept.
    """

    version: str
    source: str
    is_own: bool
    trained_on: dt.date | None
    records: str
    prior: int
    comparisons: tuple[ComparisonCard, ...]
    rarity: tuple[tuple[float, float], ...]
    weights: tuple[tuple[str, float, float], ...]
    link_probability: float
    pooled_probability: float
    review_probability: float
    most_bits: float
    vetoes: tuple[str, ...]
    blocking: int
    largest_group: int
    learnt: str

    def as_plain(self) -> dict[str, Any]:
        """Return the card as plain values for JSON."""
        return asdict(self)


def make_card(
    model: LinkModel,
    *,
    is_own: bool,
    learnt: Mapping[str, Any] | None = None,
    reads: Reads | None = None,
) -> ModelCard:
    """Return the card of a model, with what the last run learnt for it.

    Args:
        model: the place's.
        is_own: whether it is the place's own file.
        learnt: the link report of a snapshot's manifest; passed over where it is of another
            model. The model's own figures stand where nothing was learnt.
        reads: the same snapshot, for how pairs spread over odds.
    """
    told = learnt if learnt and learnt.get("model_hash") == model.hash else None
    parameters = _parameters(told["parameters"]) if told else None
    is_trained = bool(parameters and parameters.trained)
    prior = parameters.prior if parameters else 0.0
    return ModelCard(
        version=model.version,
        source=model.source,
        is_own=is_own,
        trained_on=dt.date.fromisoformat(told["trained_on"]) if told and is_trained else None,
        records=rounded_number_of_people(int(told["records"])) if told and is_trained else "",
        prior=round(1 / prior) if prior else 0,
        comparisons=tuple(_compare(item, parameters) for item in model.comparisons),
        rarity=_rarity(model, parameters) if parameters and is_trained else (),
        weights=_weights(reads) if reads and told else (),
        link_probability=model.pooling.link_probability,
        pooled_probability=model.pooling.pooled_probability,
        review_probability=model.review_probability,
        most_bits=model.pooling.most_bits,
        vetoes=_vetoes(model, parameters),
        blocking=len(model.blocking),
        largest_group=model.largest_group,
        learnt=str(told["version"]) if told else "",
    )


def card_charts(card: ModelCard) -> dict[str, str]:
    """Return the card's charts by name, as SVG text."""
    charts = {
        f"weights-{number}": draw_bars(
            [Bar(level.words, level.bits) for level in each.levels],
            title=f"{each.label}: what each way to agree is worth, in bits",
            name=f"weights-{number}",
        )
        for number, each in enumerate(card.comparisons, 1)
    }
    if card.rarity:
        charts["rarity"] = draw_bars(
            [Bar(f"borne by {_one_in(share)}", bits) for share, bits in card.rarity],
            title="The same first name: the rarer it is, the more it is worth, in bits",
            name="rarity",
        )
    if card.weights:
        charts["threshold"] = draw_columns(
            [(words, (linked, apart)) for words, linked, apart in card.weights],
            ("linked", "not linked"),
            title="Pairs kept, by the odds in bits: linked, and not linked",
            name="threshold",
        )
    return charts


def card_markdown(card: ModelCard, charts: Mapping[str, str], *, folder: str = "") -> str:
    """Return the card as Markdown.

    Args:
        card: the card.
        charts: its charts, written beside it as `<name>.svg` where a folder is named.
        folder: the folder of the charts, relative to the card; empty for no charts.
    """

    def chart(name: str, words: str) -> list[str]:
        return [f"![{words}]({folder}/{name}.svg)", ""] if folder and name in charts else []

    lines = [
        "# How records are matched",
        "",
        *_opening(card),
        "## What each agreement is worth",
        "",
    ]
    for number, each in enumerate(card.comparisons, 1):
        lines += [f"### {each.label}", "", *chart(f"weights-{number}", each.label)]
        lines += ["| how they agree | one person | two people | bits |", "|---|---|---|---|"]
        lines += [
            f"| {level.words}{' *' if level.is_rarer_worth_more else ''} | {_share(level.m)} | "
            f"{_share(level.u)} | {level.bits:+.1f} |"
            for level in each.levels
        ]
        lines.append("")
    if card.rarity:
        lines += [
            "## Rare names",
            "",
            "An agreement marked * is worth more where the value is rare.",
        ]
        lines += ["", *chart("rarity", "What a rare first name adds")]
        lines += ["| first name borne by | bits |", "|---|---|"]
        lines += [f"| {_one_in(share)} | {bits:+.1f} |" for share, bits in card.rarity] + [""]
    lines += ["## When records are linked", "", *_linking(card), ""]
    if card.weights:
        lines += chart("threshold", "Pairs by odds")
        lines += ["| odds in bits | of links | of pairs not linked |", "|---|---|---|"]
        lines += [f"| {words} | {one:.0%} | {other:.0%} |" for words, one, other in card.weights]
        lines.append("")
    lines += ["## What it is not", "", *_limits(), ""]
    return "\n".join(lines)


def _opening(card: ModelCard) -> list[str]:
    whose = "This place's own model" if card.is_own else "The model that comes with Wholeplace"
    told = [f"{whose}, version {card.version}. {card.source}", ""]
    if card.trained_on:
        told += [
            f"It learnt on {card.trained_on.isoformat()} from {card.records} records of this place. "
            f"Of pairs drawn blindly, one in {card.prior:,} is one person.",
            "",
        ]
    else:
        told += ["It has not learnt from this place's records; its own figures stand.", ""]
    return told


def _linking(card: ModelCard) -> list[str]:
    return [
        f"Records are compared where they agree on all parts of one of {card.blocking} rules; a value "
        f"that more than {card.largest_group} records share is passed over.",
        f"Two groups of records are joined where the best pair across them reaches a probability of "
        f"{card.link_probability:.0%} and the pooled evidence {card.pooled_probability:.0%}; one "
        f"pair counts at most {card.most_bits:g} bits either way.",
        f"Pairs of a probability of {card.review_probability:.0%} or more that are not linked are "
        "kept for people to decide on. What people decide holds over everything else.",
        *(f"- {each}" for each in card.vetoes),
    ]


def _limits() -> list[str]:
    return [
        "- It says that records are about one person. It says nothing about the person, ranks "
        "nobody and refuses nobody anything.",
        "- Figures rest on the partners' records as they are: whoever is recorded badly is matched "
        "badly. How good links are, by group, is estimated from people's labels "
        "(`wholeplace link review quality`).",
        "- True pairs that share no value of any rule are never compared.",
    ]


def _parameters(plain: Mapping[str, Any]) -> Parameters:
    chances = {
        name: {level: (float(each["m"]), float(each["u"])) for level, each in levels.items()}
        for name, levels in plain["levels"].items()
    }
    return Parameters(float(plain["prior"]), chances, bool(plain["trained"]))


def _compare(item: Comparison, parameters: Parameters | None) -> ComparisonCard:
    chances = parameters.chances.get(item.name, {}) if parameters else {}
    levels = []
    for level in item.levels:
        if level.missing:
            continue
        m, u = chances.get(level.id, (level.m or 0.0, level.u or 0.0))
        bits = round(math.log2(m / u), 2)
        levels.append(LevelCard(level.label, m, u, bits, bool(level.frequency)))
    return ComparisonCard(item.label, tuple(levels))


def _rarity(model: LinkModel, parameters: Parameters) -> tuple[tuple[float, float], ...]:
    """Return what the same first name is worth by how many bear it: its share stands for u."""
    for item in model.comparisons:
        level = next((each for each in item.levels if each.frequency == "given_name"), None)
        if level:
            m, _ = parameters.chances[item.name][level.id]
            return tuple((share, round(math.log2(m / share), 2)) for share in _RARITIES)
    return ()


def _weights(reads: Reads) -> tuple[tuple[str, float, float], ...]:
    """Return how pairs kept spread over odds: shares alone, in whole hundredths."""
    rows = reads.rows("SELECT weight, outcome = 'linked' AS is_linked FROM link_edges")
    linked = [float(row["weight"]) for row in rows if row["is_linked"]]
    apart = [float(row["weight"]) for row in rows if not row["is_linked"]]

    def share(weights: list[float], low: float, high: float) -> float:
        return round(sum(low <= weight < high for weight in weights) / max(len(weights), 1), 2)

    return tuple(
        (words, share(linked, low, high), share(apart, low, high))
        for low, high, words in _THRESHOLDS
    )


def _vetoes(model: LinkModel, parameters: Parameters | None) -> tuple[str, ...]:
    told = [
        "Two different NHS numbers, National Insurance numbers or pupil numbers are two people."
    ]
    rules = veto_rules(model, parameters) if parameters else None
    if rules is None or rules.twins:
        told.append("The same date of birth with unlike first names is two people: twins.")
    if rules is None or rules.namesakes:
        told.append(
            f"The same name born {NAMESAKE_YEARS} years apart or more is two people: namesakes."
        )
    return tuple(told)


def _share(value: float) -> str:
    return f"{value:.1%}" if value >= 0.001 else f"1 in {round(1 / value):,}"


def _one_in(share: float) -> str:
    return f"1 in {round(1 / share):,}"
