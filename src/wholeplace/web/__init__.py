"""Web: Django at the edge, one app per room that people touch.

Enters: published snapshots, the place folder, what people type. Leaves: pages.
Promises: every route is registered and states who may open it and what it shows; the trail
is written before anything personal is shown; edited truth lives in PostgreSQL alone.
Law: UK GDPR Articles 5(1)(f), 25 and 32; the public sector accessibility regulations 2018.

Order inside (a later app may import an earlier one, never back; apps on one line are
independent of each other):

    database | look → chain → accounts → gateway
    → agreements | audit | intake | partnership | people | places → site
"""

__all__: list[str] = []
