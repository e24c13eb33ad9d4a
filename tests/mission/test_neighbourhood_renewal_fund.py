from collections.abc import Callable


def test_neighbourhood_renewal_fund_is_not_yet_built(
    is_honestly_not_built: Callable[[str], None],
) -> None:
    is_honestly_not_built("NRF")
