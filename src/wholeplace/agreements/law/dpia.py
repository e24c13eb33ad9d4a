"""Data protection impact assessments: the seven steps, as reviewed text of the place folder.

`dpias/<ref>.yaml` holds one; an agreement names it by its `dpia`. It is read by people: what is
checked is that every step was taken, that each risk has its measures, that what a sign-off must
say is said, and that a risk left high went to the Commissioner first. Whether the words are true
no check can tell.

Source: Information Commissioner's Office, sample DPIA template (steps 1 to 7, its scales of
likelihood, severity and effect); UK GDPR Articles 35 and 36.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from wholeplace.agreements.texts.agreement import Agreement
from wholeplace.foundation.errors import CheckFailedError, Fault
from wholeplace.partnership.texts import MarkedText, Marks
from wholeplace.partnership.wording import read_definition

if TYPE_CHECKING:
    from wholeplace.partnership.folder import PlaceFolder

__all__ = [
    "Dpia",
    "DpiaState",
    "Measure",
    "Risk",
    "SignOffOfDpia",
    "Signed",
    "check_dpia",
    "dpia_faults",
    "dpia_state",
    "read_dpias",
    "residual_of",
    "risk_rating",
]

Rating = Literal["low", "medium", "high"]
DpiaState = Literal["unsigned", "consult", "overdue", "signed-off"]

_RATINGS: dict[Rating, int] = {"low": 0, "medium": 1, "high": 2}
_LIKELIHOODS = ("remote", "possible", "probable")
_SEVERITIES = ("minimal", "significant", "severe")
# Overall risk by likelihood (rows) and severity (columns). The template leaves the joining of the
# two to whoever assesses; this is the least that an assessment here may say.
_LEAST: tuple[tuple[Rating, ...], ...] = (
    ("low", "low", "medium"),
    ("low", "medium", "high"),
    ("low", "high", "high"),
)


class _Text(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Description(_Text):
    """Step 2: what is done, to whose data, in which circumstances, for what."""

    nature: str
    scope: str
    context: str
    purposes: str


class Risk(_Text):
    """Step 5: one way in which people could be harmed."""

    id: str
    risk: str
    likelihood: Literal["remote", "possible", "probable"]
    severity: Literal["minimal", "significant", "severe"]
    overall: Rating


class Measure(_Text):
    """Step 6: one measure against one risk.

    Attributes:
        risk: id of the risk.
        residual: what is left of the risk once this measure works.
    """

    risk: str
    measure: str
    effect: Literal["eliminated", "reduced", "accepted"]
    residual: Rating
    approved: bool = False


class Signed(_Text):
    """Who, in which position, on which day."""

    name: str
    position: str
    on: dt.date


class SignOffOfDpia(_Text):
    """Step 7: sign-off and outcomes.

    Attributes:
        advice_by: the data protection officer; `advice` is a summary of what they said.
        advice_taken: `accepted`, or `overruled`, which needs `overruled_because`.
        departs_because: why the decision departs from people's views, where it does.
        kept_under_review_by: who looks again.
        commissioner_consulted_on: day on which the Commissioner answered, where a risk stays
            high.
    """

    measures_approved_by: Signed | None = None
    residual_risk_approved_by: Signed | None = None
    advice_by: Signed | None = None
    advice: str = ""
    advice_taken: Literal["accepted", "overruled"] | None = None
    overruled_because: str = ""
    consultation_reviewed_by: Signed | None = None
    departs_because: str = ""
    kept_under_review_by: str = ""
    commissioner_consulted_on: dt.date | None = None


class Dpia(_Text):
    """`dpias/<ref>.yaml`: one assessment.

    Attributes:
        ref: what agreements name; also the file's name.
        need: step 1; why it is needed.
        consultation: step 3; who was asked and what they said.
        necessity: step 4; necessity and proportionality.
        review_on: day by which it is looked at again.
    """

    ref: str
    version: str
    title: str
    controller: str
    need: str
    describe: Description
    consultation: str
    necessity: str
    risks: tuple[Risk, ...]
    measures: tuple[Measure, ...]
    sign_off: SignOffOfDpia = SignOffOfDpia()
    review_on: dt.date


def risk_rating(likelihood: str, severity: str) -> Rating:
    """Return the least overall rating that a likelihood and a severity may be given."""
    return _LEAST[_LIKELIHOODS.index(likelihood)][_SEVERITIES.index(severity)]


def residual_of(dpia: Dpia, risk: Risk) -> Rating:
    """Return what is left of a risk: the lowest that an approved measure leaves of it."""
    left = [each.residual for each in dpia.measures if each.risk == risk.id and each.approved]
    return min([risk.overall, *left], key=_RATINGS.__getitem__)


def read_dpias(place: "PlaceFolder") -> dict[str, Dpia]:
    """Return every assessment of a place folder by its ref.

    Raises:
        CheckFailedError: with every fault of shape.
    """
    found: dict[str, Dpia] = {}
    for each in place.dpia_texts:
        dpia, faults = read_definition(Dpia, MarkedText(each.file, each.mapping))
        if dpia is None:
            raise CheckFailedError(faults)
        found[dpia.ref] = dpia
    return found


def check_dpia(text: MarkedText) -> list[Fault]:
    """Return every fault of one assessment's file. One that is not signed off yet is no fault."""
    dpia, faults = read_definition(Dpia, text)
    if dpia is None:
        return sorted(faults)
    return sorted(text.fault(*each) for each in _of_file(dpia, text.file))


def dpia_faults(
    agreement: Agreement, dpias: Mapping[str, Dpia], on: dt.date | None = None
) -> tuple[str, ...]:
    """Return why an agreement may not be signed yet as far as its assessment goes, in sentences.

    Args:
        agreement: what is to be signed.
        dpias: the place's assessments by ref (`read_dpias`).
        on: the place's own day; when given, an assessment past its review counts as a fault.
    """
    dpia = dpias.get(agreement.dpia)
    if dpia is None:
        return (
            f"There is no impact assessment {agreement.dpia}: write dpias/{agreement.dpia}.yaml.",
        )
    return tuple(_not_signed_off(dpia, on))


def dpia_state(dpia: Dpia, on: dt.date) -> DpiaState:
    """Return where an assessment stands on a day."""
    if _must_consult(dpia):
        return "consult"
    if any(_not_signed_off(dpia, None)):
        return "unsigned"
    return "overdue" if on > dpia.review_on else "signed-off"


def _not_signed_off(dpia: Dpia, on: dt.date | None) -> Iterator[str]:
    signed, ref = dpia.sign_off, dpia.ref
    needed = [
        (signed.measures_approved_by, "nobody has approved the measures"),
        (signed.residual_risk_approved_by, "nobody has approved the risk that is left"),
        (signed.advice_by, "the data protection officer has not advised"),
        (signed.advice.strip(), "the data protection officer's advice is not summed up"),
        (signed.advice_taken, "it does not say whether the advice was taken"),
        (signed.consultation_reviewed_by, "nobody has reviewed what people said"),
        (signed.kept_under_review_by.strip(), "nobody keeps it under review"),
    ]
    yield from (f"In {ref}, {what}." for value, what in needed if not value)
    if signed.advice_taken == "overruled" and not signed.overruled_because.strip():
        yield f"In {ref}, the advice was overruled and no reason is given."
    for measure in dpia.measures:
        if not measure.approved:
            yield f"In {ref}, a measure against the risk “{measure.risk}” is not approved."
    for risk in _must_consult(dpia):
        yield (
            f"In {ref}, the risk “{risk.id}” stays high: consult the Information Commissioner "
            "before going ahead (UK GDPR Article 36)."
        )
    if on is not None and on > dpia.review_on:
        yield f"{ref} was to be reviewed by {dpia.review_on:%-d %B %Y}."


def _must_consult(dpia: Dpia) -> list[Risk]:
    if dpia.sign_off.commissioner_consulted_on is not None:
        return []
    return [each for each in dpia.risks if residual_of(dpia, each) == "high"]


Found = tuple[Marks, str, str, str]


def _of_file(dpia: Dpia, file: str) -> Iterator[Found]:
    stem = file.rpartition("/")[2].rpartition(".")[0]
    if stem != dpia.ref:
        mend = f"rename the file to {dpia.ref}.yaml, or change the ref"
        yield ("ref",), "the ref is not the file's name", f"“{stem}”", mend
    if not dpia.risks:
        yield ("risks",), "it names no risk", "every way in which people could be harmed", ""
    ids = [each.id for each in dpia.risks]
    measured = {each.risk for each in dpia.measures}
    for index, risk in enumerate(dpia.risks):
        here: Marks = ("risks", index)
        if ids.index(risk.id) != index:
            yield (*here, "id"), f"risk “{risk.id}” stands twice", "unique ids", "rename one"
        least = risk_rating(risk.likelihood, risk.severity)
        if _RATINGS[risk.overall] < _RATINGS[least]:
            what = f"{risk.likelihood} and {risk.severity} is {least} at least, not {risk.overall}"
            yield (*here, "overall"), what, f"{least} or more", "rate it higher"
        if risk.id not in measured and _RATINGS[risk.overall] > 0:
            what = f"the {risk.overall} risk “{risk.id}” has no measure"
            yield here, what, "a measure under `measures`", "add one, or say that it is accepted"
    yield from _of_measures(dpia, ids)
    yield from _of_days(dpia)


def _of_measures(dpia: Dpia, ids: list[str]) -> Iterator[Found]:
    rated: dict[str, Rating] = {each.id: each.overall for each in dpia.risks}
    for index, measure in enumerate(dpia.measures):
        here: Marks = ("measures", index)
        if measure.risk not in ids:
            what = f"there is no risk “{measure.risk}”"
            yield (*here, "risk"), what, "the id of a risk above", ""
            continue
        before, after = _RATINGS[rated[measure.risk]], _RATINGS[measure.residual]
        if after > before:
            what = f"the measure leaves more risk ({measure.residual}) than there was"
            yield (*here, "residual"), what, rated[measure.risk], ""
        if measure.effect == "accepted" and after != before:
            what = "a risk that is accepted stays what it was"
            yield (*here, "residual"), what, rated[measure.risk], "or write `effect: reduced`"


def _of_days(dpia: Dpia) -> Iterator[Found]:
    signed = dpia.sign_off
    for key, each in _signatures(signed):
        if each.on >= dpia.review_on:
            what = "the review is not after this was signed"
            yield ("review_on",), what, f"later than {each.on} ({key})", ""
            return


def _signatures(signed: SignOffOfDpia) -> Iterable[tuple[str, Signed]]:
    for key in (
        "measures_approved_by",
        "residual_risk_approved_by",
        "advice_by",
        "consultation_reviewed_by",
    ):
        each = getattr(signed, key)
        if each is not None:
            yield key, each
