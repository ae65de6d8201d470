"""The API of deliberation: parse, one call, print."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from haitang.core.access import ANYONE, SIGNED_IN, allow
from haitang.core.clock import local_date
from haitang.core.http import actor_of, said
from haitang.core.schemas import NO_NUL, REFUSALS, Id
from haitang.councils import actions, queries
from haitang.councils.lifecycle import ResolutionStatus
from haitang.councils.schemas import (
    CarriedOutIn,
    CouncilPageOut,
    CouncilResolutionOut,
    CouncilResolutionPageOut,
    CouncilVotingIn,
    CouncilVotingOut,
    DrawOut,
    HeldIn,
    QuestionAnswerIn,
    QuestionIn,
    QuestionOut,
    SessionIn,
    SessionOut,
    SettledIn,
    SummaryIn,
    TopicIn,
    TopicOut,
    TopicPageOut,
    WhyIn,
    area_id_of,
    council_out,
    draw_out,
    question_out,
    resolution_out,
    session_out,
    topic_out,
    voting_out,
)
from haitang.councils.values import Permission

router = Router(tags=["议事"])
Cursor = Query("", max_length=500, pattern=NO_NUL)
TopicId = Annotated[Id, Path()]
QuestionId = Annotated[Id, Path()]
SessionId = Annotated[Id, Path()]
ResolutionId = Annotated[Id, Path()]
CouncilId = Annotated[Id, Path()]
DrawId = Annotated[Id, Path()]


def _topic(request: HttpRequest, topic_id: int) -> dict[str, Any]:
    given = said(request)
    page = queries.get_topic_page(
        viewer=given["actor"], topic_id=topic_id, now=given["now"], today=local_date(given["now"])
    )
    return topic_out(page.view, with_reason=page.mine or page.may_moderate)


def _session(request: HttpRequest, session_id: int) -> dict[str, Any]:
    given = said(request)
    page = queries.get_session_page(viewer=given["actor"], session_id=session_id, today=local_date(given["now"]))
    return session_out(page, with_minutes=True)


def _resolution(request: HttpRequest, row: Any) -> dict[str, Any]:
    given = said(request)
    views = queries.describe_resolutions([row], viewer=given["actor"], today=local_date(given["now"]))
    return resolution_out(views[0])


def _question(request: HttpRequest, question_id: int) -> dict[str, Any]:
    given = said(request)
    return question_out(queries.get_question(viewer=given["actor"], question_id=question_id, now=given["now"]))


@router.get(
    "/councils", operation_id="list_councils", summary="议事组织", response={200: CouncilPageOut, **REFUSALS}
)  # fmt: skip
@allow(ANYONE)
def list_councils(request: HttpRequest, cursor: str = Cursor) -> Any:
    """List the councils there are, the latest entered first."""
    today = local_date(said(request)["now"])
    page = queries.list_councils(today=today, cursor=cursor)
    items = [council_out(view) for view in queries.describe_councils(page.rows, today)]
    return {"items": items, "next_cursor": page.next or None}


@router.get(
    "/council-topics", operation_id="list_public_topics", summary="居民提议", response={200: TopicPageOut, **REFUSALS}
)  # fmt: skip
@allow(ANYONE)
def list_public_topics(request: HttpRequest, cursor: str = Cursor) -> Any:
    """List the topics that anybody may read, the latest first."""
    page = queries.list_public_topics(cursor=cursor)
    views = queries.describe_topics(page.rows, said(request)["now"])
    return {"items": [topic_out(view, with_reason=False) for view in views], "next_cursor": page.next or None}


@router.post(
    "/council-topics", operation_id="raise_topic", summary="提出提议", response={201: TopicOut, **REFUSALS}
)  # fmt: skip
@allow(SIGNED_IN)
def raise_topic(request: HttpRequest, given: TopicIn) -> Any:
    """Raise a matter for the councils of an area."""
    row = actions.raise_topic(new=given.new(), **said(request))
    return Status(201, _topic(request, row.pk))


@router.get(
    "/council-topics/{topic_id}", operation_id="get_topic", summary="一条提议", response={200: TopicOut, **REFUSALS}
)  # fmt: skip
@allow(ANYONE)
def get_topic(request: HttpRequest, topic_id: TopicId) -> Any:
    """Show a topic that is public, one's own, or within one's work."""
    return _topic(request, topic_id)


@router.post(
    "/council-topics/{topic_id}/accept", operation_id="accept_topic", summary="采纳提议",
    response={200: TopicOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.MODERATE)
def accept_topic(request: HttpRequest, topic_id: TopicId) -> Any:
    """Take a topic up: everybody may read it, and it waits for an agenda."""
    actions.accept_topics(topic_ids=[topic_id], **said(request))
    return _topic(request, topic_id)


@router.post(
    "/council-topics/{topic_id}/deny", operation_id="deny_topic", summary="不采纳提议",
    response={200: TopicOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.MODERATE)
def deny_topic(request: HttpRequest, topic_id: TopicId, given: WhyIn) -> Any:
    """Not take a topic up; its author reads why."""
    actions.deny_topic(topic_id=topic_id, reason=given.reason, **said(request))
    return _topic(request, topic_id)


@router.post(
    "/councils/{council_id}/meetings", operation_id="call_council", summary="召集议事",
    response={201: SessionOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.CONVENE)
def call_council(request: HttpRequest, council_id: CouncilId, given: SessionIn) -> Any:
    """Call a council to a meeting."""
    row = actions.call_sessions(news=[given.new(council_id)], **said(request))[0]
    return Status(201, _session(request, row.pk))


@router.get(
    "/council-meetings/{session_id}", operation_id="get_council_meeting", summary="一次议事",
    response={200: SessionOut, **REFUSALS},
)  # fmt: skip
@allow(ANYONE)
def get_council_meeting(request: HttpRequest, session_id: SessionId) -> Any:
    """Show a meeting: its agenda, and once published its summary and what it resolved; to nobody the minutes."""
    given = said(request)
    page = queries.get_public_session(
        session_id=session_id, viewer=given["actor"], today=local_date(given["now"])
    )  # fmt: skip
    return session_out(page, with_minutes=False)


@router.post(
    "/council-meetings/{session_id}/hold", operation_id="hold_council_meeting", summary="登记议事纪要",
    response={200: SessionOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.CONVENE)
def hold_council_meeting(request: HttpRequest, session_id: SessionId, given: HeldIn) -> Any:
    """Take down the minutes of a meeting, who was there, and what was resolved."""
    actions.hold_sessions(held=[given.held(session_id)], **said(request))
    return _session(request, session_id)


@router.post(
    "/council-meetings/{session_id}/publish", operation_id="publish_council_summary", summary="公开议事摘要",
    response={200: SessionOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.CONVENE)
def publish_council_summary(request: HttpRequest, session_id: SessionId, given: SummaryIn) -> Any:
    """Publish what was talked about."""
    actions.publish_session_summary(session_id=session_id, summary=given.summary, **said(request))
    return _session(request, session_id)


@router.get(
    "/council-resolutions", operation_id="list_council_resolutions", summary="议定事项",
    response={200: CouncilResolutionPageOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.VIEW)
def list_council_resolutions(
    request: HttpRequest, cursor: str = Cursor,
    status: str = Query("", pattern=f"^({'|'.join((*ResolutionStatus.values, queries.LATE))}|)$"),
) -> Any:  # fmt: skip
    """List resolutions, those of the latest meetings first; status "late" for those overdue."""
    given = said(request)
    today = local_date(given["now"])
    wanted = queries.ResolutionFilter(today, status)
    page = queries.list_resolutions(viewer=given["actor"], wanted=wanted, cursor=cursor)
    views = queries.describe_resolutions(page.rows, viewer=given["actor"], today=today)
    return {"items": [resolution_out(view) for view in views], "next_cursor": page.next or None}


@router.post(
    "/council-resolutions/{resolution_id}/settle", operation_id="settle_council_resolution", summary="登记办理结果",
    response={200: CouncilResolutionOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.VIEW)
def settle_council_resolution(request: HttpRequest, resolution_id: ResolutionId, given: SettledIn) -> Any:
    """Say of a resolution that it is done, or why it is dropped."""
    row = actions.settle_resolution(
        resolution_id=resolution_id, words=given.words, dropped=given.dropped, **said(request)
    )
    return _resolution(request, row)


@router.post(
    "/council-resolutions/{resolution_id}/case", operation_id="make_resolution_case", summary="转为案件",
    response={200: CouncilResolutionOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.CONVENE)
def make_resolution_case(request: HttpRequest, resolution_id: ResolutionId, given: CarriedOutIn) -> Any:
    """Hand a resolution over to case handling; it is done when the case is closed."""
    return _resolution(
        request, actions.make_resolution_case(resolution_id=resolution_id, words=given.words, **said(request))
    )


@router.post(
    "/council-resolutions/{resolution_id}/project", operation_id="make_resolution_project", summary="转为项目",
    response={200: CouncilResolutionOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.CONVENE)
def make_resolution_project(request: HttpRequest, resolution_id: ResolutionId, given: CarriedOutIn) -> Any:
    """Carry a resolution out as a project; it is done when that is accepted."""
    return _resolution(
        request, actions.make_resolution_project(resolution_id=resolution_id, title=given.words, **said(request))
    )


@router.get(
    "/council-resolutions/{resolution_id}/votings", operation_id="list_resolution_votings", summary="可提交的表决",
    response={200: list[CouncilVotingOut], **REFUSALS},
)  # fmt: skip
@allow(Permission.CONVENE)
def list_resolution_votings(request: HttpRequest, resolution_id: ResolutionId) -> Any:
    """List the votes that a resolution can be brought to by who asks, and what each asks for."""
    viewer = actor_of(request)
    council = queries.get_resolution(viewer=viewer, resolution_id=resolution_id).session.council
    offers = queries.list_votings(viewer=viewer, area_path=council.area_path)
    return [voting_out(each) for each in offers]


@router.post(
    "/council-resolutions/{resolution_id}/vote", operation_id="bring_resolution_to_vote", summary="提交表决",
    response={200: CouncilResolutionOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.CONVENE)
def bring_resolution_to_vote(request: HttpRequest, resolution_id: ResolutionId, given: CouncilVotingIn) -> Any:
    """Prepare a vote of residents or owners on a resolution; it is done when the vote is counted."""
    row = actions.bring_resolution_to_vote(resolution_id=resolution_id, **given.dict(), **said(request))
    return _resolution(request, row)


@router.post(
    "/council-questions", operation_id="ask_grid_secretary", summary="问网格书记",
    response={201: QuestionOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def ask_grid_secretary(request: HttpRequest, given: QuestionIn) -> Any:
    """Ask the grid secretary of an area, or say something."""
    row = actions.ask_question(
        area_id=area_id_of(given.area), words=given.words, may_publish=given.may_publish, **said(request)
    )
    return Status(201, _question(request, row.pk))


@router.get(
    "/council-questions/{question_id}", operation_id="get_question", summary="一个提问",
    response={200: QuestionOut, **REFUSALS},
)  # fmt: skip
@allow(ANYONE)
def get_question(request: HttpRequest, question_id: QuestionId) -> Any:
    """Show a question that is public, one's own, or within one's work; when it is due, and whether it is late."""
    return _question(request, question_id)


@router.post(
    "/council-questions/{question_id}/answer", operation_id="answer_question", summary="答复提问",
    response={200: QuestionOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.ANSWER)
def answer_question(request: HttpRequest, question_id: QuestionId, given: QuestionAnswerIn) -> Any:
    """Answer a question."""
    actions.answer_question(
        question_id=question_id, answer=given.answer, publish=given.publish, **said(request)
    )  # fmt: skip
    return _question(request, question_id)


@router.get(
    "/council-draws/{draw_id}", operation_id="get_draw", summary="一次随机抽选", response={200: DrawOut, **REFUSALS}
)  # fmt: skip
@allow(ANYONE)
def get_draw(request: HttpRequest, draw_id: DrawId) -> Any:
    """Show a draw: the digest of its seed, then the seed, and who was drawn by number."""
    return draw_out(queries.get_draw_page(viewer=actor_of(request), draw_id=draw_id))
