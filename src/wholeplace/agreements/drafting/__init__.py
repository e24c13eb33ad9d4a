"""Drafting: texts that are being written, their faults, and the forms that go with them."""

__all__: list[str] = []
