"""Tables from files and to files: csv, tsv and Excel, in the shapes that offices really send.

Reading: describe the columns once, then `for row in read_table(path, columns, table_map)`. Writing: `write_csv`
gives bytes to stream, `write_xlsx` a file; both take the same columns, so an export can be imported again.
Not for: what the values mean to an app.
"""

from haitang.core.tables.columns import Column, Kind
from haitang.core.tables.mapping import PLAIN, TableMap, load_map, read_map
from haitang.core.tables.parsing import (
    parse_bool,
    parse_code,
    parse_date,
    parse_instant,
    parse_integer,
    parse_number,
    parse_phone,
    plain,
)
from haitang.core.tables.quoting import quote, unquote
from haitang.core.tables.reading import Row, Table, read_sheet, read_table
from haitang.core.tables.writing import GBK, UTF8, ResultFile, Sheet, file_name, write_csv, write_sheets, write_xlsx

__all__ = [
    "GBK", "PLAIN", "UTF8", "Column", "Kind", "ResultFile", "Row", "Sheet", "Table", "TableMap", "file_name",
    "load_map", "parse_bool", "parse_code", "parse_date", "parse_instant", "parse_integer", "parse_number",
    "parse_phone", "plain", "quote", "read_map", "read_sheet", "read_table", "unquote", "write_csv", "write_sheets",
    "write_xlsx",
]  # fmt: skip
