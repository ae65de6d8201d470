"""The one door for requests of the server to addresses that somebody typed: webhooks, pictures elsewhere.

Whoever may type an address must not reach through the server what only the server reaches: the database beside it, the
machines of the intranet, the cloud's page with keys. So the name is resolved once, every address that it gives is
judged, and the connection goes to a judged address, never to what the name gives a moment later (DNS rebinding), while
Host and TLS still bear the name. Redirects are not followed, proxies of the environment are not asked, what is answered
is bounded in size and the whole in time.

What an installation sends to within its own network is listed by whoever runs the machine, not on a page:
HAITANG_OUTGOING_NETWORKS, and HAITANG_OUTGOING_HTTP where TLS ends before it. Both are empty as shipped.

Source: OWASP Server-Side Request Forgery Prevention Cheat Sheet; IANA special-purpose address registries (RFC 6890).
"""

import re
import socket
import ssl
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from time import monotonic
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpcore
from django.conf import settings

from haitang.core.errors import Conflict, Invalid

URL_LENGTH_MAX = 500
ADDRESSES_MAX = 8
"""So many of a name's addresses are tried."""
ANSWER_BYTES_MAX = 64 * 1024
WITHIN_S = 10.0
_PORTS = {"https": 443, "http": 80}
_METADATA = tuple(map(ip_network, ("168.63.129.16/32", "100.100.100.200/32", "fd00:ec2::254/128")))
"""Where clouds answer their own machines; the first of them is an address like any other, the rest stand here because
a rule that lets a network through must not let these through. 169.254.169.254 is link-local."""
_EMBEDDING = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")))
"""IPv6 that leads on to an IPv4 address written within: translated, tunnelled. No receiver needs that."""
_SPECIAL = tuple(
    map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "100.64.0.0/10", "198.18.0.0/15", "2001:db8::/32", "3fff::/20"))
)
"""Set apart by the registries; versions of Python differ in which of them they take for public."""
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*\.?")
_RESOLVERS = ThreadPoolExecutor(4, thread_name_prefix="resolve")
"""Asking for a name cannot be cut short: it is waited for so long, and goes on alone."""

Ip = IPv4Address | IPv6Address


class AddressRefused(Invalid):
    """The server does not send there: no address of the web, or one that is not public and was not let through."""

    def __init__(self, message: str) -> None:
        super().__init__(message, {"url": message})


class NoAnswer(Conflict):
    """Nothing came back that is an answer: unknown name, no connection, false certificate, too slow."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address of the web, taken apart. host: as it stands in Host and in the certificate; path: with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """The address as it is asked; the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. headers: names in small letters. body: at most so much as was asked for. took_s: seconds."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    took_s: float


def read_url(url: str) -> Target:
    """Return the address taken apart, without asking anybody for its name; an IP address in it is judged at once.

    Raises AddressRefused.
    """
    if len(url) > URL_LENGTH_MAX or any(character.isspace() or ord(character) < 33 for character in url):
        raise AddressRefused(f"地址应为不超过 {URL_LENGTH_MAX} 个字符、不含空格的网址")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or ""), parts.port
        host = host if ":" in host else host.encode("idna").decode().lower()
    except (ValueError, UnicodeError) as error:
        raise AddressRefused("地址不是有效的网址") from error
    schemes = ("https", "http") if settings.OUTGOING_HTTP else ("https",)
    if parts.scheme not in schemes:
        raise AddressRefused("地址应以 https:// 开头")
    if parts.username is not None or parts.password is not None or "\\" in url:
        raise AddressRefused("地址中不能带用户名和密码")
    literal = _literal(host)
    if port == 0 or (literal is None and not _NAME.fullmatch(host)) or "%" in host:
        raise AddressRefused("地址不是有效的网址")
    if literal is not None:
        _judge(literal)
    asked = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~") + (
        "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~?") if parts.query else ""
    )
    return Target(parts.scheme, host, port or _PORTS[parts.scheme], asked)


def send(
    url: str,
    *,
    method: str = "POST",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    within_s: float = WITHIN_S,
    bytes_max: int = ANSWER_BYTES_MAX,
) -> Answer:
    """Ask the address and return what it answers, a redirect as it stands.

    query: arguments of our own behind an address without any; they may be longer than what is typed.
    within_s: seconds for everything together. bytes_max: what is longer is cut off there.
    Raises AddressRefused, NoAnswer.
    """
    target = read_url(url)
    if query:
        target = replace(target, path=f"{target.path}?{urlencode(query)}")
    began = monotonic()
    deadline = began + within_s
    addresses = resolve(target.host, target.port, within_s=within_s)
    sent = {"Host": urlsplit(target.url).netloc, "User-Agent": "Haitang", "Connection": "close", **(headers or {})}
    if body or method == "POST":
        sent["Content-Length"] = str(len(body))
    pool = httpcore.ConnectionPool(
        ssl_context=_trust(), max_connections=1, network_backend=_Backend(addresses, deadline)
    )
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), within_s)
    try:
        with (
            pool,
            pool.stream(
                method, target.url, headers=list(sent.items()), content=body, extensions={"timeout": timeouts}
            ) as response,
        ):
            told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            kept = bytearray()
            for chunk in response.iter_stream():
                kept += chunk
                if len(kept) >= bytes_max:
                    break
            return Answer(response.status, told, bytes(kept[:bytes_max]), monotonic() - began)
    except httpcore.TimeoutException as error:
        raise NoAnswer(f"对方在 {within_s:g} 秒内没有应答") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError) as error:
        raise NoAnswer(_sentence(error)) from error


def resolve(host: str, port: int, *, within_s: float = WITHIN_S) -> list[str]:
    """Return the addresses that the name gives now, every one of them judged.

    Raises AddressRefused if any of them may not be asked, NoAnswer if there is none.
    """
    asking = _RESOLVERS.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        found = [str(where[4][0]) for where in asking.result(within_s)]
    except TimeoutError as error:
        raise NoAnswer("域名没有及时解析") from error
    except (OSError, UnicodeError) as error:
        raise NoAnswer("域名无法解析") from error
    addresses = list(dict.fromkeys(found))[:ADDRESSES_MAX]
    for address in addresses:
        _judge(_plain(ip_address(address)))
    return addresses


def is_allowed(address: Ip) -> bool:
    """Tell whether the server may send to the address: one of the public internet, or of a network let through."""
    plain = _plain(address)
    if _within(plain, _METADATA):
        return False
    if _within(plain, _let_through(tuple(settings.OUTGOING_NETWORKS))):
        return True
    if _within(plain, _EMBEDDING) or _within(plain, _SPECIAL) or getattr(plain, "scope_id", None):
        return False
    is_special = plain.is_multicast or plain.is_reserved or plain.is_unspecified or plain.is_loopback
    return plain.is_global and not is_special and not plain.is_link_local


def _judge(address: Ip) -> None:
    if not is_allowed(address):
        raise AddressRefused("不能向本机或内部网络的地址发送；确需发送的，请运维人员登记该网段")


def _plain(address: Ip) -> Ip:
    """Return the IPv4 address that an IPv6 one merely writes otherwise (::ffff:127.0.0.1), or the address."""
    return getattr(address, "ipv4_mapped", None) or address


def _literal(host: str) -> Ip | None:
    try:
        return _plain(ip_address(host))
    except ValueError:
        return None


def _within(address: Ip, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


@lru_cache(maxsize=8)
def _let_through(networks: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(network.strip()) for network in networks)


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """Return whom TLS trusts: the machine's own store. An office's own authority is added there (SSL_CERT_FILE)."""
    return ssl.create_default_context()


def _sentence(error: Exception) -> str:
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError) or "CERTIFICATE" in str(error):
        return "对方的证书无效，或不能建立加密连接"
    if isinstance(error, httpcore.ConnectError | ConnectionError):
        return "无法连接对方服务器"
    return "对方的应答不完整或不是有效的 HTTP 应答"


class _Backend(httpcore.NetworkBackend):
    """Connects to the judged addresses, whatever is asked for, and lets nothing outlast the deadline."""

    def __init__(self, addresses: list[str], deadline: float) -> None:
        self._addresses, self._deadline = addresses, deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        """Return a connection to the first of the addresses that takes one."""
        failed: Exception = httpcore.ConnectError("no address")
        for address in self._addresses:
            try:
                stream = self._inner.connect_tcp(address, port, timeout=_left(self._deadline))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _Stream(stream, self._deadline)
        raise failed


class _Stream(httpcore.NetworkStream):
    """A connection, each wait on which ends with the deadline: a byte now and then keeps nobody waiting for ever."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(self._deadline))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(
            self._inner.start_tls(ssl_context, server_hostname, _left(self._deadline)), self._deadline
        )  # fmt: skip

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)

    def close(self) -> None:
        self._inner.close()


def _left(deadline: float) -> float:
    """Return the seconds that are left; raise the timeout where there are none."""
    left = deadline - monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("deadline")
    return left
