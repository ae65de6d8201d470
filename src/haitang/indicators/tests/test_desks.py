"""Figures of organizations: whose they are, kept behind the deeds, equal to a recount, and the cases behind them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haitang.callbacks import actions as callback_actions
from haitang.callbacks.tests.test_actions import CALLER, HAPPY, SYSTEM, TOMORROW, UNHAPPY, close, closed
from haitang.cases import actions as case_actions
from haitang.cases.facts import noted_facts
from haitang.cases.models import Case
from haitang.cases.queries.measuring import counted
from haitang.cases.tests.test_counting import MASTER, do
from haitang.cases.values import Permission as CasePermission
from haitang.core import policy
from haitang.core.errors import NotAllowed, NotFound
from haitang.core.models import Entry
from haitang.indicators import actions, jobs, queries
from haitang.indicators.models import DeskDay, DeskReach, DeskWaiting
from haitang.indicators.queries.desks import _entry_measures
from haitang.indicators.tests.test_actions import JUDGE, LATER, MAY, VIEWER, ask, review
from haitang.indicators.values import Permission
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory
from haitang.testing.actors import NOW, actor_with, also
from haitang.testing.cases import report
from haitang.testing.people import trust_desk


def bring_up_to_date() -> None:
    """Count what waits, as the job does."""
    actions.note_touched_cases(actor=jobs.COUNTER, now=LATER)
    while actions.count_desks(actor=jobs.COUNTER, now=LATER):
        pass


def desk_figures(town, code: str = "city_management", *, viewer=VIEWER, area: str | None = "320585", **more):
    """Return the printed figures of organizations by code and name."""
    bring_up_to_date()
    found = queries.get_desk_table(
        viewer=viewer, area=town.area(area) if area else None, set_code=code, period=MAY, now=LATER, **more
    )
    return {
        row.organization.code: {each.name: row.texts[each.code] for each in found.formulas.indicators}
        for row in found.rows
    }


def sent(town, desk: str = "ZJJ", **more) -> Case:
    """Return a case on a desk."""
    case = report(town.dispatcher, channel="phone", reporter_name="林阿姨", reporter_phone="13900001234", **more)
    who = also(town.dispatcher, CasePermission.VIEW_CONFIDENTIAL)
    case_actions.accept_case(actor=who, case_id=case.pk, opinion="办", now=NOW)
    case_actions.register_case(actor=who, case_id=case.pk, opinion="办", now=NOW, category_code="10101")
    return case_actions.dispatch_case(actor=who, case_id=case.pk, opinion="办", now=NOW, organization_code=desk)


def test_each_organization_has_its_own_and_nobody_anothers(town):
    case = sent(town, "CGJ")
    case_actions.return_case(actor=of_desk(town, "CGJ"), case_id=case.pk, opinion="不属本单位", now=NOW)
    case_actions.dispatch_case(actor=town.dispatcher, case_id=case.pk, opinion="办", now=NOW, organization_code="ZJJ")
    case_actions.sign_case(actor=town.handler, case_id=case.pk, opinion="办", now=NOW)
    case_actions.handle_case(actor=town.handler, case_id=case.pk, opinion="办", now=NOW)
    case_actions.feedback_case(actor=town.handler, case_id=case.pk, opinion="办", now=NOW)
    case_actions.rework_case(actor=town.checker, case_id=case.pk, opinion="没有修好", now=NOW)
    case_actions.handle_case(actor=town.handler, case_id=case.pk, opinion="办", now=NOW)
    case_actions.feedback_case(actor=town.handler, case_id=case.pk, opinion="办", now=NOW)
    case_actions.check_case(actor=town.checker, case_id=case.pk, opinion="办", now=NOW)
    case_actions.close_case(actor=town.dispatcher, case_id=case.pk, opinion="办", now=NOW)
    found = desk_figures(town)
    assert (found["CGJ"]["准确派遣率"], found["CGJ"]["按期处置率"], found["CGJ"]["返工率"]) == ("0.00 %", "—", "—")
    assert (found["ZJJ"]["准确派遣率"], found["ZJJ"]["按期处置率"], found["ZJJ"]["返工率"]) == (
        "100.00 %", "100.00 %", "100.00 %",
    )  # fmt: skip
    assert "立案率" not in found["ZJJ"]


def of_desk(town, code: str):
    """Return somebody who may do everything at a desk."""
    desk = organizations().by_code(code)
    return actor_with(*CasePermission, account_id=79, organization_id=desk.id)


def test_what_the_reporter_says_counts_for_the_organization(town):
    for answer in (HAPPY, UNHAPPY):
        _case, callback = closed(town)
        callback_actions.record_call(
            actor=CALLER, callback_id=callback.pk, outcome="answered", answer=answer, now=TOMORROW
        )
    found = desk_figures(town, "three_rates")
    assert (found["ZJJ"]["解决率"], found["ZJJ"]["满意率"], found["ZJJ"]["综合得分"]) == ("50.00 %", "50.00 %", "55.00")


def test_what_is_left_out_of_the_figures_is_left_out_here_too_and_comes_back(town):
    case, callback = closed(town)
    said = {"callback_id": callback.pk, "outcome": "answered", "answer": UNHAPPY, "now": TOMORROW}
    callback_actions.record_call(actor=CALLER, **said)
    close(town, Case.objects.get(pk=case.pk), now=TOMORROW)
    assert desk_figures(town, "three_rates")["ZJJ"]["解决率"] == "0.00 %"
    exclusion = review(ask(case))
    assert desk_figures(town, "three_rates")["ZJJ"]["解决率"] == "—"
    assert desk_figures(town)["ZJJ"]["按期处置率"] == "100.00 %"
    actions.undo_exclusion(actor=JUDGE, exclusion_id=exclusion.pk, opinion="恢复", now=LATER)
    assert desk_figures(town, "three_rates")["ZJJ"]["解决率"] == "0.00 %"


def test_a_denunciation_counts_for_those_alone_who_may_know_of_it(town):
    trust_desk(town)
    sent(town, kind="denunciation")
    trusted = actor_with(CasePermission.VIEW, CasePermission.VIEW_CONFIDENTIAL, Permission.VIEW, account_id=55)
    assert desk_figures(town) == {}
    assert list(desk_figures(town, viewer=trusted)) == ["ZJJ"]


def test_a_department_sees_its_own_figures_and_no_others(town):
    sent(town, "ZJJ")
    sent(town, "CGJ")
    desk = organizations().by_code("ZJJ")
    mine = actor_with(CasePermission.VIEW, Permission.VIEW, account_id=56, organization_id=desk.id)
    assert list(desk_figures(town, viewer=mine, area=None)) == ["ZJJ"]
    with pytest.raises(NotAllowed):
        desk_figures(town, viewer=mine)
    with pytest.raises(NotAllowed):
        listed(town, "CGJ", "due:handle", viewer=mine, area=None)
    with pytest.raises(NotAllowed):
        desk_figures(town, viewer=actor_with(CasePermission.VIEW, account_id=57), area=None)


def listed(town, desk: str, measure: str, *, viewer=VIEWER, area: str | None = "320585", now=LATER):
    """Return the cases behind a counter: (id, times, left out)."""
    bring_up_to_date()
    page = queries.list_desk_cases(
        viewer=viewer, area=town.area(area) if area else None, organization=queries.pick_desk(desk),
        set_code="three_rates", measure=measure, period=MAY, now=now,
    )  # fmt: skip
    return [(each.view.case.pk, each.n, each.left_out) for each in page.rows]


def test_a_figure_is_explained_and_leads_to_its_cases(town):
    case = sent(town)
    found = queries.explain_desk(
        viewer=VIEWER, area=town.area("320585"), organization=queries.pick_desk("ZJJ"), set_code="city_management",
        indicator="dispose_rate", period=MAY, now=LATER,
    )  # fmt: skip
    assert found is not None
    assert found.text == "—"
    bring_up_to_date()
    assert listed(town, "ZJJ", "did:dispatch") == [(case.pk, 1, False)]
    assert listed(town, "ZJJ", "due:handle") == [(case.pk, 1, False)]
    assert listed(town, "ZJJ", "due:handle", now=NOW) == []
    assert listed(town, "ZJJ", "did:dispatch", area="320585002000") == []
    assert listed(town, "CGJ", "did:dispatch") == []
    with pytest.raises(NotFound):
        listed(town, "ZJJ", "did:report")


def test_a_case_put_right_takes_its_figures_along(town):
    case = sent(town)
    assert desk_figures(town, area="320585001001")
    case_actions.reclassify_case(
        actor=MASTER,
        case_id=case.pk,
        area_code="320585001002002",
        opinion="更正",
        now=NOW,
    )
    assert not desk_figures(town, area="320585001001")
    assert list(desk_figures(town, area="320585001002")) == ["ZJJ"]


def test_an_area_that_goes_on_as_another_takes_its_figures_along(town):
    sent(town)
    bring_up_to_date()
    case_actions.follow_area(
        actor=jobs.COUNTER, area_id=town.areas["grid"], new_area_id=town.areas["fourth_grid"], now=NOW
    )
    assert list(desk_figures(town, area="320585001002")) == ["ZJJ"]
    assert queries.counted_desks() == queries.recount_desks()


def test_counting_twice_changes_nothing_and_a_new_measure_is_counted_from_the_start(town):
    sent(town)
    bring_up_to_date()
    before, rows = queries.counted_desks(), list(DeskDay.objects.values_list("pk", flat=True))
    bring_up_to_date()
    assert queries.counted_desks() == before
    assert list(DeskDay.objects.values_list("pk", flat=True)) == rows
    assert DeskReach.objects.get().counted_at == LATER
    DeskReach.objects.update(measures="did:dispatch", xid_below=2**60)
    assert actions.note_touched_cases(actor=jobs.COUNTER, now=LATER) == 1
    DeskReach.objects.update(system="another", xid_below=2**60)
    DeskWaiting.objects.all().delete()
    assert actions.note_touched_cases(actor=jobs.COUNTER, now=LATER) == 1


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["report", "deed", "call", "count"]), st.integers(0, 11), st.integers(0, 60 * 24 * 40)
    ),
    min_size=1, max_size=25,
)  # fmt: skip


ADDED_UP = (
    "due:handle", "due_in_time:handle", "due_late:handle", "due_late:close", "did:rework", "did:return",
    "callback:valid",
)  # fmt: skip


@given(steps=STEPS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_figures_of_organizations_equal_a_recount_and_add_up_to_the_counters(town, steps):
    mine: list[int] = [sent(town, "CGJ").pk]
    for what, choice, minutes in steps:
        case = Case.objects.get(pk=mine[choice % len(mine)])
        if what == "report":
            mine.append(sent(town, "CGJ" if choice % 2 else "ZJJ").pk)
        elif what == "deed":
            do(case, choice, minutes)
        elif what == "call" and case.status == "closed":
            answer_call(case, choice)
        elif what == "count":
            bring_up_to_date()
    bring_up_to_date()
    assert queries.counted_desks() == queries.recount_desks()
    root = territory().by_code("320585").id
    kept = queries.counted_desks()
    for measure in ADDED_UP:
        mine = sum(n for (_desk, area, _day, name), n in kept.items() if (area, name) == (root, measure))
        assert mine == sum(n for key, n in counted().items() if key[-1] == measure), measure


def answer_call(case: Case, choice: int) -> None:
    """Let the reporter answer to the call-back after the closure."""
    from haitang.callbacks.models import Callback
    from haitang.core.models import Entry

    entry = Entry.objects.filter(fact="CaseClosed", subject_id=case.pk).last()
    if entry is None or Callback.objects.filter(closing_entry_id=entry.pk).exists():
        return
    made = callback_actions.make_callback(actor=SYSTEM, case_id=case.pk, entry_id=entry.pk, now=NOW)
    if made is not None:
        callback_actions.record_call(
            actor=CALLER, callback_id=made.pk, outcome="answered", answer=HAPPY if choice % 2 else UNHAPPY,
            now=made.next_at + timedelta(days=60),
        )  # fmt: skip


def test_the_table_costs_the_same_at_any_number_of_cases(town, django_assert_num_queries):
    def look():
        with policy.reading():
            return table_of_may()

    def table_of_may():
        return queries.get_desk_table(
            viewer=VIEWER, area=town.area("320585"), set_code="city_management", period=MAY, now=LATER
        )

    sent(town)
    bring_up_to_date()
    look()
    with CaptureQueriesContext(connection) as one:
        look()
    for desk in ("ZJJ", "CGJ", "CGJ"):
        sent(town, desk)
    bring_up_to_date()
    look()
    with django_assert_num_queries(len(one)):
        assert len(look().rows) == 2


def test_an_entry_that_tells_which_notice_was_shown_counts_as_any_other():
    repeated = noted_facts()["RequestRepeated"](1)
    plain = Entry(fact="RequestRepeated", data=repeated.as_data(), at=NOW)
    told = Entry(fact="RequestRepeated", data={**repeated.as_data(), "notice": "report.1"}, at=NOW)
    assert list(_entry_measures(told)) == list(_entry_measures(plain)) != []
