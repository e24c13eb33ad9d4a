"""Residents: the account of who looked at my record, when, why and under which agreement.

Enters: the trail, the rules, what partners hold. Leaves: an account in plain words for the one
person that it is about, on screen, on paper and as FHIR resources. Promises: nobody reads
another's account; what is withheld because telling endangers somebody is itself on record.
Law: UK GDPR Articles 12, 13, 14 and 15.
"""

__all__: list[str] = []
