"""Requests as they come over the wire, well made and otherwise, as WSGI hands them on."""

import io
from collections.abc import Iterable, Mapping
from random import Random
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from tests.fuzz.values import hostile

BOUNDARY = "fuzz-boundary"
Pair = tuple[str, str | tuple[str, str, bytes]]
"""A field's name, and its text or a file (name, content type, content)."""
ODD_HEADERS = (
    ("HTTP_HOST", "example.invalid"), ("HTTP_HOST", "localhost:99999999"), ("HTTP_HOST", "a b"), ("HTTP_HOST", ""),
    ("HTTP_ACCEPT_LANGUAGE", "zh-Hans;q=1e9,*;q=,,,"), ("HTTP_ACCEPT_LANGUAGE", "x" * 9000), ("HTTP_ACCEPT",
    "a/\x01;q=z"),
    ("HTTP_X_REQUEST_ID", "a\r\nb"), ("HTTP_X_REQUEST_ID", "x" * 5000), ("HTTP_X_FORWARDED_FOR", "' OR 1=1, ::1, \xff"),
    ("HTTP_X_FORWARDED_HOST", "example.invalid"), ("HTTP_COOKIE", "haitang_session=" + "\xff" * 50), ("HTTP_COOKIE",
    "=;;=\x01"),
    ("HTTP_COOKIE", "haitang_session=../../x; django_language=../../x; haitang_large=9"), ("HTTP_REFERER",
    "javascript:1"),
    ("HTTP_IF_MODIFIED_SINCE", "Mon, 99 Foo 99999 99:99:99"), ("HTTP_IF_NONE_MATCH", 'W/"\xff'), ("HTTP_RANGE",
    "bytes=9-1"),
    ("HTTP_HX_REQUEST", "true"), ("HTTP_HX_HISTORY_RESTORE_REQUEST", "true"), ("HTTP_HX_CURRENT_URL", "http://[x"),
    ("HTTP_USER_AGENT", "\xff" * 3000), ("HTTP_AUTHORIZATION", "Bearer \xff\xfe"), ("HTTP_AUTHORIZATION", "Basic Og=="),
    ("HTTP_ORIGIN", "null"), ("HTTP_CONTENT_ENCODING", "gzip"), ("HTTP_IDEMPOTENCY_KEY", "\xff" * 300),
)  # fmt: skip
KINDS = (
    "", "text/plain", "application/json", "multipart/form-data", "multipart/form-data; boundary=", "application/xml",
    "multipart/form-data; boundary=" + "x" * 300, "application/x-www-form-urlencoded; charset=utf-7", "\xff/\xfe;;;",
    "application/x-www-form-urlencoded; charset=nonsense",
    "multipart/form-data; boundary=fuzz-boundary; charset=utf-16",
    "multipart/mixed; boundary=fuzz-boundary", "application/x-www-form-urlencoded",
)  # fmt: skip


def wire(text: str) -> bytes:
    """Return a text as bytes; lone surrogates as a careless encoder writes them."""
    return text.encode("utf-8", "surrogatepass")


def as_query(pairs: Iterable[Pair]) -> str:
    """Return a query string; of a file its name."""
    return "&".join(
        f"{_escaped(name)}={_escaped(value if isinstance(value, str) else value[0])}" for name, value in pairs
    )


def _escaped(text: str) -> str:
    return quote(wire(text), safe="")


def as_multipart(pairs: Iterable[Pair]) -> bytes:
    """Return a multipart body; names of fields and files stand in it as they are, quotes and line breaks too."""
    parts = []
    for name, value in pairs:
        head = b'Content-Disposition: form-data; name="' + wire(name) + b'"'
        if isinstance(value, str):
            content = wire(value)
        else:
            filename, kind, content = value
            head += b'; filename="' + wire(filename) + b'"\r\nContent-Type: ' + wire(kind)
        parts.append(b"--" + BOUNDARY.encode() + b"\r\n" + head + b"\r\n\r\n" + content + b"\r\n")
    return b"".join(parts) + b"--" + BOUNDARY.encode() + b"--\r\n"


def request(
    method: str, address: str, *, headers: Mapping[str, str], body: bytes = b"", kind: str = "", who: str = ""
) -> dict[str, Any]:
    """Return the WSGI environment. address: path and query, percent-encoded. headers: under their WSGI names."""
    path, _mark, query = address.partition("?")
    return {
        "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query, "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(body)), "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost",
        "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False, "fuzz.as": who, **headers,
    }  # fmt: skip


def form(method: str, address: str, pairs: list[Pair], multipart: bool, **more: Any) -> dict[str, Any]:
    """Return a form as a browser sends it."""
    if method == "GET":
        return request("GET", f"{address.partition('?')[0]}?{as_query(pairs)}", **more)
    if multipart or any(not isinstance(value, str) for _name, value in pairs):
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return request(method, address, body=as_multipart(pairs), kind=kind, **more)
    return request(method, address, body=as_query(pairs).encode(), kind="application/x-www-form-urlencoded", **more)


def broken(rng: Random, environ: dict[str, Any]) -> dict[str, Any]:
    """Return the request with something wrong about its frame: length, type, end of the body, method, headers."""
    body = environ["wsgi.input"].getvalue()
    what = rng.randrange(7)
    if what == 0 and body:
        body = body[: rng.randrange(len(body))]
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))
    elif what == 1:
        environ["CONTENT_LENGTH"] = rng.choice(("", "-1", "abc", "0", str(len(body) + 100), "9" * 30))
    elif what == 2:
        environ["CONTENT_TYPE"] = rng.choice(KINDS)
    elif what == 3:
        environ["REQUEST_METHOD"] = rng.choice(("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "BREW", "get"))
    elif what == 4:
        body = wire(hostile(rng))
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))
        environ["CONTENT_TYPE"] = rng.choice(KINDS)
    else:
        environ |= dict(rng.sample(ODD_HEADERS, rng.randint(1, 3)))
    return environ
