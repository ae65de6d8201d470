"""What a phone sends becomes a case once, however often it is sent."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from haitang.cases import actions as cases
from haitang.cases.values import Channel, Permission
from haitang.core import idempotency
from haitang.core.access import Actor
from haitang.core.clock import EARLIEST
from haitang.core.errors import Invalid
from haitang.field import queries
from haitang.field.models import CaptureSent
from haitang.field.values import Capture, OutsideOwnGrids, Sent
from haitang.territory.queries import locate


def send_capture(*, actor: Actor, uid: UUID, capture: Capture, now: datetime, photos: Sequence[bytes] = ()) -> Sent:
    """
    Take in what was captured on the phone, or tell which case it has become already.

    uid: the phone, which must be the actor's: what one account wrote is never sent by another.
    photos: for a capture that was put in order at once, how it looks now; other photos follow one by one (send_photo).
    The phone's clock may be ahead: nothing is said to have happened after now.

    Raises PhoneUnknown, OutsideOwnGrids, Invalid, and what `cases.actions.report_case` or `report_handled_case` raises.
    """
    account_id = queries.get_phone(viewer=actor, uid=uid).account_id
    _check_place(actor, capture)
    if photos and not capture.done:
        raise Invalid(_("照片请在案件之后逐张发送"))
    sent = _sent(account_id, capture.key)
    if sent is not None:
        return sent
    kept = [cases.keep_photo(actor=actor, data=data, now=now) for data in photos]
    report: dict[str, Any] = {
        "description": capture.description, "category_code": capture.category_code, "place": capture.place,
        "area_code": capture.area_code, "lon": capture.lon, "lat": capture.lat,
        "occurred_at": max(min(capture.captured_at, now), EARLIEST), "demand_answers": False,
    }  # fmt: skip
    try:
        with transaction.atomic():
            # Whoever comes second waits here for the first, and then finds its case.
            row = CaptureSent.objects.create(account_id=account_id, key=capture.key)
            if capture.done:
                case = cases.report_handled_case(actor=actor, now=now, opinion=capture.done, photos=kept, **report)
            else:
                case = cases.report_case(actor=actor, now=now, channel=Channel.PATROL, **report)
            row.case_id = case.pk
            row.save(update_fields=["case"])
    except IntegrityError as error:
        sent = _sent(account_id, capture.key) if "field_capturesent_once" in str(error) else None
        if sent is None:
            raise
        return sent
    return Sent(case.pk, case.number)


def _check_place(actor: Actor, capture: Capture) -> None:
    """Say at once what is wrong with a position beyond one's own grids; any other right is asked by cases."""
    found = locate(capture.lon, capture.lat) if capture.lon is not None and capture.lat is not None else None
    if found is None or capture.area_code or actor.holds(Permission.REPORT, area_path=found.path):
        return
    raise OutsideOwnGrids(
        _("这个位置在“%(area)s”，不在您负责的范围内；请核对位置，或去掉位置后选自己的网格") % {"area": found.name}
    )


def _sent(account_id: int, key: UUID) -> Sent | None:
    row = CaptureSent.objects.filter(account_id=account_id, key=key).select_related("case").first()
    return Sent(row.case.pk, row.case.number) if row is not None and row.case is not None else None


def send_photo(*, actor: Actor, uid: UUID, key: UUID, case_id: int, data: bytes, purpose: str, now: datetime) -> int:
    """
    Attach a photo to a case that the phone has sent, once under one key; return the attachment's id.

    Raises PhoneUnknown, what `cases.actions.add_photo` raises, and IdempotencyKeyReused.
    """

    queries.get_phone(viewer=actor, uid=uid)

    def write() -> dict[str, Any]:
        photo = cases.add_photo(actor=actor, case_id=case_id, data=data, purpose=purpose, now=now)
        return {"id": photo.pk}

    body = {"case": case_id, "purpose": purpose, "photo": hashlib.sha256(data).hexdigest()}
    return int(idempotency.once(actor=actor, key=f"field:{key}", body=body, now=now, write=write)["id"])
