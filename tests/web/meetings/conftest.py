"""The Harlows' case and the weekly meeting, as the demonstration makes them."""

from collections.abc import Callable
from typing import Any

import pytest

from wholeplace.agreements import Viewer


@pytest.fixture
def meeting_town(signed_town: Any) -> Any:
    """The town with the teams' examples alone."""
    from wholeplace.web.teams.demonstration import make_examples

    make_examples(signed_town)
    return signed_town


@pytest.fixture
def viewer(meeting_town: Any) -> Callable[[str], Viewer]:
    """Return a function from a persona to who they are in their first role."""
    from wholeplace.web.accounts.models import User

    def of(persona: str) -> Viewer:
        user = User.objects.get(persona=persona)
        return Viewer(str(user.pk), user.organisation, user.roles[0])

    return of


@pytest.fixture
def coming(meeting_town: Any) -> Any:
    """The meeting to come."""
    from wholeplace.web.teams.models import Meeting

    return Meeting.objects.get(state="planned")


@pytest.fixture
def past(meeting_town: Any) -> Any:
    """The past meeting."""
    from wholeplace.web.teams.models import Meeting

    return Meeting.objects.get(state="minutes-agreed")


@pytest.fixture
def in_room(coming: Any, viewer: Any) -> Callable[..., Any]:
    """Return a function that begins the coming meeting and lets some personas in."""
    import datetime as dt

    from wholeplace.web.teams.meetings import planning, room

    def begin(*personas: str) -> Any:
        at = dt.datetime.now(dt.UTC)
        for event in ("issue-packs", "hold"):
            coming.refresh_from_db()
            planning.take_meeting_step(
                viewer("amira-khan"), coming.pk, event, coming.version, "", at
            )
        for each in personas:
            room.knock(viewer(each), coming.pk, at)
            room.narrow(viewer("amira-khan"), coming.pk, viewer(each).user_id, at)
            mark = room.mark_of(coming, room.drawn_for(coming))
            room.let_in(viewer("amira-khan"), coming.pk, viewer(each).user_id, mark, at)
        coming.refresh_from_db()
        return coming

    return begin
