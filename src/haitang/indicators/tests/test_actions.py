"""Indicators from the counters: tables, explanations, versions of formulas, and cases left out of them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from haitang.callbacks import actions as callback_actions
from haitang.callbacks.tests.test_actions import CALLER, HAPPY, TOMORROW, UNHAPPY, closed
from haitang.callbacks.values import Answer
from haitang.cases import actions as case_actions
from haitang.cases.actions.counting import count
from haitang.cases.models import Case
from haitang.cases.queries.measuring import counted, recount
from haitang.cases.values import Permission as CasePermission
from haitang.core.errors import Invalid, NotAllowed
from haitang.indicators import actions, jobs, queries
from haitang.indicators.models import Exclusion
from haitang.indicators.values import AlreadyExcluded, NotYourOwn, Period, Permission, WrongState, period_of
from haitang.testing.actors import NOW, actor_with
from haitang.testing.people import refused, trust_desk

VIEWER = actor_with(CasePermission.VIEW, Permission.VIEW, account_id=51)
MANAGER = actor_with(CasePermission.VIEW, Permission.VIEW, Permission.MANAGE, account_id=52)
ASKER = actor_with(CasePermission.VIEW, Permission.REQUEST, account_id=53, name="申请人")
JUDGE = actor_with(CasePermission.VIEW, Permission.REQUEST, Permission.REVIEW, account_id=54, name="审核人")
MAY = Period(date(2026, 5, 1), date(2026, 5, 31))
LATER = TOMORROW + timedelta(days=20)
BOTH = ["three_rates", "city_management"]


def table(town, code: str = "three_rates", area: str = "320585", period: Period = MAY, now=LATER, viewer=VIEWER):
    """Return a table of the town's."""
    return queries.get_table(viewer=viewer, area=town.area(area), set_code=code, period=period, now=now)


def figures(town, code: str = "three_rates", **more) -> dict[str, str]:
    """Return the printed figures of the whole area by name."""
    found = table(town, code, **more)
    return {each.name: found.total.texts[each.code] for each in found.formulas.indicators}


def answered(town, answer: Answer = HAPPY, **more) -> Case:
    """Return a case whose reporter was called back."""
    case, callback = closed(town, **more)
    callback_actions.record_call(actor=CALLER, callback_id=callback.pk, outcome="answered", answer=answer, now=TOMORROW)
    return case


def put(town, **counters: int) -> None:
    """Put numbers into the counters as the deeds of a month would."""
    area = town.area("320585001001001")
    changes = [(date(2026, 5, 10), measure.replace("__", ":"), n) for measure, n in counters.items()]
    count(area_ids=area.ids, category_id=1, channel="phone", is_confidential=False, changes=changes)


def test_tianmen_december_2016_from_the_counters(town):
    put(town, did__report=1054, did__register=996, due__close=972, due_in_time__close=737, due_late__close=911 - 737)
    found = figures(town, "city_management")
    assert (found["结案率"], found["按期结案率"], found["立案率"]) == ("93.72 %", "75.82 %", "94.50 %")
    assert found["处置率"] == "—"


def test_registering_and_verifying_in_time(town):
    put(town, did__register=40, registered_in_time=38, due__verify=50, due_in_time__verify=45, due_late__verify=3)
    found = figures(town, "city_management")
    assert (found["按时立案率"], found["按期核实率"]) == ("95.00 %", "90.00 %")


def test_the_three_rates_of_the_beijing_district_from_the_counters(town):
    put(town, callback__due=1100, callback__valid=1000, callback__contacted=990, callback__solved=950,
        callback__satisfied=900, callback__basically=60, callback__dissatisfied=40)  # fmt: skip
    found = figures(town)
    assert found == {
        "有效回访率": "90.91 %", "响应率": "99.00 %", "解决率": "95.00 %", "满意率": "95.40 %", "综合得分": "95.56",
    }  # fmt: skip


def test_a_table_has_a_row_for_every_area_below_and_none_for_people(town):
    answered(town)
    found = table(town, area="320585001000")
    assert [row.name for row in found.rows] == ["春和社区", "秋实社区"]
    assert [row.texts["solve_rate"] for row in found.rows] == ["100.00 %", "—"]


def test_a_figure_is_explained(town):
    answered(town, Answer(True, True, "basically"))
    found = queries.explain(
        viewer=VIEWER, area=town.area("320585"), set_code="three_rates", indicator="satisfaction_rate", period=MAY,
        now=LATER,
    )  # fmt: skip
    assert found is not None
    assert (found.text, found.numerator, found.numerator_filled) == ("90.00 %", "满意数 + 0.9×基本满意数", "0 + 0.9×1")
    assert (found.denominator, found.denominator_filled) == ("有效回访数", "1")
    assert {part.quantity.code for part in found.parts} == {"satisfaction", "validCallback", "verySatisfaction"}


def test_what_is_due_today_can_still_be_kept(town):
    put(town, due__handle=2, due_in_time__handle=1)
    assert figures(town, "city_management", now=NOW.replace(day=10))["处置率"] == "—"
    assert figures(town, "city_management", now=NOW.replace(day=11))["超期待处置率"] == "50.00 %"


def test_a_denunciation_is_in_the_figures_of_those_alone_who_may_know_of_it(town):
    trust_desk(town)
    case, callback = closed(town, kind="denunciation")
    trusted = actor_with(
        CasePermission.VIEW, CasePermission.VIEW_CONFIDENTIAL, Permission.VIEW, "callbacks.task.answer", account_id=55
    )
    callback_actions.record_call(actor=trusted, callback_id=callback.pk, outcome="answered", answer=HAPPY, now=TOMORROW)
    assert case.is_confidential
    assert figures(town)["解决率"] == "—"
    assert figures(town, viewer=trusted)["解决率"] == "100.00 %"


def test_without_the_permission_there_is_no_table(town):
    with pytest.raises(NotAllowed):
        table(town, viewer=actor_with(CasePermission.VIEW, account_id=56))
    with pytest.raises(NotAllowed):
        table(town, viewer=actor_with(Permission.VIEW, area_path=town.area("320585001002").path, account_id=57))


def ask(case: Case, actor=ASKER, sets=None) -> Exclusion:
    """Ask that the case be left out."""
    return actions.request_exclusion(
        actor=actor, case_id=case.pk, sets=sets or ["three_rates"], reason="unreasonable", evidence="见照片", now=LATER
    )


def review(exclusion: Exclusion, actor=JUDGE, approved: bool = True) -> Exclusion:
    """Decide on a request."""
    return actions.review_exclusion(
        actor=actor, exclusion_id=exclusion.pk, approved=approved, opinion="属实", now=LATER
    )


def test_what_is_left_out_is_left_out_of_both_sides_and_comes_back(town):
    answered(town)
    bad = answered(town, Answer(True, False, "dissatisfied"))
    own = ask_by_judge(town)
    before = figures(town)
    assert (before["解决率"], before["满意率"]) == ("50.00 %", "50.00 %")
    exclusion = ask(bad)
    assert figures(town) == before  # asked for is not decided
    refused(NotYourOwn, actions.review_exclusion, actor=ASKER_JUDGE, exclusion_id=own.pk, approved=True,
            opinion="同意", now=LATER)  # fmt: skip
    review(exclusion)
    assert (figures(town)["解决率"], figures(town)["满意率"]) == ("100.00 %", "100.00 %")
    assert figures(town, "city_management")["处置率"] == "66.67 %"  # left out of the set named alone
    assert counted() == recount()
    actions.undo_exclusion(actor=JUDGE, exclusion_id=exclusion.pk, opinion="复核后恢复", now=LATER)
    assert figures(town) == before
    assert counted() == recount()
    refused(WrongState, actions.undo_exclusion, actor=JUDGE, exclusion_id=exclusion.pk, opinion="再次", now=LATER)


ASKER_JUDGE = actor_with(CasePermission.VIEW, Permission.REQUEST, Permission.REVIEW, account_id=58, name="一人")


def ask_by_judge(town) -> Exclusion:
    """Ask for something as somebody who may decide as well."""
    case, _callback = closed(town)
    return ask(case, ASKER_JUDGE)


def test_what_is_left_out_follows_its_case(town):
    answered(town)
    case = answered(town, Answer(True, False, "dissatisfied"))
    case.refresh_from_db()
    assert case.status == "handling"  # a negative answer binds
    review(ask(case, sets=BOTH))
    later = LATER + timedelta(hours=1)
    case_actions.handle_case(actor=town.handler, case_id=case.pk, opinion="修好", now=later)
    for _twice in range(2):
        jobs.follow_exclusions(0)
        assert counted() == recount()
    assert not queries.exclusions_behind(10)
    assert figures(town)["解决率"] == "100.00 %"
    case_actions.reclassify_case(
        actor=actor_with(*CasePermission), case_id=case.pk, opinion="更正", area_code="320585001002002", now=later
    )
    assert counted() == recount()
    assert figures(town)["解决率"] == "100.00 %"
    exclusion = Exclusion.objects.get(case_id=case.pk)
    actions.undo_exclusion(actor=JUDGE, exclusion_id=exclusion.pk, opinion="恢复", now=later)
    assert figures(town)["解决率"] == "50.00 %"
    assert not {key[-1]: n for key, n in counted().items() if "excluded" in key[-1]}


def test_a_case_is_asked_about_once_at_a_time(town):
    case = answered(town)
    exclusion = ask(case)
    with pytest.raises(AlreadyExcluded):
        ask(case)
    review(exclusion, approved=False)
    assert ask(case).pk != exclusion.pk


@pytest.mark.parametrize("wrong", [{"sets": []}, {"reason": "lazy"}, {"evidence": " "}])
def test_a_request_says_of_what_why_and_with_what_evidence(town, wrong):
    case = answered(town)
    said = {"sets": BOTH, "reason": "malicious", "evidence": "同一人一日来电 30 次", **wrong}
    refused(Invalid, actions.request_exclusion, actor=ASKER, case_id=case.pk, now=LATER, **said)


def changed(code: str = "three_rates", indicator: str = "satisfaction_rate", **parts) -> dict:
    """Return a set's document with one of its indicators changed."""
    data = queries.versions_of(code)[-1].formulas.as_data()
    data["indicators"] = [each | (parts if each["code"] == indicator else {}) for each in data["indicators"]]
    return data


def test_a_changed_formula_holds_from_its_day_and_old_periods_keep_theirs(town):
    answered(town, Answer(True, True, "basically"))
    may, june = (period_of(date(2026, month, 1), 19) for month in (5, 6))
    assert (may.first, may.last, june.first) == (date(2026, 4, 19), date(2026, 5, 18), date(2026, 5, 19))
    now = NOW.replace(day=20)
    actions.change_formulas(
        actor=MANAGER, definition=changed(numerator="满意数 + 0.5×基本满意数"), valid_from=june.first, note="新办法",
        now=now,
    )  # fmt: skip
    assert figures(town, period=may)["满意率"] == "90.00 %"
    found = table(town, period=june)
    assert found.valid_from == june.first
    assert found.formulas.by_code["satisfaction_rate"].numerator.text == "verySatisfaction + 0.5 * satisfaction"
    refused(Invalid, actions.change_formulas, actor=MANAGER, definition=changed(numerator="满意数"),
            valid_from=may.first, now=now)  # fmt: skip


@pytest.mark.parametrize(
    "parts",
    [{"numerator": "满意数 +"}, {"numerator": "没有的数"}, {"numerator": "综合得分"}, {"decimals": 9},
     {"name": "满意数"}, {"denominator": "1)"}, {"name": "1率"}],
)  # fmt: skip
def test_a_formula_that_cannot_be_computed_is_refused(town, parts):
    refused(Invalid, actions.change_formulas, actor=MANAGER, definition=changed(**parts), valid_from=LATER.date(),
            now=LATER)  # fmt: skip


def test_a_dry_run_keeps_nothing(town):
    from haitang.indicators.values import read_set

    answered(town, Answer(True, True, "basically"))
    formulas = read_set(changed(numerator="满意数"), queries.quantities())
    asked = {"area": town.area("320585"), "period": MAY, "now": LATER}
    tried = queries.try_formulas(viewer=MANAGER, formulas=formulas, **asked)
    assert tried.total.texts["satisfaction_rate"] == "0.00 %"
    assert figures(town)["满意率"] == "90.00 %"
    with pytest.raises(NotAllowed):
        queries.try_formulas(viewer=VIEWER, formulas=formulas, **asked)


def test_jinniu_online_points_with_what_the_office_has_given(town):
    put(town, did__accept=100)
    assert figures(town, "jinniu_online")["受理量得分"] == "—"
    city = town.area("320585")
    for code, value in (("areaSize", "0.026"), ("population", "2.141")):
        actions.give_figure(actor=MANAGER, area_id=city.id, code=code, value=Decimal(value), source="年鉴", now=NOW)
    assert figures(town, "jinniu_online")["受理量得分"] == "26.407"
    actions.give_figure(actor=MANAGER, area_id=city.id, code="population", value=None, source="", now=NOW)
    assert figures(town, "jinniu_online")["受理量得分"] == "—"


def test_an_unhappy_reporter_counts(town):
    answered(town, UNHAPPY)
    found = figures(town)
    assert (found["解决率"], found["满意率"], found["综合得分"]) == ("0.00 %", "0.00 %", "10.00")
