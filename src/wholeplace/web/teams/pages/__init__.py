"""The pages on referrals, cases and plans."""

__all__: list[str] = []
