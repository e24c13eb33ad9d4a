"""Wholeplace's settings with the peer's one view added; with `BARE`, without any middleware."""

import os

from wholeplace.web.site.settings import *  # noqa: F403
from wholeplace.web.site.settings import MIDDLEWARE as _THEIRS

MIDDLEWARE = [] if os.environ.get("BARE") else list(_THEIRS)
ROOT_URLCONF = "bare_urls"
