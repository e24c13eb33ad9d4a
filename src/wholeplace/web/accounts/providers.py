"""Sign-in providers of this deployment, and what their claims mean here.

`WHOLEPLACE_SIGN_IN` names a YAML file, read again when it changes. It says for each provider where
it stands (OpenID Connect), and in `belongs`, line by line, which claim makes somebody act for which
partner in which roles. A claim that no line names gives nothing. The role of administrator is
given by administrators alone, never by a claim.
"""

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from wholeplace.foundation.errors import CheckFailedError, Fault
from wholeplace.web.accounts.place import served_place
from wholeplace.web.accounts.roles import ADMINISTRATOR

__all__ = ["Belonging", "Provider", "find_provider", "list_providers", "read_belonging"]

# Signatures that only the provider can make; with a shared secret either side could.
_ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"})  # fmt: skip
_NEAR = ("http://127.0.0.1:", "http://localhost:", "http://[::1]:")


class _Definition(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Belonging(_Definition):
    """One line: whoever has this value in this claim acts for a partner in these roles."""

    claim: str
    has: str
    organisation: str
    roles: tuple[str, ...] = Field(min_length=1)


class Provider(_Definition):
    """One sign-in provider.

    Attributes:
        issuer: its OpenID Connect issuer; what it publishes about itself stands below it.
        client_id: under which it knows this deployment.
        client_secret_file: file with the secret that it gave; or
        client_secret_variable: the environment variable that holds it.
        algorithms: signatures that are taken; never one that we could make ourselves.
        belongs: what its claims mean here.
        sign_out_url: its page for signing out there; found by itself where it publishes one.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")
    name: str
    issuer: str
    client_id: str
    client_secret_file: str = ""
    client_secret_variable: str = ""
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    algorithms: tuple[str, ...] = ("RS256",)
    belongs: tuple[Belonging, ...] = ()
    sign_out_url: str = ""

    def client_secret(self) -> str:
        """Return the secret from its file or variable."""
        if self.client_secret_file:
            return Path(self.client_secret_file).read_text("utf-8").strip()
        return os.environ.get(self.client_secret_variable, "")


class _File(_Definition):
    providers: tuple[Provider, ...]


def list_providers() -> tuple[Provider, ...]:
    """Return the providers; none where no file is named.

    Raises:
        CheckFailedError: with every fault of the file.
    """
    named = os.environ.get("WHOLEPLACE_SIGN_IN")
    if not named:
        return ()
    facts = Path(named).stat()
    found, faults = _read(named, facts.st_mtime_ns, facts.st_size)
    faults = faults or _faults_of(found, Path(named).name)
    if faults:
        raise CheckFailedError(faults)
    return found


def find_provider(id: str) -> Provider | None:  # noqa: A002 - the word of the file
    """Return one provider, or None."""
    return next((each for each in list_providers() if each.id == id), None)


def read_belonging(
    provider: Provider, claims: Mapping[str, Any]
) -> tuple[str, tuple[str, ...]] | None:
    """Return the organisation and roles that claims give; None where they give nothing.

    Lines that name two organisations for one person give nothing either: somebody acts for one
    partner, and which one is not guessed.
    """
    lines = [each for each in provider.belongs if each.has in _values(claims.get(each.claim))]
    organisations = {each.organisation for each in lines}
    partner = served_place().partners.get(next(iter(organisations), ""))
    if len(organisations) != 1 or partner is None:
        return None
    # Asked again: partners.yaml may have changed since the file was checked.
    allowed = set(partner.roles) - {ADMINISTRATOR}
    wanted = dict.fromkeys(role for each in lines for role in each.roles if role in allowed)
    return (partner.id, tuple(wanted)) if wanted else None


def _values(claim: Any) -> set[str]:
    if isinstance(claim, str):
        return {claim}
    if isinstance(claim, list):
        return {each for each in claim if isinstance(each, str)}
    return set()


@lru_cache(maxsize=4)
def _read(path: str, _time: int, _size: int) -> tuple[tuple[Provider, ...], tuple[Fault, ...]]:
    file = Path(path)
    try:
        data = YAML(typ="safe").load(file.read_text("utf-8"))
        return _File.model_validate(data).providers, ()
    except YAMLError:
        return (), (Fault(file.name, 0, "this is no YAML", "a list `providers`"),)
    except ValidationError as error:
        return (), tuple(
            Fault(file.name, 0, f"{'.'.join(map(str, each['loc']))}: {each['msg']}")
            for each in error.errors(include_url=False, include_input=False)
        )


def _faults_of(providers: tuple[Provider, ...], file: str) -> tuple[Fault, ...]:
    faults: list[Fault] = []
    partners = served_place().partners
    for each in providers:
        if not each.issuer.startswith(("https://", *_NEAR)):
            faults.append(Fault(file, 0, f"{each.id}: the issuer is not reached over https"))
        if wrong := sorted(set(each.algorithms) - _ALGORITHMS):
            faults.append(Fault(file, 0, f"{each.id}: {', '.join(wrong)} proves nothing"))
        if not each.client_secret():
            faults.append(Fault(file, 0, f"{each.id}: there is no client secret"))
        for line in each.belongs:
            partner = partners.get(line.organisation)
            if partner is None:
                faults.append(Fault(file, 0, f"{each.id}: no partner {line.organisation}"))
            elif wrong := sorted(set(line.roles) - (set(partner.roles) - {ADMINISTRATOR})):
                what = f"{each.id}: {line.organisation} has no role {', '.join(wrong)} to give"
                faults.append(Fault(file, 0, what, "roles of partners.yaml"))
    if len({each.id for each in providers}) != len(providers):
        faults.append(Fault(file, 0, "two providers have the same id"))
    return tuple(faults)
