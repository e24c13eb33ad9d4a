"""Django's PostgreSQL backend with an address that is found at the first connection."""

__all__: list[str] = []
