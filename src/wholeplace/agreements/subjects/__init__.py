"""Subjects: the person asked about, what limits sight of them, and who asks, why and for what."""

__all__: list[str] = []
