"""The platform of WeChat, as far as an official account meets it: an HTTP server on loopback, and what it sends.

Written from the platform's documentation alone and without the product's own code, so that one is a check of the other.
"""

import base64
import hashlib
import json
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.dom import minidom

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.test import Client

APP_ID, SECRET, TOKEN = "wx5823bf96d3bd56c7", "0123456789abcdef0123456789abcdef", "QDG6eK"
AES = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
OURS = "gh_7f083739789a"


@dataclass
class Platform:
    """valid: the access tokens that hold. media: by id (content type, bytes). sent: what was written to whom.

    refuses: errcode by path, answered instead. token_calls: how often a token was asked for.
    """

    valid: list[str] = field(default_factory=list)
    media: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    sent: list[dict[str, Any]] = field(default_factory=list)
    refuses: dict[str, int] = field(default_factory=dict)
    token_calls: int = 0
    slow_s: float = 0.0
    url: str = ""
    lock: Any = field(default_factory=Lock)

    def texts_to(self, openid: str) -> list[str]:
        return [one["text"]["content"] for one in self.sent if one["touser"] == openid and one.get("msgtype") == "text"]

    def answer(self, method: str, path: str, asked: dict[str, str], body: bytes) -> tuple[str, bytes]:
        """Answer as the platform does: always 200, with an errcode where something is wrong."""
        if path == "/cgi-bin/stable_token":
            return "application/json", json.dumps(self._token(json.loads(body))).encode()
        if asked.get("access_token") not in self.valid[-2:]:
            return _error(40001, "invalid credential, access_token is invalid or not latest")
        if path in self.refuses:
            return _error(self.refuses[path], "refused")
        if path == "/cgi-bin/media/get" and method == "GET":
            return self.media.get(asked.get("media_id", ""), None) or _error(40007, "invalid media_id")
        if path in ("/cgi-bin/message/custom/send", "/cgi-bin/message/template/send") and method == "POST":
            self.sent.append(json.loads(body))
            return "application/json", b'{"errcode":0,"errmsg":"ok"}'
        return _error(40066, "invalid url")

    def _token(self, asked: dict[str, Any]) -> dict[str, Any]:
        self.token_calls += 1
        if (asked["grant_type"], asked["appid"], asked["secret"]) != ("client_credential", APP_ID, SECRET):
            return {"errcode": 40013, "errmsg": "invalid appid"}
        if not self.valid or asked.get("force_refresh"):
            self.valid.append(f"{len(self.valid)}_" + base64.urlsafe_b64encode(os.urandom(384)).decode())
        return {"access_token": self.valid[-1], "expires_in": 7200}

    def expire(self) -> None:
        """Let every access token end before its time."""
        self.valid = ["gone", "by"]


def _error(number: int, text: str) -> tuple[str, bytes]:
    return "application/json; encoding=utf-8", json.dumps({"errcode": number, "errmsg": text}).encode()


@contextmanager
def running() -> Iterator[Platform]:
    """Run the platform on a port of loopback."""
    platform = Platform()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = {name: values[0] for name, values in parse_qs(url.query).items()}
            with platform.lock:
                kind, told = platform.answer(self.command, url.path, asked, body)
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    platform.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def sha1(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def sealed(xml: str, *, app_id: str = APP_ID, aes: str = AES) -> str:
    """Encrypt as the platform does."""
    key = base64.b64decode(aes + "=")
    text = xml.encode()
    padder = padding.PKCS7(256).padder()
    inner = padder.update(os.urandom(16) + struct.pack(">I", len(text)) + text + app_id.encode()) + padder.finalize()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(inner) + encryptor.finalize()).decode()


def opened(cipher: str, aes: str = AES) -> str:
    """Open as the platform does, and insist that it was meant for this account."""
    key = base64.b64decode(aes + "=")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    unpadder = padding.PKCS7(256).unpadder()
    inner = unpadder.update(decryptor.update(base64.b64decode(cipher)) + decryptor.finalize()) + unpadder.finalize()
    (length,) = struct.unpack(">I", inner[16:20])
    assert inner[20 + length :] == APP_ID.encode()
    return inner[20 : 20 + length].decode()


def values(xml: str) -> dict[str, str]:
    root = minidom.parseString(xml).documentElement
    elements = [each for each in root.childNodes if each.nodeType == minidom.Node.ELEMENT_NODE]
    return {each.nodeName: "".join(part.data for part in each.childNodes) for each in elements}


class Phone:
    """Somebody's WeChat: what they write goes out through the platform, encrypted, and the answer is opened."""

    def __init__(self, clock: Any, openid: str = "oVxVd5Ka1bGk8d9mOQ2pYzB7c3X0") -> None:
        self.openid, self.clock, self.client, self.number = openid, clock, Client(), 1234567890123456

    def xml(self, kind: str, number: int, **told: Any) -> str:
        at = int(self.clock().timestamp())
        parts = {"ToUserName": OURS, "FromUserName": self.openid, "CreateTime": at, "MsgType": kind, **told}
        if kind != "event":
            parts["MsgId"] = number
        return "<xml>" + "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in parts.items()) + "</xml>"

    def post(
        self, xml: str, *, token: str = TOKEN, at: int | None = None, encrypted: bool = True, **spoilt: str
    ) -> Any:
        """Send as the platform does; spoilt: arguments of the address that are other than they should be."""
        stamp, nonce = str(at or int(self.clock().timestamp())), "1372623149"
        asked = {"signature": sha1(token, stamp, nonce), "timestamp": stamp, "nonce": nonce, "openid": self.openid}
        body = xml
        if encrypted:
            cipher = sealed(xml)
            asked |= {"encrypt_type": "aes", "msg_signature": sha1(token, stamp, nonce, cipher)}
            body = f"<xml><ToUserName><![CDATA[{OURS}]]></ToUserName><Encrypt><![CDATA[{cipher}]]></Encrypt></xml>"
        query = "&".join(f"{name}={value}" for name, value in {**asked, **spoilt}.items())
        return self.client.post(f"/wechat/messages?{query}", body.encode(), content_type="text/xml")

    def _said(self, response: Any) -> str:
        assert response.status_code == 200, response.content
        if response.content == b"success":
            return ""
        told = values(response.content.decode())
        assert told["MsgSignature"] == sha1(TOKEN, told["TimeStamp"], told["Nonce"], told["Encrypt"])
        answer = values(opened(told["Encrypt"]))
        assert (answer["ToUserName"], answer["FromUserName"], answer["MsgType"]) == (self.openid, OURS, "text")
        return answer["Content"]

    def send(self, kind: str, *, number: int = 0, **told: Any) -> str:
        self.number += 1
        return self._said(self.post(self.xml(kind, number or self.number, **told)))

    def write(self, text: str, **told: Any) -> str:
        return self.send("text", Content=text, **told)
