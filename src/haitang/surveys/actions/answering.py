"""Answers: one for each code, kept without the code, without who, without when."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history, ids, limits
from haitang.core.access import Actor
from haitang.core.constraints import refusing
from haitang.surveys import policies, queries
from haitang.surveys.actions.shared import audience_of
from haitang.surveys.facts import AnswersBrought, SurveyCodesIssued
from haitang.surveys.lifecycle import Status, check_is
from haitang.surveys.models import Answer, Code, Survey, SurveyArea
from haitang.surveys.values import (
    CODE_LENGTH,
    CODES_MAX,
    AnsweredAlready,
    BadSurvey,
    Channel,
    Entry,
    WrongCode,
    WrongSurveyState,
    allot,
    draw,
    read_answers,
)
from haitang.territory.queries import territory


@transaction.atomic
def issue_survey_codes(*, actor: Actor, survey_id: int, now: datetime) -> list[tuple[str, int | str, str]]:
    """
    Draw those who are asked, make a code for each, and return (area's name, number, code): this once.

    The number is the household's in the community's own address list, or what the frame calls the line by; which code
    it got is kept by those who hand the codes out alone. Where fewer could be drawn than small cells hold, nobody is,
    and elsewhere no fewer are: an answer is kept with its area, which would say whose it is.
    Raises SurveyNotFound, NotAllowed, WrongSurveyState (not open, without codes, or made already), BadSurvey.
    """
    survey = queries.lock_survey(survey_id)
    policies.check_can_manage(actor, survey.area_path)
    check_is(survey.status, Status.OPEN)
    lines = queries.areas_of(survey)
    if survey.entry != Entry.CODE or any(line.invited for line in lines):
        raise WrongSurveyState(_("问卷码只生成一次；这项调查已经生成过，或者不用问卷码"))
    members = queries.members_of(survey)
    sizes = {line.area.id: line.households if members is None else len(members[line.area.id]) for line in lines}
    least = survey.rules["minimum_cell"]
    able = {area_id: size if size >= least else 0 for area_id, size in sizes.items()}
    if not any(able.values()):
        raise BadSurvey(_("没有社区的可抽取数达到 %(n)d，抽了会认出是谁") % {"n": least})
    wanted = allot(survey.sample or sum(able.values()), able, least)
    if sum(wanted.values()) > CODES_MAX:
        raise BadSurvey(_("一次最多生成 %(n)d 个问卷码，请减少抽样数") % {"n": CODES_MAX})
    codes = iter(ids.query_codes(sum(wanted.values()), CODE_LENGTH))
    made = []
    for line in lines:
        size = sizes[line.area.id]
        for number in sorted(draw(survey.seed, line.area.code, size, wanted[line.area.id])):
            name = number if members is None else members[line.area.id][number - 1]
            made.append((line.area.id, line.area.name, name, next(codes)))
    Code.objects.bulk_create(
        (Code(survey=survey, area_id=area, digest=queries.digest_of(code)) for area, _name, _number, code in made), 2000
    )
    for area_id, count in wanted.items():
        SurveyArea.objects.filter(survey=survey, area_id=area_id).update(households=sizes[area_id], invited=count)
    history.record(actor=actor, fact=SurveyCodesIssued(survey.pk, len(made)), at=now, audience=audience_of(survey))
    return [(name, number, code) for _area, name, number, code in made]


def find_survey_by_code(*, actor: Actor, code: str, party: str, now: datetime) -> Survey:
    """
    Return the open survey for which an unused code was made; attempts that fail count against the party.

    party: who asks (an address). Raises WrongCode (unknown, used or over: which is not told), TooMany.
    """
    key = f"surveys.code:{party}"
    limits.hit(key, limit=queries.rules()["attempts_per_hour"], window_s=3600, now=now)
    found = queries.find_open_code(code)
    if found is None:
        raise WrongCode(_("问卷码不正确、已经用过，或者调查已经结束，请核对"), {"code": _("请核对问卷码")})
    limits.give_back(key)  # a community's hall may help many from one address
    return found.survey


def answer_by_code(
    *, actor: Actor, code: str, party: str, given: Mapping[str, Any], now: datetime, channel: str = Channel.WEB
) -> Survey:
    """
    Take the answers of a household, once for each code. The history says nothing of it: an hour would tell too much.

    channel: anything but WEB is written down by staff, and takes ENTER over the household's area.
    Raises WrongCode, TooMany, BadAnswers, NotAllowed.
    """
    survey = find_survey_by_code(actor=actor, code=code, party=party, now=now)
    kept = read_answers(survey.asked, given)
    with transaction.atomic():
        _hold(survey)
        row = Code.objects.select_for_update(of=("self",)).filter(
            survey=survey, digest=queries.digest_of(code), is_used=False
        ).first()  # fmt: skip
        if row is None:
            raise WrongCode(_("这个问卷码刚刚交过答卷了，每户一份；您填的这一份没有收下"), {"code": _("已经用过")})
        if channel != Channel.WEB:
            policies.check_can_enter(actor, territory().area(row.area_id).path)
        row.is_used = True
        row.save(update_fields=["is_used"])
        Answer.objects.create(survey=survey, area_id=row.area_id, channel=Channel(channel), answers=kept)
    return survey


def answer_openly(*, actor: Actor, survey_id: int, party: str, given: Mapping[str, Any], now: datetime) -> Survey:
    """
    Take the answers of somebody who came by the link, or of an account where the survey asks for names.

    By the link nobody can say who has come twice: the page of the result says so. party: an address, by which they
    are limited. Raises SurveyNotFound, WrongSurveyState, NotSignedIn, AnsweredAlready, BadAnswers, TooMany.
    """
    survey = queries.get_public_survey(survey_id=survey_id)
    check_is(survey.status, Status.OPEN)
    if survey.entry == Entry.CODE:
        raise WrongSurveyState(_("这项调查凭问卷码填写"))
    account_id = policies.check_known(actor) if survey.entry == Entry.NAMED else None
    kept = read_answers(survey.asked, given)
    if account_id is None:
        limit = queries.rules()["attempts_per_hour"]
        limits.hit(f"surveys.link:{survey.pk}:{party}", limit=limit, window_s=3600, now=now)
    with transaction.atomic(), refusing({"surveys_answer_once": AnsweredAlready(_("您已经填过这份问卷，谢谢"))}):
        _hold(survey)
        Answer.objects.create(survey=survey, channel=Channel.WEB, answers=kept, account_id=account_id)
    return survey


def _hold(survey: Survey) -> None:
    """Keep the survey open until the answer is in; raise WrongSurveyState where it has closed meanwhile."""
    if not queries.hold_open_survey(survey.pk):
        raise WrongSurveyState(_("调查刚刚结束，没有收下这份答卷"))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One answer taken down on paper. area_code: of the community."""

    area_code: str
    given: Mapping[str, Any]


@transaction.atomic
def bring_answers(*, actor: Actor, survey_id: int, sheets: Iterable[Sheet], now: datetime) -> int:
    """
    Take many answers given on paper at once, each using up one code of its area, whichever; return how many.

    Raises SurveyNotFound, NotAllowed (no ENTER over an area), WrongSurveyState, BadAnswers, BadSurvey (an area has
    fewer unused codes than sheets).
    """
    survey = queries.lock_survey(survey_id)
    check_is(survey.status, Status.OPEN)
    by_code, rows, used = territory().by_code, [], Counter[int]()
    for sheet in sheets:
        area = by_code(sheet.area_code)
        if area is None:
            raise BadSurvey(_("没有这个区域"), {"area": _("没有这个区域")})
        if area.id not in used:
            access_path = area.path
            policies.check_can_enter(actor, access_path)
        used[area.id] += 1
        kept = read_answers(survey.asked, sheet.given)
        rows.append(Answer(survey=survey, area_id=area.id, channel=Channel.PAPER, answers=kept))
    free: dict[int, list[int]] = {}
    codes = Code.objects.filter(survey=survey, is_used=False, area__in=used).order_by("id")
    for area_id, code_id in codes.values_list("area_id", "id"):
        free.setdefault(area_id, []).append(code_id)
    if any(len(free.get(area_id, ())) < n for area_id, n in used.items()):
        raise BadSurvey(_("有社区的答卷多于未用的问卷码"))
    taken = [code_id for area_id, n in used.items() for code_id in free[area_id][:n]]
    Code.objects.filter(pk__in=taken).update(is_used=True)
    Answer.objects.bulk_create(rows, 2000)
    history.record(actor=actor, fact=AnswersBrought(survey.pk, len(rows)), at=now, audience=audience_of(survey))
    return len(rows)
