"""Teams: referrals, cases, plans, actions and meetings, as people work on them.

Enters: what somebody decides, with the version that they saw. Leaves: pages, each value of which
went through the gateway; reasons to look for everybody of a team, while they are of it. Promises:
the trail's row is written first; the second editor is told what changed; nobody approves their
own; who has left, or a case that has ended, opens nobody's record any more. Law: UK GDPR Articles
5(1)(b), 5(1)(c), 5(2) and 25.
"""

__all__: list[str] = []
