"""What happens because of surveys, and the clock's own work. Every job may run twice and does its work once."""

from django.urls import reverse
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from haitang.core import clock
from haitang.core.access import EVERYWHERE, Grant, system
from haitang.core.history import reacts_to
from haitang.core.scoping import path_of
from haitang.people.actions import send_notices
from haitang.people.queries import list_accounts_holding
from haitang.surveys import actions, queries
from haitang.surveys.facts import ReviewAskedAgain, ReviewOpened, ReviewOverdue, SurveyClosed
from haitang.surveys.values import Permission
from haitang.territory.queries import territory

CLOCK = system("满意度调查", Grant(Permission.MANAGE, area_path=EVERYWHERE))
NEWS = {
    "opened": gettext_noop("居民满意度低于复核线，请查找原因、确定整改措施：{area}"),
    "overdue": gettext_noop("满意度复核已到期，还没有报告完成情况：{area}"),
    "again": gettext_noop("满意度复测已结束，请查看结果：{area}"),
}


def _tell(news: str, review_id: int, entry_id: int) -> None:
    """Tell those who see to reviews of the area: its community and the desks above."""
    review = queries.get_review_for_job(review_id)
    accounts = list_accounts_holding(Permission.REVIEW, area_path=path_of(review.area_ids))
    send_notices(
        actor=CLOCK, account_ids=set(accounts), key=f"entry:{entry_id}:{news}", text=NEWS[news],
        parts={"area": territory().area(review.area_id).name}, url=reverse("surveys:review", args=[review_id]),
        subject_type="survey_review", subject_id=review_id, now=clock.now(),
    )  # fmt: skip


@reacts_to(SurveyClosed)
@app.task(queue="default", name="surveys.look_at_result")
def look_at_result(*, survey_id: int, **_: object) -> None:
    """End the reviews that waited for a repeat, and open those that the result asks for."""
    actions.compare_repeat(actor=CLOCK, survey_id=survey_id, now=clock.now())
    actions.open_reviews(actor=CLOCK, survey_id=survey_id, now=clock.now())


@reacts_to(ReviewOpened)
@app.task(queue="notices", name="surveys.tell_opened")
def tell_opened(*, review_id: int, entry_id: int, **_: object) -> None:
    """Tell who is responsible."""
    _tell("opened", review_id, entry_id)


@reacts_to(ReviewOverdue)
@app.task(queue="notices", name="surveys.tell_overdue")
def tell_overdue(*, review_id: int, entry_id: int, **_: object) -> None:
    """Tell who is responsible that the deadline is over."""
    _tell("overdue", review_id, entry_id)


@reacts_to(ReviewAskedAgain)
@app.task(queue="notices", name="surveys.tell_again")
def tell_again(*, review_id: int, entry_id: int, **_: object) -> None:
    """Tell who was responsible how it came out."""
    _tell("again", review_id, entry_id)


@app.periodic(cron="5 16 * * *")
@app.task(queue="clock", name="surveys.watch_surveys", queueing_lock="surveys.watch_surveys", pass_context=False)
def watch_surveys(timestamp: int) -> None:
    """Once a night (00:05 in Shanghai): close what is over, remind of reviews past their deadline."""
    now = clock.now()
    for survey_id in queries.list_due_surveys(clock.local_date(now)):
        actions.close_due_survey(actor=CLOCK, survey_id=survey_id, now=now)
    while actions.remind_of_reviews(actor=CLOCK, now=now):
        pass
