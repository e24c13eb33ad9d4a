"""What a programme pays for, counts and asks for, as its framework file says it.

A rule is a test of plain facts about one family, readable by whoever is held to it. What the
facts are and how a rule is evaluated belongs to the outcomes room; here is only the text.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = [
    "ClaimDeparture",
    "ClaimRoute",
    "ClaimRule",
    "ClaimTerms",
    "EventCount",
    "FactTest",
    "FormField",
    "Measure",
    "MoneyRule",
    "PaymentTerms",
    "ProgrammeForm",
    "ReturnLine",
    "SourceNamed",
]

_SLUG = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
_NAME = r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$"
Slug = Field(pattern=_SLUG, max_length=60)


class _Text(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceNamed(_Text):
    """One publication that facts of a framework come from.

    Attributes:
        says: which facts, in short.
        published: when it appeared, as far as it is known: a day, a month or a year.
    """

    id: str = Slug
    title: str
    published: str
    says: str


class Measure(_Text):
    """Something measured of an area or a group over time.

    Attributes:
        better: the direction in which things get better.
        unit: in words, such as `per cent` or `per 1,000 residents`.
    """

    id: str = Slug
    label: str
    unit: str
    better: Literal["higher", "lower"]
    outcome: str = ""


class FactTest(_Text):
    """One test of one fact; a fact that is not known passes no test.

    Exactly one of the tests stands in each.

    Attributes:
        equals: yes or no.
        known: the fact is known at all.
        not_before: another fact, a day; this one is not before it, `by_days` or more after.
        falls_by_percent: this count is lower than that of `since` by so many per cent or more;
            where that was none, this one must be none too.
    """

    fact: str = Field(pattern=_NAME)
    equals: bool | None = None
    known: bool | None = None
    at_least: int | None = None
    at_most: int | None = None
    not_before: str | None = None
    by_days: int = Field(default=0, ge=0)
    falls_by_percent: int | None = Field(default=None, ge=1, le=100)
    since: str | None = None

    @model_validator(mode="after")
    def _is_one_test(self) -> "FactTest":
        given = [
            name
            for name in ("equals", "known", "at_least", "at_most", "not_before", "falls_by_percent")
            if getattr(self, name) is not None
        ]
        if len(given) != 1:
            raise ValueError(f"the test of `{self.fact}` needs exactly one comparison")
        if (self.falls_by_percent is None) != (self.since is None):
            raise ValueError(f"`falls_by_percent` of `{self.fact}` needs `since`, and only it does")
        return self


class ClaimRule(_Text):
    """One rule of a claim.

    Attributes:
        all: tests that must all pass; or
        either: lists of tests, of which one list must pass whole.
        mend: what to do where it fails.
        numbers: who chose the figures, where the source does not.
    """

    id: str = Slug
    label: str
    stage: Literal["eligibility", "result"]
    all: tuple[FactTest, ...] = ()
    either: tuple[tuple[FactTest, ...], ...] = ()
    mend: str
    source: str
    numbers: str = ""

    @property
    def alternatives(self) -> tuple[tuple[FactTest, ...], ...]:
        """Lists of tests, of which one must pass whole."""
        return self.either or (self.all,)

    @model_validator(mode="after")
    def _has_tests(self) -> "ClaimRule":
        if bool(self.all) == bool(self.either) or not all(self.alternatives):
            raise ValueError(f"the rule `{self.id}` needs `all` or `either` with tests, not both")
        return self


class EventCount(_Text):
    """A fact that is counted from events of a family's members.

    Attributes:
        window: `before` counts the days up to joining, `after` the last days up to the check.
        worst: instead of how many, the most of them that any one person has.
        under_age: only events on which the person was younger than this.
    """

    id: str = Field(pattern=_NAME)
    label: str
    event: str
    where: dict[str, dict[Literal["eq", "in", "gte", "lte"], Any]] = {}
    window: Literal["before", "after"]
    days: int = Field(ge=1)
    worst: bool = False
    under_age: int | None = None


class ClaimRoute(_Text):
    """One way in which a result counts: the rules that must pass, and what is paid for it.

    Attributes:
        pence: the whole that a family earns this way, attachment included; None where the
            source gives no amount that was checked.
        is_extra: True where it is paid on top of another route.
    """

    id: str = Slug
    label: str
    rules: tuple[str, ...]
    pence: int | None = Field(default=None, ge=0)
    is_extra: bool = False


class PaymentTerms(_Text):
    """What is paid when.

    Attributes:
        attachment_percent: financial year to the share of the most that is paid at the start.
        most_pence: the most for one family.
        clawback: what is paid back where a claim proves wrong, in words.
    """

    most_pence: int | None = None
    attachment_percent: dict[str, int] = {}
    clawback: str = ""
    source: str = ""


class ClaimTerms(_Text):
    """How a claim is made: facts counted, rules, routes, payments, and how it is audited.

    Attributes:
        sustained_days: for how long a result must hold before it can be claimed.
        sample_percent: share of a period's claims that an auditor draws; at least `sample_least`.
    """

    sustained_days: int = Field(ge=0)
    sustained_from: Literal["closed_on", "joined_on"] = "closed_on"
    counts: tuple[EventCount, ...] = ()
    rules: tuple[ClaimRule, ...]
    routes: tuple[ClaimRoute, ...]
    payments: PaymentTerms = PaymentTerms()
    sample_percent: int = Field(default=10, ge=1, le=100)
    sample_least: int = Field(default=5, ge=1)
    numbers: str = ""

    @model_validator(mode="after")
    def _routes_name_rules(self) -> "ClaimTerms":
        ids = {rule.id for rule in self.rules}
        if len(ids) != len(self.rules):
            raise ValueError("two claim rules have one id")
        unknown = {rule for route in self.routes for rule in route.rules} - ids
        if unknown or not self.routes:
            raise ValueError(f"a route names rules that there are not: {sorted(unknown)}")
        return self


class ReturnLine(_Text):
    """One line of the return to the centre.

    Attributes:
        counts: what it counts: `joined`, `open`, `closed`, `eligible`, `claimed`, `paid`,
            `clawed-back`, or `pence-claimed`.
    """

    id: str = Slug
    label: str
    counts: Literal[
        "joined", "open", "closed", "eligible", "claimed", "paid", "clawed-back", "pence-claimed"
    ]


class FormField(_Text):
    """One thing that a form of the programme asks for."""

    label: str
    kind: Literal["text", "long-text", "date", "choice", "person", "number", "money", "yes-no"]


class ProgrammeForm(_Text):
    """A form of the programme: what is written down at which point."""

    id: str = Slug
    title: str
    fields: tuple[FormField, ...]
    source: str


class MoneyRule(_Text):
    """A figure or rule about the programme's money.

    Attributes:
        pence: the amount, where it is one.
        years: for which years.
    """

    id: str = Slug
    label: str
    says: str
    pence: int | None = None
    years: str = ""
    source: str


class ClaimDeparture(_Text):
    """`outcomes/<name>.yaml` with `claims:`: one way in which a place departs from claim terms.

    Attributes:
        override: id of the rule that is changed; or `drop` for one switched off; or neither,
            where only other terms change.
        all, either, label: the changed rule.
        sustained_days, routes_pence, most_pence, attachment_percent: other terms changed.
    """

    framework: str
    claims: Literal["rule", "terms"]
    why: str
    override: str | None = None
    drop: str | None = None
    label: str | None = None
    all: tuple[FactTest, ...] | None = None
    either: tuple[tuple[FactTest, ...], ...] | None = None
    sustained_days: int | None = Field(default=None, ge=0)
    routes_pence: dict[str, int] | None = None
    most_pence: int | None = Field(default=None, ge=0)
    attachment_percent: dict[str, int] | None = None
