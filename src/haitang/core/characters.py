"""What is typed, as it comes in: normalised, and without characters that nobody sees but every program does.

Which ones is a rule as data: `data/characters.toml`. The entrances ask here (config.middleware for pages, config.api
for programs), so that no action has to; what is a name asks `check_name` as well.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from haitang.core.errors import Invalid


def typed(text: str) -> str:
    """Return the text in Unicode's composed form (NFC), without invisible characters and marks of direction.

    Variants of one ideograph that stand in Unicode only for round trips become that ideograph. NUL, line breaks and
    tabs stay: whoever takes the text in says what is wrong with them.
    """
    if text.isascii():
        return text
    text = _removed().sub("", text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def typed_in(value: Any) -> Any:
    """Return a value of JSON with every text in it as `typed` gives it, the names of fields as they were."""
    if isinstance(value, str):
        return typed(value)
    if isinstance(value, list):
        return [typed_in(each) for each in value]
    if isinstance(value, dict):
        return {name: typed_in(each) for name, each in value.items()}
    return value


def check_name(name: str, field: str) -> str:
    """Return the name as `typed` gives it.

    Raises Invalid, naming the field, where it mixes writings whose letters look alike (аdmin with a Cyrillic а).
    """
    name = typed(name)
    if not name.isascii() and len(_writings(name) & _apart()) > 1:
        sentence = _("名称中混用了形近的外文字母，请用同一种输入法重新输入")
        raise Invalid(sentence, {field: sentence})
    return name


def as_compared(name: str) -> str:
    """Return the name with full-width letters and digits as plain ones: two that differ in nothing else are one."""
    return unicodedata.normalize("NFKC", name)


def _writings(name: str) -> set[str]:
    plain = as_compared(name)
    return {unicodedata.name(each, "").partition(" ")[0] for each in plain if each.isalpha()}


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "data" / "characters.toml").read_text("utf-8"))


@cache
def _apart() -> frozenset[str]:
    return frozenset(_rules()["names"]["apart"])


@cache
def _removed() -> re.Pattern[str]:
    rules = _rules()
    always = "".join(_as_class(each["ranges"]) for each in rules["removed"])
    joiner, after = rules["joiner"]["character"], _as_class(rules["joiner"]["after"])
    return re.compile(f"[{always}]|(?<![{after}])\\u{joiner}")


def _as_class(ranges: Iterable[tuple[str, str]]) -> str:
    return "".join(f"\\U{int(first, 16):08x}-\\U{int(last, 16):08x}" for first, last in ranges)
