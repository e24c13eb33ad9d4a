"""The invented directory: both feeds imported, and a few services that said what they can take."""

import datetime as dt

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.web.accounts.models import User
from wholeplace.web.directory.capacity import say_capacity
from wholeplace.web.directory.importing import import_feeds
from wholeplace.web.directory.models import FeedImport, ServiceCapacity
from wholeplace.web.directory.shelf import open_catalogue, read_definition
from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["make_examples"]

# Name of a service, who says it, what, and a note.
_SAID = (
    ("Debt advice", "jo-adeyemi", "limited", "Two places this week; bring letters, opened or not."),
    ("Benefits check-up", "jo-adeyemi", "open", ""),
    ("Eastgate Family Hub", "amira-khan", "open", "Drop in, or ring first."),
    ("Early help for families", "amira-khan", "waiting", "About three weeks."),
    ("Health visiting", "joan-obi", "open", ""),
    ("Tenancy support at Swanhall", "rosa-finch", "closed", "Opens again in January."),
)


def make_examples(place: OpenPlace) -> None:
    """Import the place's saved feeds and let organisations speak, once."""
    saved = [each.id for each in read_definition(place).feeds if each.file]
    if not saved or FeedImport.objects.exists():
        return
    at = dt.datetime.now(dt.UTC)
    import_feeds(place, "system", at, saved)
    if ServiceCapacity.objects.exists():
        return
    for name, persona, state, note in _SAID:
        listing = next((each for each in open_catalogue().listings if each.name == name), None)
        user = User.objects.filter(persona=persona, is_active=True).first()
        if listing is None or user is None or listing.partner != user.organisation:
            continue
        viewer = Viewer(str(user.pk), user.organisation, user.roles[0])
        say_capacity(viewer, listing, state, note, 0, at, place.today)
