"""Sheets in and out."""

from io import BytesIO

import pytest

from haitang.core.brought import FileTaken, FileUnknown
from haitang.core.errors import Invalid, NotAllowed
from haitang.core.tables import read_table, write_csv
from haitang.exchange import actions, queries
from haitang.exchange.models import Agreement, Need, Resource
from haitang.exchange.queries import ListFilter
from haitang.exchange.tests.playing import MANAGER, STREET
from haitang.exchange.values import BadEntry
from haitang.testing.actors import NOBODY, NOW, TODAY
from haitang.testing.people import refused

pytestmark = pytest.mark.django_db
NEEDS = """标题,类别,区域,说明,服务对象,人数,时段,希望完成日期,联系人,联系电话
教老人用手机,为老服务,春和社区,每周一次,老年人,20,工作日白天、周末和节假日,2026-06-30,林阿姨,15400001234
法律讲座,法律咨询与普法,320585001001,,,,,,,
外区的需求,其他,秋实社区,,,,,,,
没有这个类别,唱歌,春和社区,,,,,,,
过期,其他,春和社区,,,,,2020-01-01,,
时段不对,其他,春和社区,,,,半夜,,,
,其他,春和社区,,,,,,,
""".encode()

RESOURCES = """标题,类别,提供单位,服务区域,可提供次数,每次费用（元）,频次
急救培训,健康义诊与急救培训,春和医院,海棠街道,4,12.5,每月
别家的,其他,ZJJ,海棠街道,1,,
无此单位,其他,无名,海棠街道,1,,
""".encode()


def bring(actor, data=NEEDS, kind="needs", **more):
    return actions.bring_list_file(actor=actor, kind=kind, file_name="征集.csv", data=data, now=NOW, **more)


def test_a_sheet_is_looked_through_first_and_then_taken_in_once(town):
    actions.change_round(actor=MANAGER, code="r1", name="春季征集", area_code=STREET, from_date=TODAY, now=NOW)
    row = bring(town.secretary, channel="survey", round_code="r1")
    assert (row.rows, row.sound, [line for line, _why in row.reasons]) == (7, 2, [4, 5, 6, 7, 8])
    assert not Need.objects.exists()
    told = " ".join(why for _line, why in row.reasons)
    for part in ("您没有此项权限", "不在可选范围内", "希望完成日期已过", "请选择时段", "不能为空"):
        assert part in told
    refused(FileUnknown, actions.take_in_list_file, actor=NOBODY, file_id=row.pk, now=NOW)
    actions.take_in_list_file(actor=town.secretary, file_id=row.pk, now=NOW)
    refused(FileTaken, actions.take_in_list_file, actor=town.secretary, file_id=row.pk, now=NOW)
    first = Need.objects.get(title="教老人用手机")
    assert (first.people, first.hours, first.channel, first.status) == (20, ["daytime", "weekend"], "survey", "draft")
    assert queries.open_contact(first) == ("林阿姨", "15400001234")
    assert first.round_id == queries.rules().round("r1").id
    assert Need.objects.count() == 2


def test_a_units_resources_come_in_a_sheet_too(stage):
    row = bring(stage.unit, RESOURCES, "resources")
    assert (row.sound, [line for line, _why in row.reasons]) == (1, [3, 4])
    actions.take_in_list_file(actor=stage.unit, file_id=row.pk, now=NOW)
    made = Resource.objects.get(title="急救培训")
    assert (made.capacity, made.cost_fen, made.repeats) == (4, 1250, "monthly")


def test_orders_come_in_a_sheet_and_what_cannot_be_ordered_says_why(stage):
    need, resource = stage.need.number, stage.resource.number
    rows = (
        f"{resource},{need},,,,请带血压计", f"{resource},{need},,,,再来一次", f"{resource},,,,,",
        "ZY2026-99999,,春和社区,,,", f"{resource},XQ2026-99999,,,,", f"{need},,春和社区,,,",
        f"{resource},,春和社区,2020-01-01,,",
    )  # fmt: skip
    data = "\n".join(("资源编号,需求编号,区域,约定日期,人数,约定", *rows)).encode()
    refused(NotAllowed, bring, actor=stage.unit, data=data, kind="orders")
    row = bring(stage.secretary, data, "orders")
    assert (row.sound, [line for line, _why in row.reasons]) == (1, [3, 4, 5, 6, 7, 8])
    told = " ".join(why for _line, why in row.reasons)
    for part in ("请勿重复", "请填写区域", "没有这条资源", "没有这条需求"):
        assert part in told, part
    assert not Agreement.objects.exists()
    actions.take_in_list_file(actor=stage.secretary, file_id=row.pk, now=NOW)
    made = Agreement.objects.get()
    assert (made.need, made.words, made.waits_for) == (stage.need, "请带血压计", "unit")
    stage.resource.refresh_from_db()
    assert stage.resource.left == 0
    again = bring(stage.secretary, data, "orders")
    assert again.sound == 0


def test_what_is_no_sheet_is_refused(town):
    refused(Invalid, bring, actor=town.secretary, data=b"%PDF-1.4 nothing")
    refused(Invalid, bring, actor=town.secretary, data=b"")
    refused(BadEntry, bring, actor=town.secretary, kind="both")
    refused(BadEntry, bring, actor=town.secretary, round_code="none")
    refused(NotAllowed, bring, actor=NOBODY)


@pytest.mark.parametrize("kind", ["needs", "resources"])
def test_what_is_given_out_can_be_brought_in_again(stage, kind, tmp_path):
    read = queries.filter_needs if kind == "needs" else queries.filter_resources
    views = queries.describe_entries(read(viewer=stage.secretary, wanted=ListFilter()))
    columns = queries.export_columns(kind)
    assert len(queries.list_notes(kind)) == len(queries.list_columns(kind))
    path = tmp_path / "out.csv"
    data = b"".join(write_csv(queries.export_rows(kind, views), columns))
    assert "林阿姨".encode() not in data
    path.write_bytes(data)
    (row,) = read_table(path, queries.list_columns(kind))
    assert not row.error
    assert bring(stage.unit if kind == "resources" else stage.secretary, data, kind).sound == 1
    assert BytesIO(data).read(3) == b"\xef\xbb\xbf"
