"""Linkage: records → people and households, and the evidence for each.

Enters: table `records` (`intake.shapes.RECORDS`), a model (`default_model.yaml` or the
place's `link.yaml`), the ids of the last snapshot.
Leaves: tables `person_records`, `link_edges`, `households`, `household_members`,
`identity_events`, the kept index (`INDEX_TABLES`), and a `LinkReport` for the manifest.
Promises: every record stands in exactly one person; what a veto forbids is never joined, by
no chain of likenesses; the same records give the same people and ids in any order; ids
survive a rerun and a changed model and are never reused; linking what changed gives what
linking everything gives; every link can be explained level
by level. Links are not relationships, and nobody is scored.
Law and standards: UK GDPR Article 5(1)(d) (accuracy) and 5(2); Fellegi and Sunter (1969),
computed with Splink 5; GUILD guidance on linking information (2018).
"""

from wholeplace.linkage.delta import link_delta
from wholeplace.linkage.identity import PreviousLinks
from wholeplace.linkage.link import LINK_TABLES, link_records
from wholeplace.linkage.lookup import FoundPerson, PersonIndex, SoughtFacts, read_facts
from wholeplace.linkage.model import LinkModel, read_model
from wholeplace.linkage.report import LinkReport
from wholeplace.linkage.score import Score, score_links

__all__ = [
    "LINK_TABLES",
    "FoundPerson",
    "LinkModel",
    "LinkReport",
    "PersonIndex",
    "PreviousLinks",
    "Score",
    "SoughtFacts",
    "link_delta",
    "link_records",
    "read_facts",
    "read_model",
    "score_links",
]
