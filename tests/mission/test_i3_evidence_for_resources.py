from collections.abc import Callable


def test_i3_evidence_for_resources_is_not_yet_built(
    is_honestly_not_built: Callable[[str], None],
) -> None:
    is_honestly_not_built("I3")
