from collections.abc import Callable


def test_i1_multi_disciplinary_teams_is_not_yet_built(
    is_honestly_not_built: Callable[[str], None],
) -> None:
    is_honestly_not_built("I1")
