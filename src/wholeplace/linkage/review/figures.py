"""The figures of review, from `linkage/data/review.yaml`."""

import datetime as dt
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

__all__ = ["ReviewFigures", "band_of", "review_figures"]


class ReviewFigures(BaseModel):
    """What the file says; each figure with where it comes from.

    Attributes:
        bands: (least probability, words), the highest first.
        sample_labels: labels on links in one sample.
        sample_missed_labels: labels on pairs that were not linked.
        double_share: share of the sample that two reviewers answer.
        least_labels_a_band: labels in every band that has a pair.
        least_doubt: share wrong that every band counts as having when labels are shared out.
        flag_weight: how much more an answer is worth on which flags hang.
        listed: pairs on one page.
        looked_through: pairs from which these are picked.
        reason_minutes: how long one opening lets its records be looked at.
        age_bands: years at which bands begin.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    reviewed_on: dt.date
    bands: tuple[tuple[float, str], ...]
    bands_source: str
    sample_labels: int = Field(ge=50)
    sample_labels_source: str
    sample_missed_labels: int = Field(ge=0)
    sample_missed_labels_source: str
    double_share: float = Field(gt=0, le=1)
    double_share_source: str
    least_labels_a_band: int = Field(ge=1)
    least_doubt: float = Field(gt=0, lt=1)
    labels_source: str
    flag_weight: float = Field(ge=1)
    flag_weight_source: str
    listed: int = Field(ge=1)
    looked_through: int = Field(ge=1)
    listed_source: str
    reason_minutes: int = Field(ge=1)
    reason_minutes_source: str
    age_bands: tuple[int, ...]
    age_bands_source: str


@cache
def review_figures() -> ReviewFigures:
    """Return the figures that come with Wholeplace."""
    text = (files("wholeplace") / "linkage" / "data" / "review.yaml").read_text("utf-8")
    return ReviewFigures.model_validate(YAML(typ="safe").load(text))


def band_of(probability: float) -> str:
    """Return the words of the band that a pair's probability lies in."""
    bands = review_figures().bands
    return next((words for least, words in bands if probability >= least), bands[-1][1])
