"""How close a field is to a person. Every field of every model and fact is classified; a test insists.

Source: 《中华人民共和国个人信息保护法》 art. 4, 28; see docs/dangers/personal-data.md.
"""

from enum import StrEnum


class Privacy(StrEnum):
    """Classes of data, from harmless to dangerous.

    Never stored at all, in any class: opinions and religion of residents, scores of residents,
    trails of where a person was, faces as templates.
    """

    PUBLIC = "public"
    """May be published: names of areas and organizations, categories, counts."""
    INTERNAL = "internal"
    """Work data without a person in it."""
    PERSONAL = "personal"
    """Says something about an identifiable person: names, what was reported, who handled it."""
    SENSITIVE = "sensitive"
    """Encrypted in the database and masked on the screen: telephone, home address."""
    SECRET = "secret"  # noqa: S105 - a class of data, not a password
    """Opens a door: password and token hashes, query codes, keys."""


def mask_phone(phone: str) -> str:
    """Return the number with its middle hidden: 138****1234; short numbers keep their last two digits."""
    if len(phone) >= 7:
        return f"{phone[:3]}****{phone[-4:]}"
    return "*" * max(len(phone) - 2, 0) + phone[-2:]


def mask_name(name: str) -> str:
    """Return the family name with the rest hidden: 王**; one character stays as it is."""
    return name[:1] + "*" * (len(name) - 1)


def mask_address(address: str) -> str:
    """Return the address up to its first digit, the rest hidden: 太平路***."""
    for index, character in enumerate(address):
        if character.isdigit():
            return address[:index] + "***"
    return address[: max(len(address) // 2, 1)] + "***" if address else ""
