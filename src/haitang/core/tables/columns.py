"""What columns a table has: their names to people and to programs, and what their cells hold."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from enum import StrEnum
from typing import Any

from haitang.core.errors import Invalid
from haitang.core.tables import parsing


class Kind(StrEnum):
    """What the cells of a column hold, and so how they are read and written."""

    TEXT = "text"
    CODE = "code"
    PHONE = "phone"
    NUMBER = "number"
    INTEGER = "integer"
    DATE = "date"
    INSTANT = "instant"
    BOOLEAN = "boolean"


@dataclass(frozen=True)
class Column:
    """One column of an import or export.

    name: the key under which programs know it; accepted as a header, too.
    title: the header that people see, in Chinese. aliases: other headers accepted for it.
    choices: for a dictionary column what is shown -> what is stored; stored values are accepted as well.
    length_max: characters at most, None for no limit of its own.
    width: of the column in a workbook, in characters.
    """

    name: str
    title: str
    aliases: tuple[str, ...] = ()
    kind: Kind = Kind.TEXT
    required: bool = False
    length_max: int | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    width: int = 16

    def parser(self, zone: tzinfo) -> Callable[[str], Any] | None:
        """Return the function that turns a cell's text into the value; None where the text is the value."""
        if self.choices:
            return self._choose
        if self.kind is Kind.INSTANT:
            return lambda text: parsing.parse_instant(text, zone)
        return _PARSERS[self.kind]

    def _choose(self, text: str) -> str:
        typed = parsing.plain(text)
        if typed in self.choices:
            return self.choices[typed]
        if typed in self.choices.values():
            return typed
        raise Invalid(f"“{typed[:30]}”不在可选范围内，可填：{'、'.join(list(self.choices)[:20])}")


_PARSERS: dict[Kind, Callable[[str], Any] | None] = {
    Kind.TEXT: None,
    Kind.CODE: parsing.parse_code,
    Kind.PHONE: parsing.parse_phone,
    Kind.NUMBER: parsing.parse_number,
    Kind.INTEGER: parsing.parse_integer,
    Kind.DATE: parsing.parse_date,
    Kind.BOOLEAN: parsing.parse_bool,
}

_HEADER_NOISE = re.compile(r"[\s*_\-:：]+|[(（【\[](必填|选填|可选|必选|required|optional)[)）】\]]")


def header_key(header: str) -> str:
    """Return what two spellings of one header have in common: case, width, spaces, asterisks, （必填） ignored."""
    return _HEADER_NOISE.sub("", unicodedata.normalize("NFKC", header).casefold())


def by_header(columns: Iterable[Column], renamed: Mapping[str, str]) -> dict[str, str]:
    """Return for every accepted header, as `header_key`, the name of its column.

    renamed: their header -> our column name, from a map file; these stand before our own names.
    """
    known: dict[str, str] = {}
    for column in columns:
        for header in (column.name, column.title, *column.aliases):
            known.setdefault(header_key(header), column.name)
    # A column that the map fills from their header is not to be filled from a namesake as well.
    mapped = set(renamed.values())
    known = {key: name for key, name in known.items() if name not in mapped}
    return known | {header_key(header): name for header, name in renamed.items()}


def titles(columns: Sequence[Column], names: Iterable[str]) -> str:
    """Return the titles of the columns named, for a sentence: “编号”、“标题”."""
    wanted = set(names)
    return "、".join(f"“{column.title}”" for column in columns if column.name in wanted)
