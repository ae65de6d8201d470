"""Files of needs and resources on their way in."""

from django.utils.translation import gettext as _

from haitang.core.access import Actor
from haitang.exchange.models import ListFile
from haitang.exchange.values import ListFileUnknown

SHOWN = 20


def list_list_files(*, viewer: Actor) -> list[ListFile]:
    """Return the viewer's files of late, the latest first."""
    rows = ListFile.objects.filter(account_id=viewer.id or 0).select_related("round")
    return list(rows.order_by("-brought_at", "-id")[:SHOWN])


def get_list_file(*, viewer: Actor, file_id: int) -> ListFile:
    """Return one of the viewer's files. Raises ListFileUnknown."""
    found = ListFile.objects.filter(account_id=viewer.id or 0, pk=file_id).select_related("round").first()
    if found is None:
        raise ListFileUnknown(_("没有这个文件"))
    return found


def lock_list_file(*, viewer: Actor, file_id: int) -> ListFile:
    """Return one of the viewer's files, locked. For actions; raises ListFileUnknown."""
    rows = ListFile.objects.select_for_update(no_key=True, of=("self",))
    found = rows.filter(account_id=viewer.id or 0, pk=file_id).first()
    if found is None:
        raise ListFileUnknown(_("没有这个文件"))
    return found
