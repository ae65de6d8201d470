"""Files on their way in, and tickets."""

from typing import Any

from django.utils.translation import gettext as _

from haitang.core.access import Actor
from haitang.office.models import Ticket, Upload
from haitang.office.values import NotKept

SHOWN = 30


def list_uploads(*, viewer: Actor) -> list[Upload]:
    """Return the viewer's files of late, the latest first."""
    return list(Upload.objects.filter(account_id=viewer.id or 0).order_by("-at", "-id")[:SHOWN])


def get_upload(account_id: int | None, upload_id: int) -> Upload:
    """Return one of the account's files; raise NotKept."""
    return _one(Upload.objects.filter(account_id=account_id or 0), upload_id)


def lock_upload(account_id: int | None, upload_id: int) -> Upload:
    """Return one of the account's files, locked until the end of the transaction; raise NotKept."""
    return _one(Upload.objects.select_for_update(no_key=True).filter(account_id=account_id or 0), upload_id)


def owner_of(upload_id: int) -> int | None:
    """Return whose file it is, None where there is none any more. For jobs."""
    return Upload.objects.filter(pk=upload_id).values_list("account_id", flat=True).first()


def _one(rows: Any, upload_id: int) -> Upload:
    found = rows.filter(pk=upload_id).first()
    if found is None:
        raise NotKept(_("没有这个导入文件"))
    return found


def get_ticket(case_id: int) -> Ticket | None:
    """Return what the hotline last said of a case; the caller has checked that the viewer knows of it."""
    return Ticket.objects.filter(case_id=case_id).first()
