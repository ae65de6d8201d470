"""The line between phone and server, which a test can make lose answers or break in the middle."""

import contextlib
import socket
import threading
from collections.abc import Callable

_CHUNK = 65536


class Line:
    """Passes requests on, one to a connection. `loses` answers to POSTs below /field/cases/ while it is above 0.

    at_capture: called when a whole capture or photo has been passed on and before its answer is read.
    """

    def __init__(self, server_port: int) -> None:
        self.server_port = server_port
        self.loses = 0
        self.captures = 0
        self.at_capture: Callable[[], None] | None = None
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    @property
    def url(self) -> str:
        """The server's address as the phone knows it."""
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Cut the line."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in [self._accepting, *self._threads]:
            thread.join(timeout=10)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                thread = threading.Thread(target=self._serve, args=(client,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            client.settimeout(30)
            request = _read_request(client)
            if not request:
                return
            is_capture = request.startswith(b"POST /field/cases/")
            with socket.create_connection(("127.0.0.1", self.server_port), timeout=30) as server:
                server.sendall(request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
                if is_capture:
                    self.captures += 1
                    if self.at_capture is not None:
                        self.at_capture()
                answer = b"".join(iter(lambda: server.recv(_CHUNK), b""))
            if is_capture and self.loses:
                self.loses -= 1
                return
            client.sendall(answer)


def _read_request(client: socket.socket) -> bytes:
    """Return the whole request, its own word on keeping the connection taken out."""
    head = b""
    while b"\r\n\r\n" not in head:
        piece = client.recv(_CHUNK)
        if not piece:
            return b""
        head += piece
    head, _, body = head.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    length = next((int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += client.recv(_CHUNK)
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
