from collections.abc import Callable


def test_new_deal_for_communities_is_not_yet_built(
    is_honestly_not_built: Callable[[str], None],
) -> None:
    is_honestly_not_built("NDC")
