"""The work of the official account: pictures as they come, and progress every half minute. Every job may run twice."""

from procrastinate.contrib.django import app

from haitang.cases.values import Permission as CasePermission
from haitang.core import clock
from haitang.core.access import EVERYWHERE, Grant, system
from haitang.core.history import reacts_to
from haitang.wechat import actions
from haitang.wechat.facts import WechatPictureSent

HELD = (CasePermission.VIEW, CasePermission.REPORT)
WECHAT = system("微信公众号", *(Grant(permission, area_path=EVERYWHERE) for permission in HELD))


@reacts_to(WechatPictureSent)
@app.task(queue="default", name="wechat.fetch_picture")
def fetch_picture(*, picture_id: int, **_: object) -> None:
    """Fetch a picture from the platform."""
    actions.fetch_picture(actor=WECHAT, picture_id=picture_id, now=clock.now())


@app.periodic(cron="* * * * * */30")
@app.task(
    queue="default", name="wechat.tell", lock="wechat.tell", queueing_lock="wechat.tell", pass_context=False
)  # fmt: skip
def tell(timestamp: int) -> None:
    """Every half minute: write to those whose cases have gone on. Without any, one short query."""
    actions.tell_wechat_progress(actor=WECHAT, now=clock.now())
