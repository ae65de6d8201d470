"""The server sends to public addresses alone, to the one it has judged, and waits for nobody for ever."""

import socket
import ssl
import time
from contextlib import contextmanager
from datetime import UTC, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from haitang.core import clock, outgoing
from haitang.core.outgoing import AddressRefused, NoAnswer

LOOPBACK = ["127.0.0.0/8", "::1/128"]


class Receiver(BaseHTTPRequestHandler):
    """Answers as the address says, and keeps what it was asked."""

    def do_POST(self):
        self.server.asked.append((self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        try:
            if self.path == "/long":
                for _n in range(64):
                    self.wfile.write(b"x" * 2**20)
            elif self.path == "/slow":
                for _n in range(50):
                    self.wfile.write(b"x")
                    self.wfile.flush()
                    time.sleep(0.1)
            else:
                self.wfile.write(b"taken")
        except OSError:
            pass

    def log_message(self, *_said):
        pass


@contextmanager
def receiving(host="127.0.0.1", tls=None):
    server = ThreadingHTTPServer((host, 0), Receiver)
    server.daemon_threads, server.asked = True, []
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def let_through(settings):
    settings.OUTGOING_NETWORKS, settings.OUTGOING_HTTP = LOOPBACK, True


@pytest.fixture
def server(let_through):
    with receiving() as server:
        yield server


def address_of(server, path="/", host="127.0.0.1", scheme="http"):
    return f"{scheme}://{host}:{server.server_port}{path}"


def test_it_sends_and_tells_what_came_back(server):
    answer = outgoing.send(address_of(server, "/take?a=1"), body=b"{}", headers={"Content-Type": "application/json"})
    assert (answer.status, answer.body) == (200, b"taken")
    path, headers, body = server.asked[0]
    assert (path, body, headers["Content-Type"]) == ("/take?a=1", b"{}", "application/json")
    assert headers["Host"] == f"127.0.0.1:{server.server_port}"


def test_a_redirect_is_told_and_not_followed(server):
    assert outgoing.send(address_of(server, "/moved")).status == 302
    assert len(server.asked) == 1


def test_a_long_answer_is_cut_and_a_slow_one_is_left(server):
    assert len(outgoing.send(address_of(server, "/long"), bytes_max=1000).body) == 1000
    began = time.monotonic()
    with pytest.raises(NoAnswer):
        outgoing.send(address_of(server, "/slow"), within_s=0.4)
    assert time.monotonic() - began < 1.5


def test_nobody_there_and_no_such_name(let_through):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        with pytest.raises(NoAnswer, match="无法连接"):
            outgoing.send(f"http://127.0.0.1:{held.getsockname()[1]}/", within_s=2)
    with pytest.raises(NoAnswer, match="解析"):
        outgoing.send("http://nobody.invalid/", within_s=2)


def test_no_proxy_of_the_environment_is_asked(server, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    assert outgoing.send(address_of(server)).status == 200


def resolving(monkeypatch, name, *turns):
    """Have the name give one of these lists of addresses after the other; return how often it was asked for."""
    real, asked = socket.getaddrinfo, []

    def answer(host, port, *args, **more):
        if host != name:
            return real(host, port, *args, **more)
        asked.append(host)
        found = turns[min(len(asked), len(turns)) - 1]
        return [(socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
                for each in found]  # fmt: skip

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


def test_the_name_is_asked_for_once_and_the_judged_address_is_the_one_that_is_asked(settings, monkeypatch):
    settings.OUTGOING_NETWORKS, settings.OUTGOING_HTTP = ["127.0.0.2/32"], True
    asked = resolving(monkeypatch, "rebind.example", ["127.0.0.2"], ["127.0.0.1"])
    with receiving("127.0.0.2") as server:
        assert outgoing.send(address_of(server, host="rebind.example")).status == 200
        assert len(asked) == 1
        assert server.asked[0][1]["Host"] == f"rebind.example:{server.server_port}"
        with pytest.raises(AddressRefused):
            outgoing.send(address_of(server, host="rebind.example"))
        assert len(server.asked) == 1


def test_one_address_in_the_wrong_place_refuses_the_name(settings, monkeypatch):
    settings.OUTGOING_HTTP = True
    resolving(monkeypatch, "mixed.example", ["93.184.216.34", "10.0.0.7"])
    with pytest.raises(AddressRefused):
        outgoing.send("http://mixed.example/")


REFUSED = [
    "127.0.0.1", "127.8.9.10", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "100.100.100.200", "168.63.129.16", "192.0.0.8", "192.0.2.1", "198.18.0.1", "203.0.113.9", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1:2::1", "::7f00:1",
]  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
def test_what_is_not_public_is_refused(address):
    assert not outgoing.is_allowed(ip_address(address))
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(AddressRefused):
        outgoing.send(f"https://{host}/")


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "localhost", "0177.0.0.1", "１２７.0.0.1"])
def test_loopback_written_otherwise_is_refused(host):
    with pytest.raises((AddressRefused, NoAnswer)) as refused:
        outgoing.send(f"https://{host}/", within_s=3)
    assert isinstance(refused.value, AddressRefused) or "解析" in refused.value.message


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_what_is_public_is_not(address):
    assert outgoing.is_allowed(ip_address(address))


@given(st.ip_addresses(v=4))
def test_whatever_ipv4_is_refused_is_refused_within_ipv6(address):
    mapped = ip_address(f"::ffff:{address}")
    assert outgoing.is_allowed(mapped) == outgoing.is_allowed(address)
    assert not outgoing.is_allowed(ip_address(int(ip_address("64:ff9b::")) + int(address)))


def test_a_network_that_is_let_through_opens_itself_alone(settings):
    settings.OUTGOING_NETWORKS = ["10.8.0.0/16", "100.64.0.0/10"]
    assert outgoing.is_allowed(ip_address("10.8.3.4"))
    assert not outgoing.is_allowed(ip_address("10.9.3.4"))
    assert not outgoing.is_allowed(ip_address("100.100.100.200"))


@pytest.mark.parametrize(
    "url",
    [
        "", "ftp://a.example/", "http://a.example/", "file:///etc/passwd", "https://", "https:///x",
        "https://user:word@a.example/", "https://a.example:99999/", "https://a.example:0/", "https://a b/",
        "https://a.example/\r\nX: 1", "https://a.example\\@b.example/", "gopher://a.example/", "//a.example/",
        "https://" + "a" * 600, "https://" + "a" * 70 + ".example/",
    ],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_refused(url):
    with pytest.raises(AddressRefused):
        outgoing.read_url(url)


@given(st.text())
def test_any_text_is_an_address_or_refused(text):
    try:
        target = outgoing.read_url("https://" + text)
    except AddressRefused:
        return
    assert target.url.isascii()
    assert target.url.isprintable()
    assert not target.url.count(" ")


def authority(tmp_path, name):
    """Return a server's TLS for that name, and who trusts it."""
    key, now = ec.generate_private_key(ec.SECP256R1()), clock.now().astimezone(UTC)
    whose = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder().subject_name(whose).issuer_name(whose).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = serialization.Encoding.PEM
    (tmp_path / "key").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (tmp_path / "cert").write_bytes(made.public_bytes(pem))
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    names = []
    serving.sni_callback = lambda _socket, name, _context: names.append(name)
    return serving, ssl.create_default_context(cafile=str(tmp_path / "cert")), names


def test_the_certificate_must_be_the_names_own(let_through, monkeypatch, tmp_path):
    serving, trusting, names = authority(tmp_path, "right.example")
    resolving(monkeypatch, "right.example", ["127.0.0.1"])
    with receiving(tls=serving) as server:
        with pytest.raises(NoAnswer, match="证书"):
            outgoing.send(address_of(server, host="right.example", scheme="https"))
        monkeypatch.setattr(outgoing, "_trust", lambda: trusting)
        assert outgoing.send(address_of(server, host="right.example", scheme="https")).status == 200
        assert set(names) == {"right.example"}
        with pytest.raises(NoAnswer, match="证书"):
            outgoing.send(address_of(server, scheme="https"))
