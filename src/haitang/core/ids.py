"""Numbers and codes that people read out on the telephone."""

import os

_LEGIBLE = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_BYTE_TO_LEGIBLE = _LEGIBLE * (256 // len(_LEGIBLE))
"""32 characters divide 256 evenly: every one is as likely as any other."""


def query_code(length: int = 6) -> str:
    """Return a random code without characters that are mistaken for one another (0/O, 1/I)."""
    return os.urandom(length).translate(_BYTE_TO_LEGIBLE).decode()


def query_codes(count: int, length: int = 6) -> list[str]:
    """Return so many codes as `query_code` makes them, asking the system for all its randomness at once."""
    drawn = os.urandom(count * length).translate(_BYTE_TO_LEGIBLE).decode()
    return [drawn[start : start + length] for start in range(0, count * length, length)]


def normalize_code(typed: str) -> str:
    """Return what a person meant when typing a code: upper case, no spaces or dashes."""
    return typed.upper().replace(" ", "").replace("-", "")
