"""Standing: who signed, suspended or ended what, and so whether an agreement is in force."""

__all__: list[str] = []
