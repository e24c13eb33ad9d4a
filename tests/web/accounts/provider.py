"""A sign-in provider on this machine: a real server that checks what a provider must, and errs when told.

It speaks OpenID Connect over HTTP: discovery, keys, authorization with PKCE, tokens for a code that
works once, and the client's secret. Each way of being wrong is one switch, so that a test shows
that the site refuses just that.
"""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "wholeplace", "a secret between two servers"


class TestedProvider:
    """The provider: who is at its keyboard, its keys, and how it errs."""

    __test__ = False

    def __init__(self) -> None:
        self.issuer = ""
        self.person: dict[str, Any] = {
            "sub": "s-1",
            "name": "Pat Moor",
            "email": "pat@council.example",
        }
        self.key = RSAKey.generate_key(2048, {"kid": "first"})
        self.codes: dict[str, dict[str, str]] = {}
        self.changes: dict[str, Any] = {}
        self.drops: set[str] = set()
        self.signs_with = "RS256"
        self.checks_verifier = True
        self.seen: list[dict[str, str]] = []

    def rotate(self) -> None:
        """Sign with another key from now on, and publish that one alone."""
        self.key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4)})

    def token(self, claims: dict[str, Any]) -> str:
        """Sign claims in the way that is set."""
        header = {"alg": self.signs_with, "kid": self.key.kid}
        if self.signs_with == "none":
            parts = [json.dumps(each).encode() for each in ({"alg": "none"}, claims)]
            return ".".join([*(_b64(each) for each in parts), ""])
        if self.signs_with == "HS256":
            # The old confusion: a public key taken for a shared secret.
            text = ".".join(_b64(json.dumps(each).encode()) for each in (header, claims))
            shared = self.key.as_pem(private=False)
            return f"{text}.{_b64(hmac.digest(shared, text.encode(), 'sha256'))}"
        key = self.key
        if self.signs_with == "another key":
            header["alg"] = "RS256"
            key = RSAKey.generate_key(2048, {"kid": self.key.kid})
        return jwt.encode(header, claims, key, algorithms=["RS256"])

    def id_token(self, asked: dict[str, str]) -> str:
        """Return the token for one authorization."""
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "auth_time": now,
            "nonce": asked.get("nonce", ""), "sid": "there-1", **self.person, **self.changes,
        }  # fmt: skip
        return self.token({k: v for k, v in claims.items() if k not in self.drops})

    def logout_token(self, **changes: Any) -> str:
        """Return a message that somebody signed out here."""
        now = int(time.time())
        event = {"http://schemas.openid.net/event/backchannel-logout": {}}
        claims = {
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 120,
            "jti": secrets.token_hex(8), "events": event, "sub": self.person["sub"], **changes,
        }  # fmt: skip
        return self.token({k: v for k, v in claims.items() if v is not None})


@contextmanager
def served_provider() -> Iterator[TestedProvider]:
    """Serve a provider on a port of its own until the caller is done."""
    provider = TestedProvider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(provider: TestedProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if url.path == "/.well-known/openid-configuration":
                self._answer(200, _published(provider))
            elif url.path == "/keys":
                self._answer(200, {"keys": [provider.key.as_dict(private=False)]})
            elif url.path == "/authorize":
                asked = dict(parse_qsl(url.query))
                provider.seen.append(asked)
                code = secrets.token_urlsafe(12)
                provider.codes[code] = asked
                back = urlencode({"code": code, "state": asked["state"], "iss": provider.issuer})
                self.send_response(302)
                self.send_header("Location", f"{asked['redirect_uri']}?{back}")
                self.end_headers()
            else:
                self._answer(404, {})

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            given = {k: v[0] for k, v in parse_qs(self.rfile.read(length).decode()).items()}
            basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            asked = provider.codes.pop(given.get("code", ""), None)
            if self.headers.get("Authorization") != f"Basic {basic}":
                self._answer(401, {"error": "invalid_client"})
            elif (
                asked is None
                or asked["redirect_uri"] != given.get("redirect_uri")
                or (provider.checks_verifier and asked["code_challenge"] != _challenge(given))
            ):
                self._answer(400, {"error": "invalid_grant"})
            else:
                token = {"access_token": "x", "token_type": "Bearer", "expires_in": 300}
                self._answer(200, {**token, "id_token": provider.id_token(asked)})

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

    return Handler


def _published(provider: TestedProvider) -> dict[str, Any]:
    return {
        "issuer": provider.issuer,
        "authorization_endpoint": f"{provider.issuer}/authorize",
        "token_endpoint": f"{provider.issuer}/token",
        "jwks_uri": f"{provider.issuer}/keys",
        "end_session_endpoint": f"{provider.issuer}/sign-out",
    }


def _challenge(given: dict[str, str]) -> str:
    return _b64(hashlib.sha256(given.get("code_verifier", "").encode()).digest())


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
