"""Accounts: who may sign in, for which organisation, in which roles.

Enters: invitations, passwords, changes of role, leavers. Leaves: `request.user` and the
acting role. Promises: nobody acts for an organisation or in a role that was not given;
a leaver's sight ends at once; every change stands in the trail.
Law: UK GDPR Articles 5(1)(f) and 32.
"""

__all__: list[str] = []
