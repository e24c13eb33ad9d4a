"""The directory, on screen: find help without signing in; and who keeps it right.

Enters: what somebody needs, in their own words; capacity, as a service's own organisation says
it; decisions on doubles. Leaves: listings, printable; Open Referral UK 3.0 at `/o/`, for anybody.
Promises: what is typed into the search for help is kept nowhere and stands in no address; no
page, feed, file or log tells where a refuge stands. Standard: Open Referral UK (HSDS-UK 3.0).
"""

__all__: list[str] = []
