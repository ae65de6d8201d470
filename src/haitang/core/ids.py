"""Numbers and codes that people read out on the telephone."""

import secrets

_LEGIBLE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def query_code(length: int = 6) -> str:
    """Return a random code without characters that are mistaken for one another (0/O, 1/I)."""
    return "".join(secrets.choice(_LEGIBLE) for _ in range(length))


def normalize_code(typed: str) -> str:
    """Return what a person meant when typing a code: upper case, no spaces or dashes."""
    return typed.upper().replace(" ", "").replace("-", "")
