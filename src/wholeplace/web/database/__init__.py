"""Database: PostgreSQL, our own by default, a server's where one is named.

Enters: a data folder, or `WHOLEPLACE_DATABASE_URL`. Leaves: a connection's parameters.
Promises: nobody but the account that owns the place can connect; no TCP port is opened; no
folder that we did not make changes its permissions; a killed server recovers on the next
start. Law: UK GDPR Article 32.
"""

__all__: list[str] = []
