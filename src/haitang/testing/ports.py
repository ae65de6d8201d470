"""Addresses for servers that tests start."""

import random
import socket

# Below what Linux, macOS and Windows give to outgoing connections (32768, 49152, 49152): in that range a client that
# runs at the same moment may hold a port that was free when it was looked at.
_LOWEST, _HIGHEST = 20_000, 32_000


def free_port(neighbours: int = 0) -> int:
    """Return a port of loopback on which nobody listens, and so do its next neighbours (`run` has live on the second).

    Another test may take it before the caller does, which is as likely as drawing one number twice from 12,000.
    """
    while True:
        port = random.randrange(_LOWEST, _HIGHEST)
        if all(_is_free(port + step) for step in range(neighbours + 1)):
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
