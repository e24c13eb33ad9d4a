"""Laws are about what holds, never about how fast: a busy machine must not fail one."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
