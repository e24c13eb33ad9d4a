"""The backend's connection class, under the module name that Django looks for."""

from typing import Any

from django.db.backends.postgresql import base

from wholeplace.web.database.address import find_address

__all__ = ["DatabaseWrapper"]


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL at the address of the current place.

    Settings import must start nothing, so the address is looked up here, when a connection
    is first wanted. A HOST in the settings (tests) wins.
    """

    def get_connection_params(self) -> dict[str, Any]:
        """Return the parameters of the connection, after making sure that there is a server."""
        if not self.settings_dict.get("HOST"):
            self.settings_dict.update(find_address().as_django())
        return super().get_connection_params()
