"""What happens in the office because of cases. Every job may run twice and does its work once."""

from django.urls import reverse
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from haitang.cases import queries as case_queries
from haitang.cases.facts import FACT_OF
from haitang.cases.lifecycle import Status
from haitang.core import clock
from haitang.core.access import system
from haitang.core.errors import NotFound
from haitang.core.history import reacts_to
from haitang.office import actions, queries
from haitang.office.facts import DeskHandedOver, UploadBrought, UploadConfirmed
from haitang.organizations.queries import organizations
from haitang.people.actions import send_notices
from haitang.people.facts import PersonDismissed
from haitang.people.queries import find_account_of, get_actor, list_accounts_holding
from haitang.people.values import Permission

TELLER = system("关注提醒")
WAITED_FOR = 10
"""Before all else in the queue: somebody sits and waits for it."""
STEP = gettext_noop("您关注的案件 {number} 有新进展，现为“{status}”")
HANDED = gettext_noop("{name} 向您移交了 {count} 件在办事项，请接着办理")
LEAVING = gettext_noop("{name} 离任，手中还有 {count} 件在办事项，请办理工作交接")


@reacts_to(*FACT_OF.values())
@app.task(queue="notices", name="office.tell_watchers")
def tell_watchers(*, case_id: int, entry_id: int, to_status: str, **_: object) -> None:
    """Tell those who watch the case of a step, as far as they may still know of it."""
    told = []
    number = ""
    for account_id in queries.list_watchers(case_id):
        try:
            number = case_queries.get_case(viewer=get_actor(account_id), case_id=case_id).number
        except NotFound:
            continue
        told.append(account_id)
    if told:
        send_notices(
            actor=TELLER, account_ids=told, key=f"watch:{entry_id}", text=STEP,
            parts={"number": number, "status": str(Status(to_status).label)},
            url=reverse("cases:case", args=[case_id]), subject_type="case", subject_id=case_id, now=clock.now(),
        )  # fmt: skip


@reacts_to(PersonDismissed)
@app.task(queue="notices", name="office.ask_for_handover")
def ask_for_handover(*, person_id: int, post_id: int, entry_id: int, **_: object) -> None:
    """Ask whoever arranges such things in the office to hand over what somebody who leaves a post has in hand."""
    account = find_account_of(person_id)
    left = queries.count_in_hand(account.pk) if account is not None else 0
    post = organizations().post(post_id)
    if account is None or not left or post is None:
        return
    desk = post.organization_id
    send_notices(
        actor=TELLER, account_ids=list_accounts_holding(Permission.DELEGATION_MANAGE, organization_id=desk),
        key=f"entry:{entry_id}", text=LEAVING, parts={"name": account.name, "count": left},
        url=f"{reverse('office:handover')}?account={account.username}", now=clock.now(),
    )  # fmt: skip


@reacts_to(DeskHandedOver)
@app.task(queue="notices", name="office.tell_heir")
def tell_heir(*, account_id: int, to_account_id: int, cases: int, entry_id: int, **_: object) -> None:
    """Tell whoever takes over what was handed to them."""
    if cases:
        send_notices(
            actor=TELLER, account_ids=[to_account_id], key=f"entry:{entry_id}", text=HANDED,
            parts={"name": get_actor(account_id).name or "", "count": cases}, url=reverse("office:handover"),
            now=clock.now(),
        )  # fmt: skip


@reacts_to(UploadBrought, UploadConfirmed)
@app.task(queue="default", name="office.work_upload", priority=WAITED_FOR)
def work_upload(*, upload_id: int, **_: object) -> None:
    """Check a file of cases, or take it in, for whoever brought it."""
    owner = queries.owner_of(upload_id)
    if owner is not None:
        actions.work_upload(actor=get_actor(owner), upload_id=upload_id, now=clock.now())


@app.periodic(cron="35 3 * * *")
@app.task(queue="clock", name="office.forget_uploads", queueing_lock="office.forget_uploads", pass_context=False)
def forget_uploads(timestamp: int) -> None:
    """Every night: forget files of cases and their results that are some days old."""
    actions.forget_uploads(actor=TELLER, now=clock.now())
