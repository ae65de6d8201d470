"""A sheet that is brought: each row sound or refused, too much of it refused as a whole."""

import pytest

from haitang.core import brought
from haitang.core.brought import sift
from haitang.core.errors import Conflict, Invalid
from haitang.core.tables import Column

COLUMNS = (Column("name", "名称", required=True), Column("count", "数量"))
SHEET = "名称,数量\n甲,1\n,2\n乙,3\n丙,4\n".encode()


def read(row):
    if row.cells["name"] == "乙":
        raise Conflict("乙已经在清单中")
    if row.cells["name"] == "丙":
        raise Invalid("内容有误", {"name": "没有丙", "count": "太多"})
    return row.cells["name"]


def test_each_row_is_sound_or_has_its_reason(db):
    found = sift(SHEET, COLUMNS, read)
    assert (found.sound, found.found, found.rows) == ([(2, "甲")], ["甲"], 4)
    assert [line for line, _why in found.reasons] == [3, 4, 5]
    assert [why for _line, why in found.reasons[1:]] == ["乙已经在清单中", "没有丙；太多"]


@pytest.mark.parametrize("data", [b"", b"x" * (brought.BYTES_MAX + 1), b"%PDF-1.7"])
def test_what_is_no_sheet_or_too_much_of_one_is_refused_whole(db, data):
    with pytest.raises(Invalid):
        sift(data, COLUMNS, read)


def test_more_rows_than_may_be_are_refused_whole(db):
    assert sift(SHEET, COLUMNS, read, rows_max=4).rows == 4
    with pytest.raises(Invalid, match="3"):
        sift(SHEET, COLUMNS, read, rows_max=3)
