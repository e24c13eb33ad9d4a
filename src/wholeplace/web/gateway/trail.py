"""The trail, under the name that the gateway's callers look for."""

from wholeplace.web.chain.trail import DjangoAuditTrail, subject_pseudonym, subject_pseudonyms

__all__ = ["DjangoAuditTrail", "subject_pseudonym", "subject_pseudonyms"]
