"""A map file: how another system's table is read as ours. TOML, written by whoever brings the data.

[columns]                      # their header = our column
case_enquiry_id = "external_id"

[values.channel]               # for one of our columns: their value = our value
"Citizens Connect App" = "wechat"
"*" = "phone"                  # whatever is not listed

[constants]                    # our column = a value for every row; stands where their cell is blank
source = "boston311"

[dates]
zone = "America/New_York"      # of times that name none; Asia/Shanghai when absent

[settings]                     # anything the importing app reads for itself
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from haitang.core.clock import LOCAL
from haitang.core.errors import Invalid
from haitang.core.tables.columns import Column

ANY_OTHER = "*"
_SIZE_MAX_BYTES = 1_000_000
_SECTIONS = frozenset(["columns", "values", "constants", "dates", "settings"])


@dataclass(frozen=True)
class TableMap:
    """How another system's table is read as ours; see the module. Empty: read as it stands."""

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    zone: tzinfo = LOCAL


PLAIN = TableMap()


def load_map(path: Path, columns: Iterable[Column]) -> TableMap:
    """Read a map file.

    Raises Invalid when the file is missing or no TOML, when a section, a column or a zone is unknown, and when
    two of their columns go into one of ours.
    """
    try:
        if path.stat().st_size > _SIZE_MAX_BYTES:
            raise Invalid("对照文件过大，应小于 1 MB")
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError:
        raise Invalid(f"对照文件“{path.name}”不存在或无法读取") from None
    except UnicodeDecodeError:
        raise Invalid("对照文件应以 UTF-8 编码保存") from None
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"对照文件不是有效的 TOML：{error}") from None
    return read_map(content, columns)


def read_map(content: Mapping[str, Any], columns: Iterable[Column]) -> TableMap:
    """Check what a map file says and return it. Raises Invalid as `load_map`."""
    for section in content:
        if section not in _SECTIONS or not isinstance(content[section], dict):
            raise Invalid(f"对照文件中的“{section}”无法识别，可用的部分是 {'、'.join(sorted(_SECTIONS))}")
    names = {column.name for column in columns}
    renamed = _texts(content.get("columns", {}), "columns")
    constants = _texts(content.get("constants", {}), "constants")
    values = {name: _texts(table, f"values.{name}") for name, table in content.get("values", {}).items()}
    for name in (*renamed.values(), *constants, *values):
        if name not in names:
            raise Invalid(f"对照文件提到的列“{name}”不存在，可用的列是 {'、'.join(sorted(names))}")
    if len(set(renamed.values())) < len(renamed):
        twice = next(name for name in renamed.values() if list(renamed.values()).count(name) > 1)
        raise Invalid(f"对照文件把两列都对应到“{twice}”，每列只能对应一次")
    return TableMap(renamed, values, constants, content.get("settings", {}), _zone(content.get("dates", {})))


def _texts(table: Any, section: str) -> dict[str, str]:
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise Invalid(f"对照文件的 [{section}] 中每一项都应是文字")
    return dict(table)


def _zone(dates: Mapping[str, Any]) -> tzinfo:
    name = dates.get("zone")
    if name is None:
        return LOCAL
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, TypeError, OSError):
        raise Invalid(f"对照文件中的时区“{name}”不存在，例如 Asia/Shanghai") from None
