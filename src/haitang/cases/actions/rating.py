"""The reporter judges the result; "not solved" has it done over."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import policies, queries
from haitang.cases.actions.moving import Change, carry_out, reopening
from haitang.cases.lifecycle import Deed, Status, check_move
from haitang.cases.models import Case, Rating
from haitang.cases.queries.catalog import Catalog, catalog
from haitang.cases.values import OPINION_LENGTH_MAX, WrongQueryCode
from haitang.core import ids, limits
from haitang.core.access import VISITOR, Actor
from haitang.core.errors import Invalid
from haitang.core.language import in_house


@transaction.atomic
def rate_case(*, actor: Actor, case_id: int, is_solved: bool, score: int, now: datetime, text: str = "") -> Case:
    """
    Take the judgement of the account that reported the case; if not solved, the case is done over, once.

    score: 1 (worst) to 5. Raises CaseNotFound, NotAllowed, WrongStage, Invalid.
    """
    case = queries.lock_case(case_id)
    policies.check_can_rate(actor, case)
    return _rate(actor, case, is_solved, score, text, now)


def rate_case_by_code(
    *,
    actor: Actor,
    number: str,
    query_code: str,
    party: str,
    is_solved: bool,
    score: int,
    now: datetime,
    text: str = "",
) -> Case:
    """
    Take the judgement of a reporter without account, who knows the number and the query code.

    party: who asks (an address), by which guesses are limited.
    Raises WrongQueryCode, TooMany, WrongStage, Invalid.
    """
    case = find_case_by_code(actor=actor, number=number, query_code=query_code, party=party, now=now)
    if policies.entered_for_another(actor, case):
        policies.check_can_rate(actor, case)
    with transaction.atomic():
        return _rate(VISITOR if actor.id is None else actor, queries.lock_case(case.pk), is_solved, score, text, now)


def find_case_by_code(*, actor: Actor, number: str, query_code: str, party: str, now: datetime) -> Case:
    """
    Return the case that number and query code open together; attempts that fail count against the party.

    Raises WrongQueryCode (which of the two is wrong is not told), TooMany.
    """
    key = f"cases.code:{party}"
    limits.hit(key, limit=catalog().setting("rating_attempts_per_hour"), window_s=3600, now=now)
    case = queries.get_case_by_number(number=number.strip(), query_code=ids.normalize_code(query_code))
    if case is None:
        raise WrongQueryCode(_("案件编号或查询码不正确，请核对后重试"))
    limits.give_back(key)  # a community's office may look up many cases from one address
    return case


def _rate(actor: Actor, case: Case, is_solved: bool, score: int, text: str, now: datetime) -> Case:
    text = text.strip()
    if not 1 <= score <= 5:
        raise Invalid(_("评分应为 1 至 5 分"), {"score": _("评分应为 1 至 5 分")})
    if len(text) > OPINION_LENGTH_MAX:
        raise Invalid(_("评价不能超过 1000 字"), {"text": _("评价不能超过 1000 字")})
    target = check_move(case.status, Deed.RATE)

    def prepare(case: Case, known: Catalog) -> Change:
        case.is_solved, case.score = is_solved, score
        return Change(fact={"solved": is_solved, "score": score}, columns=["is_solved", "score"])

    Rating.objects.create(case=case, is_solved=is_solved, score=score, text=text, at=now)
    with in_house():
        words = text or (_("问题已解决") if is_solved else _("问题未解决"))
    case = carry_out(actor=actor, case=case, deed=Deed.RATE, target=target, opinion=words, now=now, prepare=prepare)
    if not is_solved and queries.may_be_done_over(case):
        again = check_move(case.status, Deed.REOPEN)
        with in_house():
            words = _("诉求人反映问题未解决，退回原承办单位重办")
        case = carry_out(
            actor=actor, case=case, deed=Deed.REOPEN, target=Status(again), opinion=words, now=now, prepare=reopening
        )
    return case
