"""Choosing hubs: what may be counted, the choice, saved choices side by side."""

__all__: list[str] = []
