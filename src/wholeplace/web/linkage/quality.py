"""Pages on how good links are: a sample to label, what the labels say, and the model card."""

import secrets
from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from wholeplace.foundation.errors import NotFoundError
from wholeplace.linkage.model import MODEL_FILE, read_model
from wholeplace.linkage.review.agreement import Agreement, measure_agreement
from wholeplace.linkage.review.card import card_charts, make_card
from wholeplace.linkage.review.figures import review_figures
from wholeplace.linkage.review.quality import DIMENSIONS, LabelledPair, LinkQuality, measure_quality
from wholeplace.linkage.review.queue import read_pairs
from wholeplace.linkage.review.sampling import Frame, draw_sample, read_frame, read_groups
from wholeplace.people.read import read_subjects
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import OpenPlace, current_place
from wholeplace.web.linkage.access import PURPOSE, REVIEWERS, Reviewer, reviewer_of
from wholeplace.web.linkage.models import MatchAnchor, MatchAnswer, MatchReview, MatchSample
from wholeplace.web.linkage.reviews import open_review, reviews_by_anchors

__all__ = ["draw", "draw_for", "how_reviewers_agree", "quality_of", "show_model", "show_quality"]


_READERS = frozenset({"data-steward", "data-protection-officer", "analyst", "programme-lead"})
_TITLES = {
    "datasets": "By pair of sources",
    "sex": "By sex",
    "age_band": "By age",
    "area": "By area",
}


@route(roles=REVIEWERS, shows="counts")
@never_cache
@require_safe
def show_quality(request: HttpRequest) -> HttpResponse:
    """How good links are, from the labels of the newest sample."""
    reviewer = reviewer_of(request)
    viewer = reviewer.viewer
    record(
        "linkage.quality-viewed", actor=viewer.user_id, organisation=viewer.organisation,
        role=viewer.role, purpose=PURPOSE,
    )  # fmt: skip
    sample = MatchSample.objects.filter(organisation=viewer.organisation).first()
    found = quality_of(current_place(), sample) if sample else None
    terms = reviewer.rules.terms
    context = {
        "sample": sample,
        "quality": found,
        "groups": _name_groups(found, terms) if found else [],
        "agreement": how_reviewers_agree(),
        "figures": review_figures(),
    }
    return render(request, "linkage/quality.html", context)


@route(roles=REVIEWERS, shows="counts")
@never_cache
@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    """Draw a new sample of links to label."""
    draw_for(reviewer_of(request))
    messages.success(request, "A sample was drawn. Its pairs wait in the list of doubtful matches.")
    return redirect("linkage:queue")


@route(roles=_READERS, shows="operations")
@require_safe
def show_model(request: HttpRequest) -> HttpResponse:
    """The model card: how records are matched, in plain words."""
    place = current_place()
    is_own = (place.folder / MODEL_FILE).exists()
    try:
        learnt = place.snapshot.manifest.get("link")
        reads = place.snapshot_reader
    except NotFoundError:
        learnt, reads = None, None
    card = make_card(read_model(place.folder), is_own=is_own, learnt=learnt, reads=reads)
    charts = card_charts(card)
    compared = [
        {"card": each, "chart": charts[f"weights-{number}"], "number": number}
        for number, each in enumerate(card.comparisons, 1)
    ]
    context = {"card": card, "compared": compared, "charts": charts}
    return render(request, "linkage/model.html", context)


def draw_for(reviewer: Reviewer) -> MatchSample:
    """Draw a sample of pairs of which a reviewer may know both records, and put it up for review."""
    place, viewer = current_place(), reviewer.viewer
    frame, sample_id = _frame(place), secrets.token_hex(10)
    reader = place.snapshot_reader
    drawn = draw_sample(reader, frame, sample_id, has_areas=_has_areas(place))
    pairs = read_pairs(place.snapshot_reader, [(each.left, each.right) for each in drawn])
    people = sorted({who for pair in pairs.values() for who in pair.people})
    subjects = read_subjects(place.snapshot_reader, people)
    seen = [
        (each, pairs[each.left, each.right])
        for each in drawn
        if reviewer.may_know(pairs[each.left, each.right], subjects)
    ]
    record(
        "linkage.sample-drawn", actor=viewer.user_id, organisation=viewer.organisation,
        role=viewer.role, sample=sample_id,
    )  # fmt: skip
    taken = reviews_by_anchors()
    with transaction.atomic():
        sample = MatchSample.objects.create(
            id=sample_id, organisation=viewer.organisation, drawn_by=viewer.user_id,
            drawn_at=reviewer.at, snapshot_id=place.snapshot.id, sizes=frame.sizes(),
        )  # fmt: skip
        for each, pair in seen:
            held = taken.get((each.left, each.right))
            if held is None:
                open_review(
                    pair, reviewer.at, needs_second=each.is_double, sample=sample_id, band=each.band
                )
                continue
            # What somebody said of it already is a label too: it was drawn all the same.
            held.sample, held.band, held.outcome = sample_id, each.band, pair.outcome
            held.save(update_fields=["sample", "band", "outcome"])
        # What was drawn before and nobody answered is asked no more.
        answered = MatchAnswer.objects.values("review")
        over = MatchReview.objects.filter(state="open").exclude(sample__in=("", sample_id))
        left = list(over.exclude(pk__in=answered).values_list("pk", flat=True))
        # A review goes with its anchors.
        MatchAnchor.objects.filter(review__in=left).delete()
    return sample


def quality_of(place: OpenPlace, sample: MatchSample) -> LinkQuality:
    """Return what the labels of a sample say."""
    labelled = [
        LabelledPair(left, right, each.band, each.outcome == "linked", each.state == "same")
        for (left, right), each in reviews_by_anchors().items()
        if each.sample == sample.pk and each.state in ("same", "different")
    ]
    groups = read_groups(
        place.snapshot_reader,
        [(each.left, each.right) for each in labelled],
        has_areas=_has_areas(place),
    )
    return measure_quality(_frame(place), sample.sizes, labelled, groups)


def how_reviewers_agree() -> Agreement | None:
    """Return how well two reviewers agree, over pairs that both answered without seeing the other."""
    blind: dict[str, list[str]] = defaultdict(list)
    for each in MatchAnswer.objects.filter(is_blind=True):
        blind[each.review].append(each.answer)
    return measure_agreement((each[0], each[1]) for each in blind.values() if len(each) > 1)


def _frame(place: OpenPlace) -> Frame:
    reader, has_areas = place.snapshot_reader, _has_areas(place)
    return reader.keep("frame of links", lambda: read_frame(reader, has_areas=has_areas))


def _has_areas(place: OpenPlace) -> bool:
    return "person_areas" in place.snapshot.tables


def _name_groups(found: LinkQuality, terms: Any) -> list[dict[str, Any]]:
    """Return each dimension with its title and its groups in words."""
    datasets = current_place().place.datasets
    areas = _area_names()

    def words(dimension: str, group: str) -> str:
        if dimension == "datasets":
            named = (
                datasets[each].title if each in datasets else each for each in group.split(" | ")
            )
            return " and ".join(named)
        known = {"sex": {"F": "Female", "M": "Male"}, "area": areas}.get(dimension, {})
        return known.get(group, group.capitalize())

    return [
        {
            "title": _TITLES[name],
            "rows": [{"name": words(name, each.group), "is": each} for each in found.groups[name]],
        }
        for name in DIMENSIONS
    ]


def _area_names() -> dict[str, str]:
    place = current_place()
    if "areas" not in place.snapshot.tables:
        return {}
    rows = place.snapshot_reader.rows(
        "SELECT area_code, any_value(name) AS name FROM areas GROUP BY area_code"
    )
    return {row["area_code"]: row["name"] for row in rows}
