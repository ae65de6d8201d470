"""Those served judge a project: by a code, once, without an account, and without anybody knowing who said what."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from haitang.core import history, ids, limits
from haitang.core.access import VISITOR, Actor
from haitang.core.clock import local_date
from haitang.projects import policies, queries
from haitang.projects.actions.shared import audience_of, clean
from haitang.projects.facts import CodesIssued, ProjectEvaluated
from haitang.projects.lifecycle import Status
from haitang.projects.models import Evaluation, EvaluationCode, Project
from haitang.projects.values import (
    CODE_LENGTH,
    CODES_MAX,
    WORDS_LENGTH_MAX,
    PlanInvalid,
    WrongCode,
    WrongProjectState,
)


@transaction.atomic
def issue_codes(*, actor: Actor, project_id: int, count: int, now: datetime) -> list[str]:
    """
    Make so many codes, one for each of those served, and return them.

    Raises ProjectNotFound, NotAllowed, WrongProjectState (nothing delivered yet, or archived), PlanInvalid.
    """
    project = queries.lock_project(project_id)
    policies.check_can_publish(actor, project)
    if project.status not in (Status.DELIVERED, Status.ACCEPTED):
        raise WrongProjectState(_("申请验收之后、归档之前才能发放评价码"))
    if not 1 <= count <= CODES_MAX:
        fault = _("每次可发放 1 至 %(n)d 个") % {"n": CODES_MAX}
        raise PlanInvalid(fault, {"count": fault})
    codes = ids.query_codes(count, CODE_LENGTH)
    EvaluationCode.objects.bulk_create(EvaluationCode(project=project, code=code) for code in codes)
    history.record(actor=actor, fact=CodesIssued(project.pk, count), at=now, audience=audience_of(project))
    return codes


def find_project_by_code(*, actor: Actor, code: str, party: str, now: datetime) -> Project:
    """
    Return the project that an unused code lets judge; attempts that fail count against the party.

    party: who asks (an address), by which guesses are limited.
    Raises WrongCode (unknown, used, or the project is archived: which is not told), TooMany.
    """
    key = f"projects.code:{party}"
    limits.hit(key, limit=queries.rules()["evaluation_attempts_per_hour"], window_s=3600, now=now)
    project = queries.find_project_of_code(ids.normalize_code(code))
    if project is None:
        raise WrongCode(_("评价码不正确或已经用过，请核对后重试"))
    limits.give_back(key)  # a community's hall may help many from one address
    return project


def evaluate_project(*, actor: Actor, code: str, party: str, score: int, now: datetime, words: str = "") -> Project:
    """
    Take the judgement of somebody served, once for each code. The history names no one, whoever is signed in.

    score: 1 (worst) to 5. Raises WrongCode, TooMany, PlanInvalid.
    """
    words = clean(words, "words", WORDS_LENGTH_MAX)
    if not 1 <= score <= 5:
        raise PlanInvalid(_("评分应为 1 至 5 分"), {"score": _("评分应为 1 至 5 分")})
    found = find_project_by_code(actor=actor, code=code, party=party, now=now)
    with transaction.atomic():
        project = queries.lock_project(found.pk)
        used = EvaluationCode.objects.filter(
            project=project, code=ids.normalize_code(code), used_on__isnull=True
        ).update(used_on=local_date(now))
        if not used or project.status not in (Status.DELIVERED, Status.ACCEPTED):
            raise WrongCode(_("评价码不正确或已经用过，请核对后重试"))
        Evaluation.objects.create(project=project, score=score, words=words, on=local_date(now))
        Project.objects.filter(pk=project.pk).update(evaluations=F("evaluations") + 1, score_sum=F("score_sum") + score)
        fact = ProjectEvaluated(project.pk, score)
        history.record(actor=VISITOR, fact=fact, at=now, audience=audience_of(project))
    project.refresh_from_db(fields=["evaluations", "score_sum"])
    return project
