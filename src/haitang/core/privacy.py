"""How close a field is to a person. Every field of every model and fact is classified; a test insists.

Source: 《中华人民共和国个人信息保护法》 art. 4, 28; see docs/dangers/personal-data.md.
"""

import re
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


_MAY_BE_PERSONAL = re.compile(r"@|\d{3}")
_PERSONAL_IN_TEXT = re.compile(
    r"(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w.-])(?:(?P<identity>\d{6}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dXx])"
    r"|(?P<card>[4-6]\d{15,18}|[4-6]\d{3}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?|3[47]\d{13})"
    r"|(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}-\d{7,8}"  # mobile and landline numbers
    r"|\(?\d{3}\)?[ -]\d{3}-\d{4}|\d{3}-\d{2}-\d{4})(?![\w-])",  # forms common abroad
    re.ASCII,
)


def mask_text(text: str) -> tuple[str, int]:
    """Return free text with e-mail addresses, telephone, identity and card numbers hidden, and how many there were.

    For text taken over from elsewhere, which nobody has read. It knows forms, not meanings: a name or an address
    in words stays. A long number is a card's only if its check digit says so; codes and dates stay.

    Source: GB 11643-1999 (identity numbers), ISO/IEC 7812-1 (check digit of cards).
    """
    if not _MAY_BE_PERSONAL.search(text):
        return text, 0
    found = 0

    def hide(match: re.Match[str]) -> str:
        nonlocal found
        whole = match.group()
        if match["card"] and not _is_card(whole):
            return whole
        found += 1
        return "***@" + whole.rpartition("@")[2] if match["mail"] else f"{whole[:3]}****{whole[-2:]}"

    return _PERSONAL_IN_TEXT.sub(hide, text), found


def _is_card(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number) if digit.isdigit()]
    doubled = (sum(divmod(digit * 2, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
