"""The API of surveys: parse, one call, print."""

from typing import Annotated, Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from ninja import Path, Router, Status

from haitang.core import clock
from haitang.core.access import ANYONE, Actor, allow
from haitang.core.schemas import REFUSALS, Id
from haitang.surveys import actions, queries
from haitang.surveys.schemas import (
    AnswersIn,
    ReceivedOut,
    ResultOut,
    ReviewOut,
    SurveyOut,
    result_out,
    review_out,
    survey_out,
)
from haitang.surveys.values import Permission

router = Router(tags=["问卷调查"])
SurveyId = Annotated[Id, Path()]


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]  # see core.http.Request


@router.get("/surveys", operation_id="list_surveys", summary="问卷调查", response={200: list[SurveyOut], **REFUSALS})
@allow(ANYONE)
def list_surveys(request: HttpRequest) -> Any:
    """List the surveys that are open or published, the latest opened first; at most 100."""
    return [survey_out(view) for view in queries.describe_surveys(queries.list_public_surveys())]


@router.post(
    "/surveys/answers", operation_id="answer_survey", summary="凭码答卷", response={201: ReceivedOut, **REFUSALS}
)
@allow(ANYONE)
def answer_survey(request: HttpRequest, given: AnswersIn) -> Any:
    """Take the answers of a household, once for each code; nothing joins them to it afterwards."""
    party = str(get_adapter().get_client_ip(request))
    row = actions.answer_by_code(
        actor=_actor(request), code=given.code, party=party, given=given.answers, now=clock.now()
    )
    return Status(201, {"survey_id": row.pk})


@router.get(
    "/surveys/{survey_id}", operation_id="get_survey_result", summary="调查结果", response={200: ResultOut, **REFUSALS}
)
@allow(Permission.VIEW)
def get_survey_result(request: HttpRequest, survey_id: SurveyId) -> Any:
    """Show the figures of a closed survey, small cells hidden. 409 while it is open."""
    result = actions.take_out_result(actor=_actor(request), survey_id=survey_id, now=clock.now())
    return result_out(queries.describe_surveys([result.survey])[0], result)


@router.get(
    "/survey-reviews",
    operation_id="list_survey_reviews",
    summary="满意度复核",
    response={200: list[ReviewOut], **REFUSALS},
)
@allow(Permission.REVIEW)
def list_survey_reviews(request: HttpRequest) -> Any:
    """List the reviews within reach, the nearest deadline first; at most 500."""
    rows = queries.list_reviews(viewer=_actor(request))
    return [review_out(view) for view in queries.describe_reviews(rows, clock.local_date(clock.now()))]
