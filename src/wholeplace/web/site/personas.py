"""The demonstration's personas, for the tour: who each is and where the click goes."""

from dataclasses import dataclass

from wholeplace.web.accounts.personas import list_personas
from wholeplace.web.site.context import address_of

__all__ = ["Guide", "guides"]


@dataclass(frozen=True)
class Guide:
    """One persona as the tour shows them."""

    id: str
    name: str
    job: str
    organisation: str
    sign_in_url: str

    @property
    def first_name(self) -> str:
        """What the button calls them."""
        return self.name.split()[0]


def guides() -> list[Guide]:
    """Return every persona; none outside a demonstration."""
    url = address_of("accounts:persona")
    return [
        Guide(str(each["id"]), str(each["name"]), str(each["job"]), str(each["partner"]), url)
        for each in list_personas()
    ]
