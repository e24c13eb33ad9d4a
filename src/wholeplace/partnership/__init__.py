"""Partnership: who works together here, and every definition that they have agreed.

Enters: a place folder, reviewed text under version control. Leaves: `PlaceFolder`, every
definition typed and frozen; the vocabulary of fields; frameworks of needs with the place's
own changes made. Promises: every fault is reported at once, with its file, line and mending;
no personal data is accepted in the folder; nothing here knows what an agreement allows (that
is the next room). Standards: Table Schema v2 for extracts, GeoJSON (RFC 7946) for boundaries,
YAML 1.2. Law: UK GDPR Article 5(1)(c) (data minimisation) and Article 26 (joint controllers).
"""

from wholeplace.partnership.check import Checker, check_place
from wholeplace.partnership.departures import Difference, describe_rule
from wholeplace.partnership.draft import PlaceDraft
from wholeplace.partnership.folder import AgreementText, PlaceFolder, diff_place, load_place
from wholeplace.partnership.frameworks import list_frameworks, load_framework
from wholeplace.partnership.vocabulary import Vocabulary, load_vocabulary
from wholeplace.partnership.writing import write_place

__all__ = [
    "AgreementText",
    "Checker",
    "Difference",
    "PlaceDraft",
    "PlaceFolder",
    "Vocabulary",
    "check_place",
    "describe_rule",
    "diff_place",
    "list_frameworks",
    "load_framework",
    "load_place",
    "load_vocabulary",
    "write_place",
]
