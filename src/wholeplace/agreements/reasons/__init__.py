"""Reasons: what makes a sight right, its review, requests for information and for figures."""

__all__: list[str] = []
