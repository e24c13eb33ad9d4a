"""People who sign in."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

__all__ = [
    "Confirmation",
    "Failure",
    "Invitation",
    "LogoutToken",
    "ProviderLink",
    "RecoveryCode",
    "ResetLink",
    "SecondStep",
    "SignIn",
    "User",
    "UserManager",
]


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
        suspended_at: since when they may not sign in for a while; None where they may.
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
    suspended_at = models.DateTimeField(null=True, blank=True)

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


class ResetLink(models.Model):
    """A link with which one person chooses a new password; it works once, for a day.

    Shape:
        token_hash: SHA-256 of the link's secret; the secret itself is kept nowhere.
        made_by: user id of the administrator who made it.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="reset_links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"reset link {self.pk}"


class SecondStep(models.Model):
    """One person's second step: the secret that their authenticator app shares with us.

    Shape:
        secret: encrypted under the deployment's key and bound to the user.
        confirmed_at: when a first code showed that the app has it; not asked for before.
        last_step: the latest time step whose code was used; no code of it or before works again.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="second_step")
    secret = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"second step {self.pk}"


class RecoveryCode(models.Model):
    """One code for the day when the telephone is lost; it works once.

    Shape:
        code_hash: keyed hash of the code; its 80 random bits need no slow one.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"recovery code {self.pk}"


class Confirmation(models.Model):
    """Somebody was asked to prove again who they are, for one act.

    Shape:
        token: opaque, in the address of the page that asks.
        session_hash: SHA-256 of the session's id; in another session it is worth nothing.
        action: the one act it is for, for example `agreement.sign:safeguarding:<hash>`.
        words: what the page says they are about to do.
        next_url: where they go on.
        first_step_at: (people of a sign-in provider) when they signed in there again.
    """

    token = models.CharField(max_length=40, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="confirmations")
    session_hash = models.CharField(max_length=64)
    action = models.CharField(max_length=200)
    words = models.TextField()
    next_url = models.TextField()
    asked_at = models.DateTimeField()
    first_step_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    consumed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Found by whose it is and what for."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "action"], name="confirmation_of_user")
        ]

    def __str__(self) -> str:
        return f"confirmation {self.pk}"


class SignIn(models.Model):
    """One place where somebody is signed in: one browser, from signing in to signing out.

    Shape:
        session_key: the session's id now; it changes when the session is rotated.
        browser: which kind of browser on which kind of machine, in a few words.
        provider: id of the sign-in provider, empty where a password was used.
        provider_session: the provider's own id (`sid`) of its session, where it names one.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=60, db_index=True)
    browser = models.CharField(max_length=80, blank=True, default="")
    provider = models.CharField(max_length=60, blank=True, default="")
    provider_session = models.CharField(max_length=255, blank=True, default="")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-began_at", "-id"]

    def __str__(self) -> str:
        return f"sign-in {self.pk}"


class Failure(models.Model):
    """One wrong password or code, for counting; who and where from stand as keyed hashes alone.

    Shape:
        kind: `password` or `code`.
        name_hash: of the address typed, or of the user.
        address_hash: of the network address; empty for codes.
        browser_hash: of the known browser that it came from; empty for a strange one.
    """

    kind = models.CharField(max_length=20)
    name_hash = models.CharField(max_length=64, db_index=True)
    address_hash = models.CharField(max_length=64, db_index=True, blank=True, default="")
    browser_hash = models.CharField(max_length=64, blank=True, default="")
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"failure {self.pk}"


class ProviderLink(models.Model):
    """Whom a sign-in provider means: its issuer and subject, tied to one account."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="provider_links")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField()

    class Meta:
        """One account a subject."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="one_account_a_subject")
        ]

    def __str__(self) -> str:
        return f"provider link {self.pk}"


class LogoutToken(models.Model):
    """A provider's sign-out message that was obeyed, so that it cannot be played again."""

    issuer = models.CharField(max_length=255)
    token_id = models.CharField(max_length=255)
    at = models.DateTimeField()

    class Meta:
        """Each once."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["issuer", "token_id"], name="each_logout_once")
        ]

    def __str__(self) -> str:
        return f"logout token {self.pk}"
