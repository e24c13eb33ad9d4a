"""People who sign in."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

__all__ = ["Invitation", "User", "UserManager"]


class UserManager(BaseUserManager["User"]):
    """Makes users; addresses are compared without regard to case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user of an address."""
        return self.get(email=(username or "").strip().lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a user; without a password nobody can sign in until one is set."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """One person who signs in.

    Shape:
        email: the name under which they sign in.
        organisation: partner id; they act for it and for no other.
        roles: the roles they were given, limited to the partner's.
        persona: id of a demonstration persona, empty for real people.
        invited_by: id of the user who invited them.
        left_at: when they left; their sessions ended then.
    """

    email = models.CharField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    job = models.CharField(max_length=120, blank=True, default="")
    organisation = models.CharField(max_length=60)
    roles = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    persona = models.CharField(max_length=60, blank=True, default="", db_index=True)
    invited_by = models.CharField(max_length=60, blank=True, default="")
    joined_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "organisation"]

    class Meta:
        """Ordered by name for lists."""

        ordering: ClassVar[list[str]] = ["name", "id"]

    def __str__(self) -> str:
        return f"user {self.pk}"

    def get_short_name(self) -> str:
        """Return the name shown at the top of pages."""
        return self.name

    def has_role(self, role: str) -> bool:
        """Return whether the role was given."""
        return role in self.roles


class Invitation(models.Model):
    """An invitation by a link that works once, for a limited time.

    Shape:
        token_hash: SHA-256 of the link's secret; the secret itself is kept nowhere.
    """

    email = models.CharField(max_length=254)
    organisation = models.CharField(max_length=60)
    roles = models.JSONField(default=list)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.CharField(max_length=60)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-invited_at"]

    def __str__(self) -> str:
        return f"invitation {self.pk}"
