"""Every change of a referral, case or plan. Each stands in the trail before it is made."""

__all__: list[str] = []
