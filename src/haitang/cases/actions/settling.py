"""即采即办: what a grid worker finds and puts in order on the spot comes in and is closed in one step."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import policies
from haitang.cases.actions.levels import level_of
from haitang.cases.actions.moving import Change, carry_out, clean_opinion
from haitang.cases.actions.public import report_case_with_photos
from haitang.cases.lifecycle import Deed, check_move
from haitang.cases.models import Case
from haitang.cases.queries.catalog import Catalog
from haitang.cases.values import Channel, KeptPhoto, Kind
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.errors import Invalid, NotAllowed
from haitang.organizations.queries import organizations


@transaction.atomic
def report_handled_case(
    *, actor: Actor, now: datetime, opinion: str, photos: Sequence[KeptPhoto], **report: Any
) -> Case:
    """
    Take in a matter that the actor has already put in order, and close it: all of it or nothing.

    opinion: what was done. photos: how it looks now, one to nine, as `keep_photo` returned them.
    report: as `report_case` takes it, without channel and kind: it was found on patrol.

    Takes REPORT and HANDLE over the area, and an organization to act for: should the case be done over, it is theirs.
    Raises Invalid (no photo, no opinion, no category found), NotAllowed, what a guard raises, and what
    `report_case` raises.
    """
    opinion = clean_opinion(opinion)
    if not photos:
        raise Invalid(_("即采即办须附处置后的照片"), {"photos": _("请拍一张处置后的照片")})
    desk = organizations().by_id(actor.organization_id)
    if desk is None:
        raise NotAllowed(_("您的账号没有所属单位，不能即采即办"))
    case = report_case_with_photos(
        actor=actor, now=now, photos=photos, purpose="after", channel=Channel.PATROL, kind=Kind.HELP, **report
    )
    if case.category_id is None:
        raise Invalid(_("即采即办请选择类别"), {"category_code": _("请选择类别")})
    policies.check_can(actor, Deed.SETTLE, case)

    def prepare(case: Case, known: Catalog) -> Change:
        case.organization_id, case.handler_id = desk.id, actor.id
        case.level = level_of(case, local_date(now)).value
        fact = {"organization_id": desk.id, "organization_name": desk.name, "level": case.level}
        return Change(fact=fact, columns=["organization", "handler_id", "level"])

    target = check_move(case.status, Deed.SETTLE)
    return carry_out(actor=actor, case=case, deed=Deed.SETTLE, target=target, opinion=opinion, now=now, prepare=prepare)
