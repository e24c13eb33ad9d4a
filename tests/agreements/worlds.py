"""Invented worlds for the laws: small vocabularies, agreements, signatures and people."""

import datetime as dt
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from wholeplace.agreements import (
    Agreement,
    Clause,
    Flag,
    Level,
    MemorySignOffs,
    Party,
    Reason,
    Request,
    Rules,
    SignOff,
    Subject,
    Suspension,
    Viewer,
    agreement_hash,
    compile_rules,
)
from wholeplace.agreements.texts.terms import FieldTerm, Terms

NOON = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)
TODAY = NOON.date()
SIGNED_AT = dt.datetime(2026, 1, 10, 9, tzinfo=dt.UTC)

PARTNERS = ("council", "police", "clinic")
ROLES = ("practitioner", "coordinator", "analyst")
PURPOSES = ("whole-family-support", "safeguarding", "service-planning")
FIELDS = (
    "identity.name",
    "identity.birth-date",
    "contact.address",
    "crime.offence",
    "crime.antisocial-behaviour",
    "health.missed-appointment",
)
GROUPS = ("identity", "contact", "crime", "health")
TERMS = Terms(
    fields={
        "identity.name": FieldTerm(
            "identity.name",
            "Name",
            "record",
            "initials",
            columns=("given_name", "middle_names", "family_name"),
        ),
        "identity.birth-date": FieldTerm(
            "identity.birth-date", "Date of birth", "record", "year", columns=("birth_date",)
        ),
        "contact.address": FieldTerm(
            "contact.address",
            "Address",
            "record",
            "sector",
            columns=("address", "postcode", "uprn"),
        ),
        "crime.offence": FieldTerm("crime.offence", "Offence recorded", "event", is_special=True),
        "crime.antisocial-behaviour": FieldTerm(
            "crime.antisocial-behaviour", "Antisocial behaviour incident", "event", is_special=True
        ),
        "health.missed-appointment": FieldTerm(
            "health.missed-appointment", "Missed an appointment", "event", is_special=True
        ),
    },
    groups={
        "identity": "Who they are",
        "contact": "How to reach them",
        "crime": "Crime",
        "health": "Health",
    },
    purposes={
        "whole-family-support": "Whole-family support",
        "safeguarding": "Safeguarding",
        "service-planning": "Service planning",
    },
    roles={"practitioner": "Practitioner", "coordinator": "Coordinator", "analyst": "Analyst"},
    partners={
        "council": "Larkbridge Council",
        "police": "Larkbridge Police",
        "clinic": "The Clinic",
    },
    contacts={"police": "information@police.example"},
)


def clause(name: str = "c1", **changes: object) -> Clause:
    return Clause.model_validate(
        {
            "id": name,
            "source": "police",
            "recipient": "council",
            "roles": ("practitioner",),
            "purpose": "whole-family-support",
            "fields": ("crime.offence",),
            "level": "summary",
            "retention_days": 365,
        }
        | changes
    )


def agreement(name: str = "family", *clauses: Clause, **changes: object) -> Agreement:
    party = {"lawful_basis": "6(1)(e)", "legal_power": "Children Act 2004 s10"}
    special = {"special_condition": "9(2)(g)", "schedule_1": "paragraph 6"}
    return Agreement.model_validate(
        {
            "id": name,
            "version": "1.0",
            "vocabulary": 1,
            "title": f"The {name} agreement",
            "purposes": PURPOSES,
            "why": "So that a family tells its story once.",
            "parties": [Party(partner=each, **party, **special) for each in PARTNERS],
            "dpia": "DPIA-1",
            "starts_on": dt.date(2026, 1, 1),
            "ends_on": dt.date(2026, 12, 31),
            "review_on": dt.date(2026, 11, 1),
            "contact": "governance@council.example",
            "clauses": clauses or (clause(),),
        }
        | changes
    )


def signed(*agreements: Agreement) -> MemorySignOffs:
    return MemorySignOffs(
        [
            SignOff(each.id, agreement_hash(each), party.partner, f"sig-{party.partner}", SIGNED_AT)
            for each in agreements
            for party in each.parties
        ]
    )


def suspended(agreement_id: str, partner: str, at: dt.datetime) -> Suspension:
    return Suspension(agreement_id, partner, f"sig-{partner}", at, "a breach is being looked into")


def rules_of(*agreements: Agreement, on: dt.date = TODAY) -> Rules:
    return compile_rules(agreements, signed(*agreements), on, TERMS)


def reason(*person_ids: str, at: dt.datetime = NOON, **changes: object) -> Reason:
    made = Reason(
        "r1",
        "duty",
        "Called about a child seen alone at night.",
        frozenset(person_ids or ("p1",)),
        at - dt.timedelta(hours=1),
        at + dt.timedelta(hours=3),
        "ana",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


ANA = Viewer("ana", "council", "practitioner")


def request(
    viewer: Viewer = ANA,
    purpose: str = "whole-family-support",
    why: Reason | None = None,
    at: dt.datetime = NOON,
    subject: Subject | None = None,
    *,
    has_reason: bool = True,
) -> Request:
    given = (why or reason(at=at, opened_by=viewer.user_id)) if has_reason else None
    return Request(viewer, purpose, given, at, subject)


def person(
    *flags: Flag,
    person_id: str = "p1",
    guardians: frozenset[str] = frozenset(),
    factors: int | None = None,
) -> Subject:
    return Subject(person_id, f"pseudonym-{person_id}", flags, guardians, factors)


@dataclass(frozen=True)
class World:
    """Agreements with what was recorded of them on a day."""

    agreements: tuple[Agreement, ...]
    sign_offs: MemorySignOffs
    on: dt.date

    def rules(self) -> Rules:
        return compile_rules(self.agreements, self.sign_offs, self.on, TERMS)


def some(values: tuple[str, ...], least: int = 1) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=least, max_size=3, unique=True).map(tuple)


@st.composite
def clauses(draw: st.DrawFn, name: str = "c1") -> Clause:
    return clause(
        name,
        source=draw(st.sampled_from(PARTNERS)),
        recipient=draw(st.sampled_from((*PARTNERS, "all-parties"))),
        roles=draw(some(ROLES)),
        purpose=draw(st.sampled_from(PURPOSES)),
        fields=draw(some((*FIELDS, *GROUPS))),
        level=draw(st.sampled_from(list(Level))),
        consent=draw(st.sampled_from(("none", "required", "unless-refused"))),
        needs_factors=draw(st.sampled_from((0, 0, 0, 1, 2))),
    )


@st.composite
def agreements(draw: st.DrawFn, name: str) -> Agreement:
    count = draw(st.integers(2, 7))
    made = agreement(name, *(draw(clauses(f"c{number}")) for number in range(count)))
    parties = draw(st.sampled_from([made.parties, made.parties, made.parties[:2]]))
    return made.model_copy(
        update={
            "parties": parties,
            "purposes": draw(st.sampled_from([PURPOSES, PURPOSES, PURPOSES[:1]])),
            "starts_on": draw(
                st.sampled_from([dt.date(2026, 1, 1)] * 3 + [TODAY + dt.timedelta(1)])
            ),
            "ends_on": draw(
                st.sampled_from([dt.date(2026, 12, 31)] * 3 + [TODAY - dt.timedelta(1)])
            ),
            "supersedes": draw(st.sampled_from([None, None, "a0", "a1"])),
        }
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    made = tuple(draw(agreements(f"a{number}")) for number in range(draw(st.integers(1, 3))))
    sign_offs = signed(*made)
    for each in made:
        if draw(st.integers(0, 4)) == 0:
            partner = draw(st.sampled_from(PARTNERS))
            sign_offs.suspend(suspended(each.id, partner, SIGNED_AT + dt.timedelta(days=3)))
            if draw(st.booleans()):
                sign_offs.lift(each.id, partner, SIGNED_AT + dt.timedelta(days=9))
    return World(made, sign_offs, TODAY)


flags = st.builds(
    Flag,
    st.sampled_from(
        ["sealed", "restricted", "objection", "national-opt-out", "consent", "consent"]
    ),
    st.sampled_from(["no", "no", "yes", "unknown"]),
    st.sampled_from(["", *PURPOSES]),
    st.sampled_from(PARTNERS),
)
people = st.builds(
    lambda stated, factors: person(*stated, factors=factors),
    st.lists(flags, max_size=2),
    st.sampled_from((None, 0, 1, 2, 3)),
)
viewers = st.builds(Viewer, st.just("ana"), st.sampled_from(PARTNERS), st.sampled_from(ROLES))


@st.composite
def requests(draw: st.DrawFn) -> Request:
    viewer = draw(viewers)
    purpose = draw(st.sampled_from(PURPOSES))
    why = draw(
        st.sampled_from(
            [
                reason(),
                reason(),
                reason(purpose=purpose),
                None,
                reason("somebody-else"),
                reason(opened_by="ben"),
                reason(opened_by="ben", user_ids=frozenset({"ana"})),
                reason(expires_at=NOON),
                reason(opened_at=NOON + dt.timedelta(seconds=1)),
                reason(purpose="safeguarding"),
                reason(kind="break-glass", purpose=purpose),
                reason(kind="break-glass", purpose=purpose, lifts_seal=True),
                reason(kind="break-glass", purpose=purpose, lifts_seal=True, opened_by="ben"),
                reason(kind="break-glass", purpose=purpose, lifts_seal=True, expires_at=NOON),
            ]
        )
    )
    return Request(viewer, purpose, why, NOON, draw(people))
