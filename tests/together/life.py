"""Every deed on a case as a rule, tried on the system and on the second opinion, and what must always hold."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from haitang.callbacks import actions as callbacks
from haitang.callbacks.models import Callback
from haitang.callbacks.values import Answer
from haitang.cases import actions as cases
from haitang.cases.models import Case
from haitang.cases.queries.measuring import counted, recount
from haitang.core.access import Actor, system
from haitang.core.errors import Refusal
from haitang.core.models import Entry
from haitang.merging import actions as merging
from haitang.oversight import actions as oversight
from haitang.oversight.models import Request
from haitang.oversight.tests.playing import supervisor
from haitang.testing.actors import NOW
from haitang.testing.cases import report
from haitang.testing.people import Town
from haitang.whistles import actions as whistles
from haitang.whistles.models import Call, Whistle
from haitang.whistles.tests.cast import as_role, street_leader, third
from haitang.whistles.tests.cast import supervisor as whistle_supervisor
from haitang.whistles.values import NewCall
from tests.together.model import (
    CALL,
    CHAIN,
    ENDS,
    EXTENSIONS_MAX,
    Matter,
    allows,
    do,
    has_open_part,
    joined_to,
    may_join,
)

DEEDS = sorted([*CHAIN, "void"])
FINAL = {"evaluated", "released", "waived"}
BLOWN = ("blown", "answered", "done")
LEAD, ASSIST, THIRD = "ZJJ", "CGJ", "CHSQ"
JOBS = system("时钟")
CASES_MAX = 4


class Life(RuleBasedStateMachine):
    """A few cases at once; time only goes forward."""

    town: Town

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.matters: list[Matter] = []
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        """Compare the counters, half of them folded, and forget everything."""
        try:
            cases.fold_counts(actor=JOBS, now=self.now)
            assert counted() == recount()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def who_does(self, deed: str) -> Actor:
        """Return the one whose deed it is."""
        return {
            "sign": self.town.handler, "return": self.town.handler, "handle": self.town.handler,
            "feedback": self.town.handler, "check": self.town.checker, "rework": self.town.checker,
            "force_close": supervisor(),
        }.get(deed, self.town.dispatcher)  # fmt: skip

    def tried(self, action: Any, **more: Any) -> bool:
        """Do it; tell whether it was allowed. A refusal writes nothing down."""
        before = Entry.objects.count()
        try:
            with transaction.atomic():
                action(now=self.now, **more)
        except Refusal:
            assert Entry.objects.count() == before
            return False
        return True

    def pick(self, number: int) -> Matter:
        """Return one of the cases."""
        return self.matters[number % len(self.matters)]

    @initialize()
    def first(self) -> None:
        """Somebody telephones."""
        self.reported()

    @precondition(lambda self: len(self.matters) < CASES_MAX)
    @rule()
    def reported(self) -> None:
        """Another call."""
        case = report(
            self.town.dispatcher, channel="phone", reporter_name="林阿姨", reporter_phone="13900000001", now=self.now
        )
        self.matters.append(Matter(case.pk))

    @rule(number=st.integers(0, CASES_MAX), deed=st.sampled_from(DEEDS))
    def anything(self, number: int, deed: str) -> None:
        """Any deed on any case: allowed exactly when the second opinion says so."""
        self.deed(self.pick(number), deed)

    @rule(number=st.integers(0, CASES_MAX), steps=st.integers(1, 4))
    def onwards(self, number: int, steps: int) -> None:
        """Some of the usual steps, so that cases come as far as their end."""
        usual = {
            "verifying": "accept", "reported": "accept", "accepted": "register", "registered": "dispatch",
            "dispatched": "sign", "handling": "handle", "handled": "feedback", "checking": "check", "checked": "close",
        }  # fmt: skip
        for _ in range(steps):
            matter = self.pick(number)
            if matter.status in usual:
                self.deed(matter, usual[matter.status])

    @precondition(lambda self: any(self.is_held(matter) for matter in self.matters))
    @rule(deed=st.sampled_from(sorted(ENDS)), status=st.sampled_from(["registered", "handling", "checked"]))
    def end(self, deed: str, status: str) -> None:
        """Try to end what must not end yet."""
        held = [matter for matter in self.matters if self.is_held(matter)]
        self.deed(next((matter for matter in held if matter.status == status), held[0]), deed)

    def is_held(self, matter: Matter) -> bool:
        """Tell whether something keeps the case open."""
        return matter.is_open and (matter.is_whistled or has_open_part(matter, self.matters))

    def deed(self, matter: Matter, deed: str) -> None:
        """Try it in both worlds."""
        more = {"organization_code": LEAD} if deed == "dispatch" else {}
        expected = allows(matter, deed, self.now, self.matters)
        action = getattr(cases, f"{deed}_case")
        done = self.tried(action, actor=self.who_does(deed), case_id=matter.pk, opinion=f"{deed}意见", **more)
        assert done == expected, (deed, matter)
        if done:
            self.follow(matter, deed)

    def follow(self, matter: Matter, deed: str) -> None:
        """What a deed leads to, in both worlds; run twice it is the same."""
        do(matter, deed, self.now, self.matters)
        for _ in range(2):
            if deed == "reopen":
                merging.leave_main(actor=JOBS, case_id=matter.pk, now=self.now)
            else:
                merging.close_along(actor=JOBS, main_id=matter.pk, now=self.now)

    @rule(number=st.integers(0, CASES_MAX), other=st.integers(0, CASES_MAX))
    def merge(self, number: int, other: int) -> None:
        """One case goes along with another from now on (并单)."""
        main, case = self.pick(number), self.pick(other)
        done = self.tried(
            merging.merge_cases, actor=self.town.dispatcher, main_id=main.pk, case_ids=[case.pk], opinion="同一件事"
        )
        assert done == may_join(main, case, self.matters), (main, case)
        if done:
            case.main = main

    @precondition(lambda self: any(joined_to(matter, self.matters) for matter in self.matters))
    @rule(number=st.integers(0, CASES_MAX), every=st.booleans())
    def part(self, number: int, every: bool) -> None:
        """It goes its own way again, with the clock that it had (拆单)."""
        mains = [matter for matter in self.matters if joined_to(matter, self.matters)]
        main = mains[number % len(mains)]
        joined = joined_to(main, self.matters)
        leaving = joined if every else joined[:1]
        done = self.tried(
            merging.part_cases, actor=self.town.dispatcher, main_id=main.pk, opinion="不是一件事",
            case_ids=None if every else [leaving[0].pk],
        )  # fmt: skip
        assert done == all(each.is_open for each in (main, *leaving)), (main, leaving)
        for each in leaving if done else ():
            each.main = None

    @rule(number=st.integers(0, CASES_MAX))
    def draft(self, number: int) -> None:
        """A whistle is drafted, once the one before it is over."""
        matter = self.pick(number)
        if matter.drafted or not set(matter.calls.values()) <= FINAL:
            return
        calls = [NewCall(LEAD, "lead"), NewCall(ASSIST), NewCall(THIRD)]
        done = self.tried(
            whistles.draft_whistle, actor=self.town.dispatcher, case_id=matter.pk, kind="emergency",
            reason="涉及多个部门", calls=calls,
        )  # fmt: skip
        assert done == (matter.is_open and matter.main is None)
        if done:
            matter.drafted, matter.calls = True, {}

    @precondition(lambda self: any(matter.drafted for matter in self.matters))
    @rule(approved=st.booleans())
    def decide(self, approved: bool) -> None:
        """It is approved and blown, or not."""
        matter = next(matter for matter in self.matters if matter.drafted)
        whistle = Whistle.objects.filter(case_id=matter.pk).latest("id")
        action = whistles.approve_whistle if approved else whistles.decline_whistle
        assert self.tried(action, actor=street_leader(self.town), whistle_id=whistle.pk, opinion="研究决定")
        matter.drafted = False
        if approved:
            matter.calls = {self.code(call): "called" for call in Call.objects.filter(whistle=whistle)}

    @precondition(lambda self: any(matter.calls for matter in self.matters))
    @rule(
        number=st.integers(0, CASES_MAX),
        code=st.sampled_from([LEAD, ASSIST, THIRD]),
        deed=st.sampled_from(sorted(CALL)),
    )
    def answer(self, number: int, code: str, deed: str) -> None:
        """Any deed of a department that was called, or about it."""
        called = [matter for matter in self.matters if matter.calls]
        matter = called[number % len(called)]
        whistle = Whistle.objects.filter(case_id=matter.pk, status__in=BLOWN).latest("id")
        call = Call.objects.get(whistle=whistle, organization_id=self.town.desks[code])
        sources, target = CALL[deed]
        expected = matter.calls[code] in sources and not (deed == "rework_call" and not matter.is_open)
        more: dict[str, Any] = {"place": "东门", "people": "张科长等2人"} if deed == "report_arrival" else {}
        more |= {"rating": "satisfied"} if deed == "evaluate_call" else {}
        by = {LEAD: self.town.handler, ASSIST: self.town.rival, THIRD: third(self.town)}[code]
        if deed in ("release_call", "insist_on_call", "evaluate_call", "rework_call"):
            by = street_leader(self.town)
        elif deed == "waive_call":
            by = whistle_supervisor(self.town)
        done = self.tried(
            getattr(whistles, deed), actor=by, whistle_id=whistle.pk, call_id=call.pk, opinion=f"{deed}意见", **more
        )
        assert done == expected, (deed, code, matter)
        if done:
            matter.calls[code] = target

    def code(self, call: Call) -> str:
        """Return the code of the department called."""
        return next(code for code, pk in self.town.desks.items() if pk == call.organization_id)

    @rule(number=st.integers(0, CASES_MAX), other=st.integers(0, CASES_MAX))
    def tie(self, number: int, other: int) -> None:
        """One case becomes a part of another, unless that makes a circle."""
        child, whole = self.pick(number), self.pick(other)
        above, top = {whole.pk}, whole
        while top.parent is not None:
            top = top.parent
            above.add(top.pk)
        expected = child.pk not in above and child.parent is None and whole.is_open and whole.main is None
        done = self.tried(oversight.tie_case, actor=self.town.dispatcher, case_id=child.pk, parent_id=whole.pk)
        assert done == expected, (child, whole)
        if done:
            child.parent = whole

    @rule(number=st.integers(0, CASES_MAX))
    def untie(self, number: int) -> None:
        """It is a part no longer."""
        child = self.pick(number)
        done = self.tried(oversight.untie_case, actor=self.town.dispatcher, case_id=child.pk)
        assert done == (child.parent is not None)
        child.parent = None

    @rule(number=st.integers(0, CASES_MAX), days=st.integers(1, 20))
    def pause(self, number: int, days: int) -> None:
        """The desk asks for a pause and gets it, if there is still time."""
        matter = self.pick(number)
        if matter.status not in ("dispatched", "handling", "handled"):
            return
        before = Case.objects.get(pk=matter.pk).due_at
        until = self.now + timedelta(days=days)
        done = self.granted(matter, wish="pause", until=until)
        assert done == (matter.paused_until is None and matter.main is None and before >= self.now), matter
        if done:
            matter.paused_until = until
            assert Case.objects.get(pk=matter.pk).due_at >= before

    @rule(number=st.integers(0, CASES_MAX))
    def extend(self, number: int) -> None:
        """The desk asks for more time and gets it, once a stage."""
        matter = self.pick(number)
        if matter.status not in ("dispatched", "handling", "handled"):
            return
        case = Case.objects.get(pk=matter.pk)
        had = len(case.deadlines[case.stage].get("extensions", ()))
        done = self.granted(matter, wish="extension", more="2 工作日")
        in_time = matter.main is None and case.due_at >= self.now
        assert done == (matter.paused_until is None and in_time and had < EXTENSIONS_MAX), matter
        if done:
            assert Case.objects.get(pk=matter.pk).due_at > case.due_at

    def granted(self, matter: Matter, **wished: Any) -> bool:
        """Ask and decide; tell whether the asking was allowed."""
        if not self.tried(oversight.ask_for, actor=self.town.handler, case_id=matter.pk, reason="等待材料", **wished):
            return False
        request = oversight_request(matter.pk)
        assert self.tried(
            oversight.decide_request, actor=supervisor(), request_id=request, approved=True, opinion="同意"
        )
        return True

    @rule(number=st.integers(0, CASES_MAX))
    def resume(self, number: int) -> None:
        """The desk goes on before its day."""
        matter = self.pick(number)
        if matter.status not in ("dispatched", "handling", "handled"):
            return
        done = self.tried(oversight.resume_case, actor=self.town.handler, case_id=matter.pk, opinion="材料已到")
        assert done == (matter.paused_until is not None)
        matter.paused_until = None

    @rule(minutes=st.sampled_from([1, 30, 240, 1440, 5 * 1440]))
    def time_passes(self, minutes: int) -> None:
        """The clock's own work is done as the minutes pass, and doing it twice changes nothing."""
        self.now += timedelta(minutes=minutes)
        for _ in range(2):
            oversight.resume_due_cases(actor=JOBS, now=self.now)
            oversight.lapse_requests(actor=JOBS, now=self.now)
            cases.tell_missed_deadlines(actor=JOBS, now=self.now)
            oversight.escalate_overdue_cases(actor=JOBS, now=self.now)
            whistles.climb_whistle_ladder(actor=JOBS, now=self.now)
        for matter in self.matters:
            if matter.paused_until is not None and matter.paused_until <= self.now:
                matter.paused_until = None

    @rule(number=st.integers(0, CASES_MAX), solved=st.booleans())
    def call_back(self, number: int, solved: bool) -> None:
        """The reporter of a closed case is called, and a negative answer opens it again, once."""
        matter = self.pick(number)
        closing = Entry.objects.filter(subject_type="case", subject_id=matter.pk, fact="CaseClosed").last()
        if closing is None:
            return
        callbacks.make_callback(actor=JOBS, case_id=matter.pk, entry_id=closing.pk, now=self.now)
        waiting = Callback.objects.filter(case_id=matter.pk, state="waiting").first()
        if waiting is None or matter.status != "closed":
            return
        self.now = max(self.now, waiting.next_at)
        self.time_passes(0)
        assert self.tried(
            callbacks.record_call, actor=caller(self.town), callback_id=waiting.pk, outcome="answered",
            answer=Answer(contacted=True, solved=solved),
        )  # fmt: skip
        if not solved and allows(matter, "reopen", self.now, self.matters):
            self.follow(matter, "reopen")

    @invariant()
    def both_worlds_agree(self) -> None:
        """States, clocks, whistles; and nothing has ended over what keeps it open."""
        for case in Case.objects.filter(pk__in=[matter.pk for matter in self.matters]).defer("search"):
            matter = next(each for each in self.matters if each.pk == case.pk)
            assert case.status == matter.status
            assert (case.due_at is not None) == (matter.is_open and matter.main is None)
            assert ("joined" in case.marks) == (matter.main is not None)
            assert ("main" in case.marks) == bool(joined_to(matter, self.matters))
            assert (case.stage is not None) == matter.is_open
            assert case.paused_until == matter.paused_until
            if not matter.is_open:
                assert not matter.is_whistled
        for call in Call.objects.filter(whistle__status__in=BLOWN).exclude(status__in=FINAL):
            matter = next(each for each in self.matters if each.pk == call.whistle.case_id)
            assert call.status == matter.calls[self.code(call)]
            assert (call.due_at is None) == (call.status == "signed_off")


def oversight_request(case_id: int) -> int:
    """Return the id of the newest request about the case."""
    return Request.objects.filter(case_id=case_id).latest("id").pk


def caller(town: Town) -> Actor:
    """Return whoever calls reporters back."""
    return as_role(town, "callback_officer", over="street", desk="HTJD", name="回访员", account_id=41)
