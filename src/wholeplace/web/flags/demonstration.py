"""What the demonstration's people said: an agreement, an objection, and a seal with its guardian."""

import datetime as dt
from importlib.resources import files
from typing import TYPE_CHECKING

from wholeplace.agreements import Viewer
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.store import SqlFile
from wholeplace.web.accounts.models import User
from wholeplace.web.flags.consenting import suggest_words
from wholeplace.web.flags.figures import flag_figures
from wholeplace.web.gateway.models import FlagStatement
from wholeplace.web.gateway.statements import Saying, state_flag

if TYPE_CHECKING:
    from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["make_examples"]

_SUPPORT, _PLANNING = "whole-family-support", "service-planning"
# Given name, family name and date of birth of the cast: Leanne agrees, Craig objects to being
# counted, and Tara, whom an extract seals, gets a guardian.
_LEANNE = ("Leanne", "Harlow", "1992-03-14")
_CRAIG = ("Craig", "Dunn")
_TARA = ("Tara", "Moss", "1990-07-21")


def make_examples(place: "OpenPlace") -> None:
    """State the cast's flags through the real functions; asked again, nothing is stated twice."""
    if FlagStatement.objects.exists():
        return
    at, today = dt.datetime.now(dt.UTC), place.today
    figures = flag_figures()
    amira, priya, tom = (_viewer(each) for each in ("amira-khan", "priya-nair", "tom-ellis"))
    leanne, craig, tara = (_person(place, *each) for each in (_LEANNE, _CRAIG, _TARA))
    if amira and leanne:
        until = today + dt.timedelta(days=figures.consent_days)
        words = suggest_words(place.rules(today), _SUPPORT)
        saying = Saying(
            "consent", "yes", "set", _SUPPORT, said_on=today, how="in-person", words=words,
            consenter="self", evidence="Signed form in the family’s file, page 3",
            review_on=until, holds_until=until,
        )  # fmt: skip
        state_flag(amira, leanne, saying, at)
    dean = _viewer("dean-walsh")
    if dean and craig:
        words = "I do not want to be in anybody’s figures."
        saying = Saying(
            "objection", "yes", "set", _PLANNING, said_on=today, how="phone", words=words
        )
        state_flag(dean, craig, saying, at)
    if priya and tom and tara:
        saying = Saying(
            "sealed", "yes", "set", why="She fled to a refuge; her former partner works nearby.",
            evidence="Risk assessment of the refuge, in the case file",
            review_on=today + dt.timedelta(days=figures.due_days // 2), guardians=(tom.user_id,),
        )  # fmt: skip
        state_flag(priya, tara, saying, at)


def _viewer(persona: str) -> Viewer | None:
    user = User.objects.filter(persona=persona).first()
    return Viewer(str(user.pk), user.organisation, str(user.roles[0])) if user else None


def _person(place: "OpenPlace", given: str, family: str, born: str = "") -> str:
    """Return the id of one of the cast as partners' records give it; nothing where there is none."""
    text = (files("wholeplace.web.flags") / "sql" / "person_named.sql").read_text("utf-8")
    file = SqlFile.parse("person_named", text)
    asked = {"given": f'"{given}"', "family": f'"{family}"', "born": born}
    try:
        rows = place.snapshot_reader.rows_of(file, asked)
    except NotFoundError:
        return ""
    return str(rows[0]["person_id"]) if rows else ""
