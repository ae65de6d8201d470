"""The figures equal what the hand counts, over the life of real cases."""

import csv
import io
from datetime import date, timedelta

import pytest

from haitang.cases import actions
from haitang.cases.queries.counting import By
from haitang.command import queries
from haitang.command.tests.test_pages import LEADER, text
from haitang.command.values import Figures, Period, average, bar_chart, percent, shorten, usual_periods
from haitang.testing.actors import NOW
from haitang.testing.cases import report
from haitang.testing.land import SOUTH, STEP, WEST

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MAY = Period(date(2026, 5, 1), date(2026, 5, 31))


def live(town, *, late: bool = False, solved: bool | None = None, score: int = 5, **given):
    """Take a case from the report to its closing, handled in time or not, and rated where told so."""
    case = report(town.resident, category_code="10101", **given)
    number, code, now = case.number, case.query_code, NOW
    for actor, deed, more in (
        (town.dispatcher, actions.accept_case, {}),
        (town.dispatcher, actions.register_case, {}),
        (town.dispatcher, actions.dispatch_case, {"organization_code": "ZJJ"}),
        (town.handler, actions.sign_case, {}),
        (town.handler, actions.handle_case, {}),
        (town.handler, actions.feedback_case, {}),
        (town.checker, actions.check_case, {"passed": True}),
        (town.dispatcher, actions.close_case, {}),
    ):
        if late and deed is actions.handle_case:
            now = NOW + 20 * DAY
        now += timedelta(minutes=1)
        deed(actor=actor, case_id=case.pk, opinion="办", now=now, **more)
    if solved is not None:
        actions.rate_case_by_code(
            actor=town.resident, number=number, query_code=code, party="t", now=now, is_solved=solved, score=score
        )  # fmt: skip
    return case


@pytest.fixture
def lived(town):
    """Three closed cases, one late, two rated, of which the unsolved one is done over; two that only came in."""
    live(town, solved=True, score=5)
    live(town, solved=False, score=2)
    live(town, late=True)
    report(town.resident, lon=WEST + STEP * 2.5, lat=SOUTH + STEP / 2)
    report(town.dispatcher, channel="phone", now=NOW + DAY)
    return town


def table(by: By, code: str = "320585", **more) -> queries.Table:
    return queries.get_table(viewer=LEADER, area=queries.pick_area(LEADER, code), by=by, period=MAY, **more)


def named(found: queries.Table) -> dict[str, Figures]:
    return {row.key: row.figures for row in found.rows}


def test_the_total_is_what_the_hand_counts(lived):
    total = table(By.DAY).total.figures
    assert (total.reported, total.open_, total.done, total.accepted, total.closed) == (5, 3, 2, 3, 3)
    assert (total.handling.in_time, total.handling.late, total.handling.rate) == (2, 1, "66.67%")
    assert (total.solved_rate, total.average_score) == ("50.00%", "3.50")
    assert [(share.level.value, share.solved) for share in total.levels if share.solved] == [("city", 3)]
    assert (total.levels[-1].rate, total.solved_below_rate) == ("100.00%", "0.00%")


def test_the_share_of_grid_and_community_is_of_what_was_solved_at_some_level():
    measures = {"solved_at:grid": 2, "solved_at:community": 3, "solved_at:street": 3, "did:close": 9}
    figures = Figures.of(measures, reported=9, open_=0, done=9)
    assert [share.rate for share in figures.levels] == ["25.00%", "37.50%", "37.50%", "0.00%", "0.00%"]
    assert (figures.solved_below_rate, Figures().solved_below_rate) == ("62.50%", "—")


def test_every_day_has_its_row(lived):
    found = named(table(By.DAY))
    assert len(found) == 31
    assert found["2026-05-06"].reported == 4
    assert found["2026-05-06"].closed == 2
    assert found["2026-05-07"].reported == 1
    assert found["2026-05-26"].closed == 1
    assert found["2026-05-08"] == Figures()


def test_areas_are_in_the_order_of_codes_with_empty_ones_too(lived):
    found = table(By.AREA, "320585001000")
    assert [row.key for row in found.rows] == ["320585001001", "320585001002"]
    assert [row.figures.reported for row in found.rows] == [4, 1]
    assert all(row.finer for row in found.rows)
    assert found.total.figures.reported == 5


def test_categories_are_added_up_and_opened(lived):
    top = named(table(By.CATEGORY))
    assert sum(figures.reported for figures in top.values()) == 5
    key = next(key for key, figures in top.items() if key and figures.closed)
    below = table(By.CATEGORY, category=key)
    assert below.total.figures.closed == 3
    assert "10101" in {row.key for row in below.rows} or any(row.finer for row in below.rows)


def test_channels_and_states(lived):
    found = named(table(By.CHANNEL))
    assert (found["web"].reported, found["phone"].reported, found["iot"].reported) == (4, 1, 0)
    found = named(table(By.STATUS))
    assert (found["rated"].reported, found["closed"].reported, found["handling"].reported) == (1, 1, 1)
    assert list(found)[:2] == ["verifying", "reported"]
    assert list(found)[-2:] == ["closed", "rated"]


def test_a_long_period_is_told_by_month(lived):
    year = Period(date(2026, 1, 1), date(2026, 12, 15))
    found = queries.get_table(viewer=LEADER, area=queries.pick_area(LEADER, ""), by=By.DAY, period=year)
    assert found.by_month
    assert [row.key for row in found.rows] == [f"2026-{month:02}" for month in range(1, 13)]
    assert named(found)["2026-05"].reported == 5
    assert found.rows[-1].period == Period(date(2026, 12, 1), date(2026, 12, 15))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_export_says_what_the_page_says(client, lived, sign_in, tmp_path, kind):
    sign_in(LEADER)
    asked = {"by": "area", "area": "320585001000", "from": "2026-05-01", "to": "2026-05-31", "format": kind}
    response = client.get("/figures/export/", asked)
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
        assert [row[:3] for row in rows[1:]] == [
            ["320585001001", "春和社区", "4"], ["320585001002", "秋实社区", "1"], ["", "合计", "5"],
        ]  # fmt: skip
        assert rows[-1][-4:] == ["66.67%", "50.00%", "3.50", "0.00%"]
    else:
        assert response.content[:2] == b"PK"


def test_the_page_shows_them_and_leads_to_the_cases(client, lived, sign_in):
    sign_in(LEADER)
    page = text(
        client.get("/figures/", {"by": "area", "area": "320585001000", "from": "2026-05-01", "to": "2026-05-31"})
    )
    for words in (
        "66.67%",
        "3.50",
        "合计",
        "不按比率排名",
        "/cases/?area=320585001001&amp;from_date=2026-05-01&amp;to_date=2026-05-31",
    ):
        assert words in page
    listed = client.get("/cases/?area=320585001001&from_date=2026-05-01&to_date=2026-05-31").content.decode()
    assert "共 4 条" in listed


def test_a_period_that_is_none_is_refused_with_the_form(client, town, sign_in):
    sign_in(LEADER)
    response = client.get("/figures/", {"from": "2026-05-02", "to": "2026-05-01"})
    assert response.status_code == 422
    assert "结束日期不能早于开始日期" in response.content.decode()


def test_the_figures_of_other_areas_are_refused(client, town, sign_in):
    from haitang.core.access import Actor, Grant

    street = town.area("320585001001").path
    grants = frozenset({Grant("cases.case.view", street), Grant("command.dashboard.view", street)})
    sign_in(Actor("王书记", id=13, grants=grants))
    assert "春和社区：案件统计" in text(client.get("/figures/"))
    assert client.get("/figures/?area=320585001002").status_code == 403


@pytest.mark.parametrize(
    ("part", "whole", "said"), [(0, 0, "—"), (0, 3, "0.00%"), (2, 3, "66.67%"), (1, 800, "0.13%"), (911, 972, "93.72%")]
)
def test_shares_have_two_decimals_and_none_where_there_is_nothing(part, whole, said):
    """The last is a published figure: 天门 2016-12, 结案 911 of 应结案 972."""
    assert percent(part, whole) == said


def test_small_things():
    assert average(0, 0) == "—"
    assert average(7, 2) == "3.50"
    assert shorten("一 \n 二") == "一 二"
    assert len(shorten("字" * 61)) == 60
    periods = dict(usual_periods(date(2026, 1, 1)))
    assert periods["上月"] == Period(date(2025, 12, 1), date(2025, 12, 31))


@pytest.mark.parametrize("top", [0, 1, 4, 5, 8, 9, 21, 999, 10_000])
def test_bars_stay_inside_the_chart_on_a_round_scale(top):
    chart = bar_chart(["5-1", "5-2"], [("上报", [top, 0]), ("结案", [0, top])])
    assert all(bar.y >= 0 and bar.y + bar.height <= chart.floor + 0.1 for bar in chart.bars)
    assert int(chart.up[-1].text.replace(",", "")) >= top
    assert len({mark.text for mark in chart.up}) == 5
