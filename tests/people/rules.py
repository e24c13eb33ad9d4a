"""Rules for the invented family: who may see what of whom, and so by what they may search."""

import datetime as dt

from tests.agreements.worlds import agreement, clause, signed

from wholeplace.agreements import Level, Party, Request, Rules, Viewer, compile_rules, terms_of
from wholeplace.partnership.vocabulary import load_vocabulary
from wholeplace.people import Searchable

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
PARTNERS = ("council", "police", "nhs")
PURPOSE = "whole-family-support"


def rules_where(**levels: Level) -> Rules:
    """Return rules by which the council sees who people are from other partners at a level."""
    party = {"lawful_basis": "6(1)(e)", "legal_power": "Children Act 2004 s10"}
    made = agreement(
        "family",
        *(
            clause(name, source=name, recipient="council", fields=("identity", "contact"), level=level)
            for name, level in levels.items()
        ),
        parties=[Party(partner=each, **party) for each in PARTNERS],
    )  # fmt: skip
    return compile_rules([made], signed(made), NOON.date(), terms_of(load_vocabulary()))


def searchable_by(organisation: str, **levels: Level) -> Searchable:
    """Return by what a practitioner may search, where the council sees so much from others."""
    viewer = Viewer("ana", organisation, "practitioner")
    asked = Request(viewer=viewer, purpose=PURPOSE, reason=None, at=NOON)
    return Searchable(rules_where(**levels), asked)


EVERYTHING = searchable_by("council", police=Level.DETAIL, nhs=Level.DETAIL)
"""What somebody may search by who sees everything about who people are."""
