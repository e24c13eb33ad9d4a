"""Every address of the site, and the peer's view."""

import bare_pages
from django.urls import path

from wholeplace.web.accounts.routes import route
from wholeplace.web.site.urls import urlpatterns as _theirs

urlpatterns = [
    path("bare/<str:person_id>/", route(roles="signed-in", shows="personal")(bare_pages.person)),
    *_theirs,
]
