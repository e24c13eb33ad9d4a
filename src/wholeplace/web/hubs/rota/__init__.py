"""Who is at which hub when: series, days off, swaps, presence, and one's own calendar."""

__all__: list[str] = []
