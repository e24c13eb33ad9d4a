"""What labels on a sample say of a place's links: overall, by pair of sources, and by group.

Where links of one group are right less often than those of others, its people are joined with
strangers, or lost, more often: that is bias, and it is shown. Groups with few labels are not.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from wholeplace.foundation.deletions import Anchor
from wholeplace.foundation.disclosure import protect_counts
from wholeplace.linkage.review.estimating import (
    Estimate,
    Labels,
    estimate_precision,
    estimate_recall,
)
from wholeplace.linkage.review.sampling import Frame

__all__ = ["DIMENSIONS", "GroupQuality", "LabelledPair", "LinkQuality", "measure_quality"]

DIMENSIONS = ("datasets", "sex", "age_band", "area")
"""What links are told apart by. Ethnicity is no field of the vocabulary, so none is held."""

Bands = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class LabelledPair:
    """One sampled pair that people decided on.

    Attributes:
        band: its score band when it was drawn.
        is_linked: whether linkage had linked it then.
        is_same: what people said.
    """

    left: Anchor
    right: Anchor
    band: str
    is_linked: bool
    is_same: bool


@dataclass(frozen=True)
class GroupQuality:
    """Precision in one group; nothing but its name where labels are few.

    Attributes:
        labels: how many labels, protected: “40”, “fewer than 8”.
        is_worse: whether its links are right less often than all together, beyond chance.
    """

    group: str
    labels: str
    precision: Estimate | None
    is_worse: bool


@dataclass(frozen=True)
class LinkQuality:
    """All that labels say.

    Attributes:
        groups: dimension → its groups.
    """

    precision: Estimate | None
    recall: Estimate | None
    groups: Mapping[str, Sequence[GroupQuality]]


def measure_quality(
    frame: Frame,
    sizes: Bands,
    labelled: Iterable[LabelledPair],
    groups_of: Mapping[tuple[Anchor, Anchor], Mapping[str, str]],
) -> LinkQuality:
    """Return what labels say of the links of a place.

    Args:
        frame: the pairs of the snapshot as it is now; tells of groups.
        sizes: of the sample when it was drawn: linked and unlinked → band → pairs.
        labelled: sampled pairs that people decided on.
        groups_of: pair → dimension → its group, of those that have not left.
    """
    labels = list(labelled)
    linked = [each for each in labels if each.is_linked]
    unlinked = [each for each in labels if not each.is_linked]
    precision = estimate_precision(_by_band(sizes["linked"], linked))
    recall = estimate_recall(
        _by_band(sizes["linked"], linked), _by_band(sizes["unlinked"], unlinked)
    )
    groups = {
        name: _measure_groups(frame.groups(name), name, linked, groups_of, precision)
        for name in DIMENSIONS
    }
    return LinkQuality(precision, recall, groups)


def _by_band(sizes: Mapping[str, int], labelled: Iterable[LabelledPair]) -> dict[str, Labels]:
    given, apart = Counter[str](), Counter[str]()
    for each in labelled:
        given[each.band] += 1
        apart[each.band] += not each.is_same
    return {
        band: Labels(max(size, given[band]), given[band], apart[band])
        for band, size in sizes.items()
    }


def _measure_groups(
    sizes: Mapping[str, Mapping[str, int]],
    dimension: str,
    linked: Sequence[LabelledPair],
    groups_of: Mapping[tuple[Anchor, Anchor], Mapping[str, str]],
    overall: Estimate | None,
) -> list[GroupQuality]:
    theirs = defaultdict[str, list[LabelledPair]](list)
    for each in linked:
        known = groups_of.get((each.left, each.right))
        if known:
            theirs[known[dimension]].append(each)
    if not theirs:
        return []
    protected = protect_counts({group: len(found) for group, found in sorted(theirs.items())})
    measured = []
    for group, found in sorted(theirs.items()):
        count = protected.figures["cell", group]
        estimate = None
        if count.shown:
            estimate = estimate_precision(_by_band(sizes.get(group, {}), found))
        if estimate and count.shown:
            estimate = replace(estimate, labels=count.shown)
        is_worse = bool(estimate and overall and estimate.high < overall.share)
        measured.append(GroupQuality(group, str(count), estimate, is_worse))
    return measured
