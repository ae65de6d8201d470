"""Selections of exemplary projects: projects put forward, marked by reviewers, published with the arithmetic."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.constraints import refusing
from haitang.core.scoping import path_of
from haitang.people.queries import list_accounts_holding
from haitang.people.queries.rows import get_account
from haitang.projects import policies, queries
from haitang.projects.actions.shared import clean, refuse
from haitang.projects.facts import ProjectNominated, ProjectScored, ScoringBegun, SelectionOpened, SelectionPublished
from haitang.projects.lifecycle import FINISHED, Stage, check_stage
from haitang.projects.models import Nomination, Reviewer, Score, Selection
from haitang.projects.values import (
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    AlreadyNominated,
    Criterion,
    Permission,
    PlanInvalid,
    TooFewScores,
    WrongProjectState,
    rank,
    read_criteria,
    weigh,
)
from haitang.territory.queries import territory

_PLACES_MAX = 1000
_THOUSAND = 1000


def _audience(selection: Selection) -> history.Audience:
    return history.Audience(path_of(selection.area_ids), (), Permission.VIEW)


@transaction.atomic
def open_selection(
    *,
    actor: Actor,
    title: str,
    area_id: int,
    places: int,
    until_on: date,
    now: datetime,
    criteria: Sequence[str] | None = None,
) -> Selection:
    """
    Begin a selection: from now projects of the area are put forward, until that day.

    criteria: "key | title | weight | words" each; None for those of the settings.
    Raises NotAllowed (no SELECT there), PlanInvalid.
    """
    area = territory().get(area_id)
    if area is None or not area.open:
        raise PlanInvalid(_("没有这个区域"), {"area": _("没有这个区域")})
    policies.check_can_select(actor, area.path)
    faults = {}
    if not 1 <= places <= _PLACES_MAX:
        faults["places"] = _("名额应为 1 至 %(n)d") % {"n": _PLACES_MAX}
    if until_on < local_date(now):
        faults["until_on"] = _("推荐截止日期不能早于今天")
    refuse(faults)
    read = read_criteria(queries.rules()["criteria"] if criteria is None else criteria)
    selection = Selection.objects.create(
        title=clean(title, "title", TITLE_LENGTH_MAX, _("请填写评选名称")), area_id=area.id, area_ids=list(area.ids),
        places=places, until_on=until_on, opened_at=now,
        criteria=[
            {"key": each.key, "title": each.title, "weight": each.weight, "words": each.words} for each in read
        ],
    )  # fmt: skip
    fact = SelectionOpened(selection.pk, selection.title, places)
    history.record(actor=actor, fact=fact, at=now, audience=_audience(selection))
    return selection


@transaction.atomic
def nominate_project(*, actor: Actor, selection_id: int, project_id: int, words: str, now: datetime) -> Nomination:
    """
    Put an accepted project of the selection's area forward.

    Raises SelectionNotFound, ProjectNotFound, NotAllowed (no LEAD over the project), WrongStage (not open any more),
    WrongProjectState (not accepted yet), AlreadyNominated, PlanInvalid.
    """
    selection = queries.lock_selection(selection_id, viewer=actor)
    check_stage(selection.stage, Stage.NOMINATING)
    project = queries.lock_project(project_id)
    policies.check_can_lead(actor, project)
    if local_date(now) > selection.until_on:
        raise PlanInvalid(_("推荐已于 %(day)s 截止") % {"day": selection.until_on.isoformat()})
    if project.status not in FINISHED:
        raise WrongProjectState(_("通过验收的项目才能参加评选"))
    if project.area_ids[: len(selection.area_ids)] != selection.area_ids:
        raise PlanInvalid(_("项目不在这次评选的范围内"), {"project": _("项目不在这次评选的范围内")})
    words = clean(words, "words", WORDS_LENGTH_MAX, _("请填写推荐理由"))
    with refusing({"projects_nomination_once": AlreadyNominated(_("这个项目已经推荐过"))}):
        row = Nomination.objects.create(selection=selection, project=project, words=words)
    fact = ProjectNominated(selection.pk, project.pk)
    history.record(actor=actor, fact=fact, at=now, audience=_audience(selection))
    return row


@transaction.atomic
def begin_scoring(*, actor: Actor, selection_id: int, account_ids: Sequence[int], now: datetime) -> Selection:
    """
    Close nominations and name the reviewers, who mark every project that their own organization has no part in.

    account_ids: of accounts that hold REVIEW there; at least as many as the setting reviewers_min says.
    Raises SelectionNotFound, NotAllowed, WrongStage, PlanInvalid (too few, somebody who may not, nothing to mark).
    """
    selection = queries.lock_selection(selection_id, viewer=actor)
    path = path_of(selection.area_ids)
    policies.check_can_select(actor, path)
    check_stage(selection.stage, Stage.NOMINATING)
    named, least = sorted(set(account_ids)), queries.rules()["reviewers_min"]
    faults = {}
    if len(named) < least:
        faults["reviewers"] = _("至少需要 %(n)d 名评委") % {"n": least}
    elif not set(named) <= set(list_accounts_holding(Permission.REVIEW, area_path=path, now=now)):
        faults["reviewers"] = _("评委应具有“担任评委”的权限")
    if not Nomination.objects.filter(selection=selection).exists():
        faults["selection"] = _("还没有推荐项目")
    refuse(faults)
    Reviewer.objects.bulk_create(
        Reviewer(selection=selection, account_id=each, name=get_account(each).name) for each in named
    )
    selection.stage = Stage.SCORING
    selection.save(update_fields=["stage"])
    fact = ScoringBegun(selection.pk, len(named))
    history.record(actor=actor, fact=fact, at=now, audience=_audience(selection))
    return selection


@transaction.atomic
def score_project(
    *, actor: Actor, selection_id: int, nomination_id: int, marks: Mapping[str, int], now: datetime, words: str = ""
) -> Score:
    """
    Mark a project, 0 to 100 for each criterion; marked again by the same reviewer, the marks are written anew.

    Raises SelectionNotFound, NotAllowed (no reviewer of it, or of a unit that takes part), WrongStage, PlanInvalid.
    """
    selection = queries.lock_selection(selection_id, viewer=actor)
    nomination = queries.get_nomination(selection.pk, nomination_id)
    reviewer = Reviewer.objects.filter(selection=selection, account_id=actor.id or 0).first()
    policies.check_can_score(actor, nomination.project, reviewer is not None)
    check_stage(selection.stage, Stage.SCORING)
    keys = [each["key"] for each in selection.criteria]
    given = {key: marks.get(key) for key in keys}
    refuse({
        f"mark_{key}": _("每项评分应为 0 至 100 的整数")
        for key, mark in given.items() if type(mark) is not int or not 0 <= mark <= 100
    })  # fmt: skip
    row, _made = Score.objects.update_or_create(
        nomination=nomination, reviewer=reviewer,
        defaults={"marks": given, "words": clean(words, "words", WORDS_LENGTH_MAX)},
    )  # fmt: skip
    fact = ProjectScored(selection.pk, nomination.project_id)
    history.record(actor=actor, fact=fact, at=now, audience=_audience(selection))
    return row


@transaction.atomic
def publish_selection(*, actor: Actor, selection_id: int, now: datetime) -> Selection:
    """
    Work out the result from the marks, exactly, and publish it with the arithmetic; nothing is marked after.

    Raises SelectionNotFound, NotAllowed, WrongStage, TooFewScores.
    """
    selection = queries.lock_selection(selection_id, viewer=actor)
    policies.check_can_select(actor, path_of(selection.area_ids))
    check_stage(selection.stage, Stage.SCORING)
    rows = list(Nomination.objects.filter(selection=selection).prefetch_related("scores").order_by("id"))
    least = queries.rules()["reviewers_min"]
    few = [row for row in rows if len(row.scores.all()) < least]
    if few:
        raise TooFewScores(_("还有 %(n)d 个项目的打分评委不足 %(least)d 名") % {"n": len(few), "least": least})
    criteria = [Criterion(**each) for each in selection.criteria]
    results = rank([weigh([score.marks for score in row.scores.all()], criteria) for row in rows], selection.places)
    for row, result in zip(rows, results, strict=True):
        row.total = round(result.total * _THOUSAND)
        row.place, row.is_selected = result.place, result.is_selected
    Nomination.objects.bulk_update(rows, ["total", "place", "is_selected"])
    selection.stage, selection.published_at = Stage.PUBLISHED, now
    selection.save(update_fields=["stage", "published_at"])
    fact = SelectionPublished(selection.pk, sum(result.is_selected for result in results))
    history.record(actor=actor, fact=fact, at=now, audience=_audience(selection))
    return selection
