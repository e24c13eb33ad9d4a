"""OpenID Connect: the way to a sign-in provider and back, and what is checked on the way.

Authorization Code with PKCE (RFC 7636). The state is tied to the session and works once; the nonce
ties the token to this very attempt. A token counts only if its signature is by a key that the
provider publishes, by an algorithm that our own file names, and issuer, audience, times and nonce
are right. Keys are fetched again when a token names one that is not known, so the provider may
change them at any time. Sources: OpenID Connect Core 1.0 section 3.1.3.7, RFC 9207 (issuer in the
answer), RFC 9700 (best practice), OpenID Connect Back-Channel Logout 1.0.
"""

import secrets
import time
from typing import Any

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.accounts.providers import Provider

__all__ = ["Came", "ProviderRefusedError", "begin", "finish", "read_logout_token", "sign_out_page"]

_SESSION = "provider_attempt"
_ATTEMPT_MINUTES = 10
_SECONDS = 10
_LEEWAY_SECONDS = 60
_KEPT_SECONDS = 3600
_LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
_kept: dict[str, tuple[float, Any]] = {}


class ProviderRefusedError(UnsafeActionError):
    """What came back from a provider is not to be trusted.

    Attributes:
        cause: one word for the trail; the person is told no more than that it failed.
    """

    def __init__(self, cause: str) -> None:
        self.cause = cause
        super().__init__(
            "You were not signed in.",
            "What came back from the sign-in provider was not what was asked for, or too old.",
            "Try once more from the sign-in page. If it goes on, tell whoever runs this system.",
        )


class Came:
    """Whom a provider says has come.

    Attributes:
        claims: of the token, checked.
        purpose: for what they were sent: `sign-in`, `link`, or `confirm:<token>`.
        next_url: where they wanted to go.
    """

    def __init__(self, claims: dict[str, Any], purpose: str, next_url: str) -> None:
        self.claims, self.purpose, self.next_url = claims, purpose, next_url


def begin(
    request: HttpRequest, provider: Provider, back: str, next_url: str, purpose: str = "sign-in"
) -> str:
    """Return the provider's address to go to; the session keeps what the answer must match.

    Args:
        request: whose session it is.
        provider: where to go.
        back: our own full address to which the provider sends people back.
        next_url: where they want to go afterwards.
        purpose: `sign-in`, `link`, or `confirm:<token>`, for which they must sign in afresh.

    Raises:
        ProviderRefusedError: if the provider does not answer.
    """
    attempt = {
        "provider": provider.id,
        "state": secrets.token_urlsafe(32),
        "nonce": secrets.token_urlsafe(32),
        "verifier": secrets.token_urlsafe(64),
        "back": back,
        "next": next_url,
        "purpose": purpose,
        "since": int(time.time()),
    }
    fresh = {"prompt": "login", "max_age": "0"} if purpose != "sign-in" else {}
    with _client(provider, back) as client:
        address, _ = client.create_authorization_url(
            _published(provider)["authorization_endpoint"],
            state=attempt["state"],
            nonce=attempt["nonce"],
            code_verifier=attempt["verifier"],
            **fresh,
        )
    request.session[_SESSION] = attempt
    return str(address)


def finish(request: HttpRequest, provider: Provider) -> Came:
    """Return whom the provider's answer is about.

    Raises:
        ProviderRefusedError: if anything about it is not as it must be.
    """
    # Taken out before anything is looked at: an answer is tried once, right or wrong.
    attempt = request.session.pop(_SESSION, None)
    given = request.GET
    if not attempt or attempt["provider"] != provider.id:
        raise ProviderRefusedError("no-attempt")
    if not constant_time_compare(given.get("state", ""), attempt["state"]):
        raise ProviderRefusedError("state")
    if time.time() - attempt["since"] > _ATTEMPT_MINUTES * 60:
        raise ProviderRefusedError("too-late")
    if "iss" in given and given["iss"] != provider.issuer:
        raise ProviderRefusedError("issuer")
    if "error" in given or not given.get("code"):
        raise ProviderRefusedError("refused-there")
    try:
        with _client(provider, attempt["back"]) as client:
            answer = client.fetch_token(
                _published(provider)["token_endpoint"],
                grant_type="authorization_code",
                code=given["code"],
                code_verifier=attempt["verifier"],
                timeout=_SECONDS,
                allow_redirects=False,
            )
    except (OAuthError, requests.RequestException, ValueError) as error:
        raise ProviderRefusedError("code") from error
    claims = _open_token(
        provider, str(answer.get("id_token", "")), {"nonce": _value(attempt["nonce"])}
    )
    if attempt["purpose"] != "sign-in" and not (
        int(claims.get("auth_time") or 0) >= attempt["since"] - _LEEWAY_SECONDS
    ):
        raise ProviderRefusedError("not-afresh")
    return Came(claims, str(attempt["purpose"]), str(attempt["next"]))


def read_logout_token(provider: Provider, token: str) -> dict[str, Any]:
    """Return the claims of a provider's message that somebody signed out there.

    Raises:
        ProviderRefusedError: if it is not one, or not by this provider for us.
    """
    claims = _open_token(provider, token, {"jti": {"essential": True}}, is_sign_in=False)
    events = claims.get("events")
    is_logout = isinstance(events, dict) and _LOGOUT in events
    # A sign-in token is never a sign-out message: only that one carries a nonce.
    if not is_logout or "nonce" in claims or not (claims.get("sub") or claims.get("sid")):
        raise ProviderRefusedError("no-logout")
    if time.time() - int(claims["iat"]) > _ATTEMPT_MINUTES * 60:
        raise ProviderRefusedError("too-late")
    return claims


def sign_out_page(provider: Provider) -> str:
    """Return the provider's own page for signing out there, or nothing."""
    try:
        return provider.sign_out_url or str(_published(provider).get("end_session_endpoint", ""))
    except ProviderRefusedError:
        return ""


def _open_token(
    provider: Provider, token: str, wanted: dict[str, Any], *, is_sign_in: bool = True
) -> dict[str, Any]:
    try:
        found = _decode(provider, token, may_fetch_anew=True)
        options: dict[str, Any] = {
            "iss": _value(provider.issuer),
            "aud": _value(provider.client_id),
            "iat": {"essential": True},
            **({"exp": {"essential": True}, "sub": {"essential": True}} if is_sign_in else {}),
            **wanted,
        }
        registry = jwt.JWTClaimsRegistry(leeway=_LEEWAY_SECONDS, **options)
        claims: dict[str, Any] = dict(found.claims)
        registry.validate(claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ProviderRefusedError(f"token-{type(error).__name__}") from error
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    # Meant for others too: then it must say that it was made for us.
    if (len(audience) > 1 or "azp" in claims) and claims.get("azp") != provider.client_id:
        raise ProviderRefusedError("audience")
    return claims


def _decode(provider: Provider, token: str, *, may_fetch_anew: bool) -> Any:
    address = str(_published(provider)["jwks_uri"])
    before = _kept.get(address)
    try:
        keys = KeySet.import_key_set(_fetch(address))
        return jwt.decode(token, keys, algorithms=list(provider.algorithms))
    except (JoseError, ValueError):
        # The provider may have changed its keys since; asked once, and only where ours are old.
        if not may_fetch_anew or before is None or time.time() - before[0] < _new_keys_after():
            raise
        _kept.pop(address, None)
        return _decode(provider, token, may_fetch_anew=False)


def _new_keys_after() -> float:
    """Return for how many seconds keys just fetched are not fetched again."""
    return 1.0


def _published(provider: Provider) -> dict[str, Any]:
    address = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    found = _fetch(address)
    if found.get("issuer") != provider.issuer:
        _kept.pop(address, None)
        raise ProviderRefusedError("issuer")
    return dict(found)


def _fetch(address: str) -> Any:
    kept = _kept.get(address)
    if kept and time.time() - kept[0] < _KEPT_SECONDS:
        return kept[1]
    try:
        answer = requests.get(address, timeout=_SECONDS)
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise ProviderRefusedError("no-answer") from error
    if not isinstance(found, dict):
        raise ProviderRefusedError("no-answer")
    _kept[address] = (time.time(), found)
    return found


def _client(provider: Provider, back: str) -> Any:
    return OAuth2Session(
        provider.client_id,
        provider.client_secret(),
        scope=" ".join(provider.scopes),
        redirect_uri=back,
        code_challenge_method="S256",
    )


def _value(value: str) -> dict[str, Any]:
    return {"essential": True, "value": value}
