"""The town blows a whistle: who takes part, and a whistle brought as far as a test wants it."""

from dataclasses import replace
from datetime import timedelta

from haitang.cases import actions as case_actions
from haitang.cases.models import Case
from haitang.core.access import Actor, Grant
from haitang.people.values import shipped_roles
from haitang.territory.queries import territory
from haitang.testing.actors import NOW
from haitang.testing.cases import report
from haitang.testing.people import Town
from haitang.whistles import actions
from haitang.whistles.models import Call, Whistle
from haitang.whistles.values import NewCall

LEAD, ASSIST, THIRD = "ZJJ", "CGJ", "CHSQ"
ROLES = {role.code: role.permissions for role in shipped_roles()}


def as_role(town: Town, role: str, *, over: str = "", desk: str = "", name: str = "", account_id: int = 30) -> Actor:
    """Return an actor with a shipped role over an area (its word) or a desk."""
    path = territory().area(town.areas[over]).path if over else None
    desk_id = town.desks.get(desk)
    grants = frozenset(Grant(p, area_path=path, organization_id=None if path else desk_id) for p in ROLES[role])
    return Actor(name or role, id=account_id, organization_id=desk_id, organization_name=desk, grants=grants)


def street_leader(town: Town) -> Actor:
    """Return the street's leader; kinds that name a post ask for a holding besides."""
    return as_role(town, "street_leader", over="street", desk="HTJD", name="刘主任", account_id=31)


def supervisor(town: Town) -> Actor:
    """Return the supervision office's."""
    return as_role(town, "supervisor", over="city", name="督查员", account_id=32)


def third(town: Town) -> Actor:
    """Return who answers for the third department."""
    return as_role(town, "department_handler", desk=THIRD, name="陈工", account_id=33)


def by_desk(town: Town, call: Call) -> Actor:
    """Return who answers for the department called."""
    code = {pk: code for code, pk in town.desks.items()}[call.organization_id]
    return {LEAD: town.handler, ASSIST: town.rival, THIRD: third(town)}[code]


def draft(town: Town, case: Case | None = None, *, kind: str = "emergency", desks: tuple[str, ...] = (ASSIST, THIRD)):
    """Draft a whistle that the first desk leads, on a new case unless one is given."""
    case = case or report(town.dispatcher, channel="phone")
    calls = [NewCall(LEAD, "lead"), *(NewCall(desk) for desk in desks)]
    return actions.draft_whistle(
        actor=town.dispatcher, now=NOW, case_id=case.pk, kind=kind, reason="涉及多个部门", calls=calls
    )


def blow(town: Town, case: Case | None = None, **more) -> tuple[Whistle, list[Call]]:
    """Draft and approve a whistle; return it with its calls, the lead first."""
    whistle = draft(town, case, **more)
    actions.approve_whistle(actor=street_leader(town), now=NOW, whistle_id=whistle.pk, opinion="同意吹哨")
    return Whistle.objects.get(pk=whistle.pk), list(Call.objects.filter(whistle=whistle).order_by("id"))


def act(town: Town, call: Call, *deeds: str, minutes: int = 1, actor: Actor | None = None) -> Call:
    """Do the deeds one after the other, a minute each after the start, by the department or by the actor given."""
    for step, deed in enumerate(deeds):
        more = {"place": "东门", "people": "张科长等2人"} if deed == "report_arrival" else {}
        more |= {"rating": "satisfied"} if deed == "evaluate_call" else {}
        getattr(actions, deed)(
            actor=actor or by_desk(town, call), now=NOW + timedelta(minutes=minutes + step), whistle_id=call.whistle_id,
            call_id=call.pk, opinion=f"{deed}意见", **more,
        )  # fmt: skip
    return Call.objects.get(pk=call.pk)


TO_HANDLED = ("sign_call", "contact_street", "report_arrival", "handle_call")
TO_SIGNED_OFF = (*TO_HANDLED, "sign_off_call")


def to_checked(town: Town, case: Case) -> Case:
    """Bring a case to where it waits to be closed."""
    who = {
        "accept": town.dispatcher, "register": town.dispatcher, "dispatch": town.dispatcher, "sign": town.handler,
        "handle": town.handler, "feedback": town.handler, "check": town.checker,
    }  # fmt: skip
    for step, actor in who.items():
        more = {"organization_code": LEAD} if step == "dispatch" else {}
        deed = getattr(case_actions, f"{step}_case")
        case = deed(actor=actor, case_id=case.pk, opinion="办", now=NOW + timedelta(minutes=5), **more)
    return case


def everywhere(actor: Actor, *permissions: str) -> Actor:
    """Return the actor with these permissions everywhere besides."""
    return replace(actor, grants=actor.grants | {Grant(each, area_path="/") for each in permissions})
