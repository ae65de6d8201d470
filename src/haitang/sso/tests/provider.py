"""A real provider on loopback: codes that hold once, PKCE, client secrets, tokens signed with RS256; and every lie that
a test wants to be told."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "haitang", "quiet:words/+"


@cache
def rsa_key(name: str, bits: int = 2048) -> Any:
    """Return a key of that name, the same in every test of this process."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def public(key: Any, kid: str) -> dict[str, Any]:
    told = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    return {**told, "kid": kid, "use": "sig", "alg": "RS256"}


@dataclass
class Provider:
    """subject, claims: whom it signs in. twist: alters the claims of the next tokens; sign: makes a token of them.

    config: what it publishes otherwise. codes: those given and not yet taken. asked: what came to the token address.
    """

    url: str = ""
    subject: str = "S-0001"
    claims: dict[str, Any] = field(default_factory=dict)
    twist: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    sign: Callable[[dict[str, Any]], str] | None = None
    config: dict[str, Any] = field(default_factory=dict)
    kid: str = "k1"
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    reads: list[str] = field(default_factory=list)

    def published(self) -> dict[str, Any]:
        return {
            "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token", "jwks_uri": f"{self.url}/keys",
            "end_session_endpoint": f"{self.url}/end", "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "authorization_response_iss_parameter_supported": True, **self.config,
        }  # fmt: skip

    def authorize(self, url: str) -> str:
        """Sign somebody in, as its own pages would, and return the address to which the browser is sent back."""
        given = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert given["client_id"] == CLIENT
        assert given["response_type"] == "code"
        assert given["code_challenge_method"] == "S256"
        assert all(len(given[name]) >= 32 for name in ("state", "nonce", "code_challenge"))
        code = secrets.token_urlsafe(24)
        self.codes[code] = given
        return given["redirect_uri"] + "?" + urlencode({"code": code, "state": given["state"], "iss": self.url})

    def token(self, given: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        self.asked.append(given)
        kind, _, words = authorization.partition(" ")
        named = base64.b64decode(words or "").decode().partition(":")
        if kind != "Basic" or (unquote(named[0]), unquote(named[2])) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(given.get("code", ""), None)
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or asked["redirect_uri"] != given["redirect_uri"] or challenge != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = self.twist({
            "iss": self.url, "sub": self.subject, "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], **self.claims,
        })  # fmt: skip
        token = self.sign(claims) if self.sign else self.signed(claims)
        return 200, {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "id_token": token}

    def signed(self, claims: dict[str, Any], key: str = "", kid: str | None = None) -> str:
        """Return the claims as a token, signed with the published key unless another is named."""
        kid = self.kid if kid is None else kid
        return jwt.encode(claims, rsa_key(key or self.kid), algorithm="RS256", headers={"kid": kid} if kid else None)


@contextmanager
def serving() -> Iterator[Provider]:
    """Run a provider; it is asked where the settings let loopback through."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            provider.reads.append(path)
            if path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(self.path))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif path == "/end":
                self._answer(200, {"signed": "out"})
            elif path == "/keys":
                self._answer(200, {"keys": [public(rsa_key(provider.kid), provider.kid)]})
            elif path == "/.well-known/openid-configuration":
                self._answer(200, provider.published())
            else:
                self._answer(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            given = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(*provider.token(given, self.headers.get("Authorization", "")))

        def _answer(self, status: int, told: dict[str, Any]) -> None:
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
