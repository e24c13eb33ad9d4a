"""Larkbridge's own money, as its place folder ships it."""

from functools import cache

from wholeplace.larkbridge.definitions import place_source
from wholeplace.money import PlaceMoney, read_money
from wholeplace.money.benefits import Intervention, Settings

INTERVENTION = "larkbridge-together"


@cache
def larkbridge_money() -> PlaceMoney:
    return read_money(place_source())


def intervention() -> Intervention:
    return larkbridge_money().interventions[INTERVENTION]


def settings() -> Settings:
    found = larkbridge_money().settings
    assert found is not None
    return found
