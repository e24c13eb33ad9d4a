"""What is typed about a contract; amounts of payments never are."""

from collections.abc import Sequence
from typing import Any

from django import forms

from wholeplace.money.contracts.joint import requirements, social_questions
from wholeplace.money.contracts.terms import (
    Cohort,
    ContractTerms,
    Counterfactual,
    Metric,
    Milestone,
    OutcomePrice,
    Provider,
)
from wholeplace.partnership import describe_rule
from wholeplace.partnership.definitions import Framework, Need
from wholeplace.web.look.forms import GovukDateField

__all__ = ["ContractForm", "EvidenceForm", "StepForm", "initial_of"]

PROVIDERS, MILESTONES = 3, 3


def _money(label: str, *, required: bool = True) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=0,
        max_value=100_000_000,
        decimal_places=2,
        required=required,
        widget=forms.TextInput({"class": "govuk-input--width-10", "inputmode": "decimal"}),
    )


def _percent(label: str, *, required: bool = True, hint: str = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=hint,
        min_value=0,
        max_value=100,
        decimal_places=2,
        required=required,
        widget=forms.TextInput({"class": "govuk-input--width-5", "inputmode": "decimal"}),
    )


class ContractForm(forms.Form):
    """A specification and the contract that pays for it."""

    title = forms.CharField(label="Title", max_length=160)
    form = forms.ChoiceField(
        label="What is it?",
        choices=[("contract", "A contract"), ("grant", "A grant agreement")],
        initial="contract",
        widget=forms.RadioSelect,
    )
    need = forms.ChoiceField(label="Which need is it for?")
    why = forms.CharField(
        label="What shows the need?", max_length=2000, widget=forms.Textarea({"rows": 3})
    )
    service = forms.CharField(
        label="What will be done?", max_length=3000, widget=forms.Textarea({"rows": 4})
    )
    joint_working = forms.MultipleChoiceField(
        label="Joint working that is written in",
        required=False,
        choices=[
            (each.id, f"{each.label}{' (needed)' if each.is_needed else ''}")
            for each in requirements()
        ],
        initial=[each.id for each in requirements() if each.is_needed],
        widget=forms.CheckboxSelectMultiple,
    )
    agreement = forms.ChoiceField(label="Information-sharing agreement that providers sign")
    social_value = forms.MultipleChoiceField(
        label="Questions on social value",
        required=False,
        choices=[(each.id, each.theme) for each in social_questions()],
        initial=[each.id for each in social_questions()[:2]],
        widget=forms.CheckboxSelectMultiple,
    )
    starts_on = GovukDateField(label="First day")
    ends_on = GovukDateField(label="Last day")
    measured_on = GovukDateField(label="Day on which outcomes are measured")
    rate = _percent(
        "Without the contract, how many of the cohort would have the need on that day, in per cent?"
    )
    method = forms.CharField(label="How is that known?", max_length=500)
    source = forms.CharField(label="Source", max_length=300)
    grade = forms.TypedChoiceField(
        label="Grade of that evidence (Maryland scale)",
        coerce=int,
        choices=[
            (1, "1: before and after, or a bare comparison"),
            (2, "2: compared with adequate controls"),
            (3, "3: differences compared with a comparator that is argued for"),
            (4, "4: close to chance"),
            (5, "5: chance"),
        ],
    )
    price = _money("Price of each person fewer with the need, in pounds")
    least_fall = _percent("Least fall that is paid for, in per cent")
    most = _money("Most for outcomes, in pounds")
    central = _percent("Share that a central fund pays, in per cent (0 if none)")

    def __init__(
        self,
        *args: Any,
        needs: Sequence[tuple[str, str]],
        agreements: Sequence[tuple[str, str]],
        **given: Any,
    ) -> None:
        super().__init__(*args, **given)
        fields: Any = self.fields
        fields["need"].choices, fields["agreement"].choices = list(needs), list(agreements)
        for n in range(1, PROVIDERS + 1):
            fields[f"provider_{n}_id"] = forms.CharField(
                label=f"Provider {n}: identifier, such as GB-CHC-1234567",
                max_length=60,
                required=n == 1,
            )
            fields[f"provider_{n}_name"] = forms.CharField(
                label=f"Provider {n}: name", max_length=120, required=n == 1
            )
            fields[f"provider_{n}_share"] = _percent(
                f"Provider {n}: share of every payment, in per cent", required=n == 1
            )
        for n in range(1, MILESTONES + 1):
            fields[f"milestone_{n}_label"] = forms.CharField(
                label=f"Milestone {n}", max_length=160, required=False
            )
            fields[f"milestone_{n}_evidence"] = forms.CharField(
                label=f"Milestone {n}: what shows it", max_length=300, required=False
            )
            fields[f"milestone_{n}_due"] = GovukDateField(
                label=f"Milestone {n}: day", required=False
            )
            fields[f"milestone_{n}_pounds"] = _money(f"Milestone {n}: pounds", required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the rest where a provider or milestone was begun."""
        given: dict[str, Any] = super().clean() or {}
        for kind, number, rest in (
            ("provider", PROVIDERS, ("id", "name", "share")),
            ("milestone", MILESTONES, ("label", "evidence", "due", "pounds")),
        ):
            for n in range(1, number + 1):
                names = [f"{kind}_{n}_{each}" for each in rest]
                filled = [name for name in names if given.get(name) not in (None, "")]
                if filled and len(filled) < len(names):
                    missing = next(name for name in names if name not in filled)
                    if missing not in self.errors:
                        self.add_error(missing, f"Say this too, or leave {kind} {n} out")
        return given

    def terms(self, buyer: str, framework: Framework, need: Need) -> ContractTerms:
        """Return what was typed as terms; the cohort is fixed when it is frozen."""
        given = self.cleaned_data
        questions = given["social_value"]
        return ContractTerms(
            title=given["title"].strip(),
            form=given["form"],
            buyer=buyer,
            need=given["why"].strip(),
            service=given["service"].strip(),
            joint_working=tuple(given["joint_working"]),
            agreement=given["agreement"],
            social_value=_weights(questions),
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            measured_on=given["measured_on"],
            cohort=Cohort(rule=f"People in whose records partners' data shows: {need.label}."),
            metric=Metric(
                framework=framework.id,
                version=framework.version,
                need=need.id,
                label=need.label,
                rule=describe_rule(need.rule),
            ),
            counterfactual=Counterfactual(
                rate_per_1000=round(given["rate"] * 10),
                method=given["method"],
                source=given["source"],
                grade=given["grade"],
            ),
            milestones=tuple(self._milestones()),
            price=OutcomePrice(
                pence=round(given["price"] * 100),
                least_fall_tenths=round(given["least_fall"] * 10),
                most_pence=round(given["most"] * 100),
                central_points=round(given["central"] * 100),
            ),
            providers=tuple(
                Provider(
                    org_id=given[f"provider_{n}_id"].strip(),
                    name=given[f"provider_{n}_name"].strip(),
                    share_points=round(given[f"provider_{n}_share"] * 100),
                )
                for n in range(1, PROVIDERS + 1)
                if given.get(f"provider_{n}_id")
            ),
        )

    def _milestones(self) -> list[Milestone]:
        given = self.cleaned_data
        return [
            Milestone(
                id=f"m{n}",
                label=given[f"milestone_{n}_label"],
                evidence=given[f"milestone_{n}_evidence"],
                due_on=given[f"milestone_{n}_due"],
                pence=round(given[f"milestone_{n}_pounds"] * 100),
            )
            for n in range(1, MILESTONES + 1)
            if given.get(f"milestone_{n}_label")
        ]


def _weights(questions: Sequence[str]) -> dict[str, int]:
    """Share 100 among the questions, the first getting what does not divide."""
    if not questions:
        return {}
    each, left = divmod(100, len(questions))
    return {question: each + (left if n == 0 else 0) for n, question in enumerate(questions)}


def initial_of(terms: ContractTerms) -> dict[str, Any]:
    """Return a draft's terms as the form's first values."""
    first: dict[str, Any] = {
        "title": terms.title,
        "form": terms.form,
        "need": f"{terms.metric.framework}/{terms.metric.need}",
        "why": terms.need,
        "service": terms.service,
        "joint_working": list(terms.joint_working),
        "agreement": terms.agreement,
        "social_value": list(terms.social_value),
        "starts_on": terms.starts_on,
        "ends_on": terms.ends_on,
        "measured_on": terms.measured_on,
        "rate": terms.counterfactual.rate_per_1000 / 10,
        "method": terms.counterfactual.method,
        "source": terms.counterfactual.source,
        "grade": terms.counterfactual.grade,
        "price": terms.price.pence / 100,
        "least_fall": terms.price.least_fall_tenths / 10,
        "most": terms.price.most_pence / 100,
        "central": terms.price.central_points / 100,
    }
    for n, provider in enumerate(terms.providers, start=1):
        first |= {
            f"provider_{n}_id": provider.org_id,
            f"provider_{n}_name": provider.name,
            f"provider_{n}_share": provider.share_points / 100,
        }
    for n, milestone in enumerate(terms.milestones, start=1):
        first |= {
            f"milestone_{n}_label": milestone.label,
            f"milestone_{n}_evidence": milestone.evidence,
            f"milestone_{n}_due": milestone.due_on,
            f"milestone_{n}_pounds": milestone.pence / 100,
        }
    return first


class StepForm(forms.Form):
    """One step, as one of the page's buttons names it."""

    event = forms.CharField(max_length=20)
    version = forms.IntegerField(min_value=1)
    words = forms.CharField(required=False, max_length=1000)


class EvidenceForm(forms.Form):
    """What shows that a milestone was reached."""

    milestone = forms.CharField(max_length=60)
    evidence = forms.CharField(required=False, max_length=1000)
