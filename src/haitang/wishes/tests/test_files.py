"""Sheets of wishes: a row that cannot be taken in says why and stops no other; the same sheet brings nothing twice."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from haitang.core.errors import Invalid, NotAllowed
from haitang.core.tables import read_table
from haitang.testing.actors import NOW
from haitang.testing.people import refused
from haitang.wishes import actions, queries
from haitang.wishes.models import Wish
from haitang.wishes.tests.cast import GRID

pytestmark = pytest.mark.django_db
HEADER = "心愿,类别,具体内容,估价,社区或网格,家庭联系人,家庭电话,家庭住址,转交联系人,转交联系人电话,家庭同意公开\n"
SOUND = f"想要一个书包,学习用品,蓝色,100—200 元,{GRID},韩梅,15400007777,3幢201,李建国,15400006666,是\n"


def sheet(*rows: str) -> bytes:
    return ("\ufeff" + HEADER + "".join(rows)).encode()


def test_sound_rows_become_drafts_and_the_others_say_why(town):
    bad = (
        SOUND.replace("学习用品", "汽车"), SOUND.replace("蓝色", "送到3幢201室"), SOUND.replace(GRID, "无此社区"),
        SOUND.replace(",是", ",否"), SOUND, SOUND.replace(GRID, "320585001002").replace("书包", "被子"),
    )  # fmt: skip
    read = actions.import_wishes(actor=town.secretary, data=sheet(SOUND, *bad), now=NOW)
    assert len(read.drafts) == 1
    assert [line for line, _reason in read.reasons] == [3, 4, 5, 6, 7, 8]
    reasons = "".join(reason for _line, reason in read.reasons)
    for part in ("汽车", "门牌地址", "无此社区", "征得家庭同意", "同样的"):
        assert part in reasons, part
    wish = Wish.objects.get()
    assert (wish.status, wish.channel, wish.phone) == ("draft", "import", "15400007777")
    again = actions.import_wishes(actor=town.secretary, data=sheet(SOUND), now=NOW)
    assert (len(again.drafts), len(again.reasons)) == (0, 1)


def test_what_is_no_table_or_not_theirs_to_bring_is_refused(town):
    refused(Invalid, actions.import_wishes, actor=town.secretary, data=b"\x00\x01", now=NOW)
    refused(NotAllowed, actions.import_wishes, actor=town.resident, data=sheet(SOUND), now=NOW)


def test_the_template_has_the_columns_that_are_read(town, as_, tmp_path):
    client = as_(town.secretary)
    response = client.get("/wish-desk/template/")
    path = tmp_path / "template.xlsx"
    path.write_bytes(response.content)
    assert [row for row in read_table(path, queries.wish_columns()) if not row.error] == []
    file = SimpleUploadedFile("w.csv", sheet(SOUND, SOUND.replace("学习用品", "汽车")))
    page = client.post("/wish-desk/bring/", {"file": file}).content.decode()
    assert "已导入 1 个，1 行没有导入" in page
    assert io.StringIO(page).read().count("汽车") == 1
