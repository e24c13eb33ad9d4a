from collections.abc import Callable


def test_whole_place_community_budgets_is_not_yet_built(
    is_honestly_not_built: Callable[[str], None],
) -> None:
    is_honestly_not_built("WPCB")
