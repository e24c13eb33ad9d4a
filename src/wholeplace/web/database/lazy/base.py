"""The backend's connection class, under the module name that Django looks for."""

from typing import Any

from django.db.backends.postgresql import base
from psycopg import OperationalError

from wholeplace.web.database.address import find_address
from wholeplace.web.database.cluster import restart_own

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

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; where our own server was killed, start it again and connect once more."""
        try:
            return super().get_new_connection(conn_params)
        except OperationalError:
            if not restart_own(str(conn_params.get("host", ""))):
                raise
            return super().get_new_connection(conn_params)
