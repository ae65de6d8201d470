"""Sheets of links and agreements in and out."""

import pytest

from haitang.alliances import actions, queries
from haitang.alliances.models import Agreement, Link
from haitang.alliances.queries import LinkFilter
from haitang.alliances.tests.playing import YEAR
from haitang.alliances.values import BadWords
from haitang.core.brought import FileTaken, FileUnknown
from haitang.core.errors import Invalid, NotAllowed
from haitang.core.tables import read_table, write_csv
from haitang.organizations.values import Kind
from haitang.testing import desks
from haitang.testing.actors import NOBODY, NOW, TODAY
from haitang.testing.people import refused

pytestmark = pytest.mark.django_db
ROWS = """\
春和医院,春和社区居委会,,3,2,每季度义诊
实验小学,CHSQ,2026-03-01,1,,
实验小学,CHSQ,,1,,
文峰超市,CHSQ,,,,
没有此单位,CHSQ,,1,,
实验小学,没有此社区,,1,,
文峰超市,海棠街道办事处,,1,,
文峰超市,CHSQ,2026-09-01,1,,
,CHSQ,,1,,
春和社区居委会,海棠街道办事处,,1,,
"""


def sheet() -> bytes:
    titles = {line.code: line.name for line in queries.rules().of("duty")}
    head = f"单位,社区,结对日期,{titles['party_day']},{titles['wishes']},其他约定"
    return f"{head}\n{ROWS}".encode()


def bring(actor, data=None, **more):
    return actions.bring_link_file(
        actor=actor, file_name="结对.csv", data=data or sheet(), **{"year": YEAR, "now": NOW, **more}
    )


@pytest.fixture
def units(pair):
    desks.enter("ZQ2", Kind.UNIT, name="实验小学")
    desks.enter("ZQ3", Kind.UNIT, name="文峰超市")
    return pair


def test_a_sheet_is_looked_through_first_and_then_taken_in_once(units):
    row = bring(units.secretary)
    assert (row.rows, row.sound, [line for line, _why in row.reasons]) == (10, 3, [4, 6, 7, 8, 9, 10, 11])
    told = " ".join(why for _line, why in row.reasons)
    for part in ("重复", "不存在或不止一个", "您没有此项权限", "不能为空", "应由一个单位"):
        assert part in told
    assert Link.objects.count() == 1
    refused(FileUnknown, actions.take_in_link_file, actor=NOBODY, file_id=row.pk, now=NOW)
    actions.take_in_link_file(actor=units.secretary, file_id=row.pk, now=NOW)
    refused(FileTaken, actions.take_in_link_file, actor=units.secretary, file_id=row.pk, now=NOW)
    assert Link.objects.count() == 3
    first = Agreement.objects.get(link=units.link)
    assert (first.words, first.waits_for) == ("每季度义诊", "unit")
    assert dict(first.duties.values_list("code", "times")) == {"party_day": 3, "wishes": 2}
    assert str(Link.objects.select_related("link").get(unit__name="实验小学").link.from_date) == "2026-03-01"
    actions.agree_year(actor=units.unit, agreement_id=first.pk, side="unit", version=1, now=NOW)
    again = bring(units.secretary)
    assert "双方已经签订" in str(again.reasons)


def test_what_is_no_sheet_is_refused(units):
    refused(Invalid, bring, actor=units.secretary, data=b"%PDF-1.4 nothing")
    refused(BadWords, bring, actor=units.secretary, year=YEAR + 2)
    refused(NotAllowed, bring, actor=NOBODY)
    refused(NotAllowed, bring, actor=units.unit)


def test_what_is_given_out_can_be_brought_in_again(units, tmp_path):
    units.propose()
    wanted = LinkFilter(YEAR, TODAY)
    rows = queries.filter_links(viewer=units.secretary, wanted=wanted)
    views = queries.describe_links(rows, year=YEAR, today=TODAY)
    data = b"".join(write_csv(queries.link_rows(views, YEAR), queries.link_export_columns()))
    path = tmp_path / "out.csv"
    path.write_bytes(data)
    assert len(queries.link_notes()) == len(queries.link_columns())
    (line,) = read_table(path, queries.link_columns())
    assert not line.error
    row = bring(units.secretary, data)
    assert (row.sound, row.reasons) == (1, [])
    actions.take_in_link_file(actor=units.secretary, file_id=row.pk, now=NOW)
    assert Agreement.objects.get().version == 2
