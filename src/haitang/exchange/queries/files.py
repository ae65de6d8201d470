"""Files of needs and resources on their way in."""

from haitang.core.access import Actor
from haitang.core.brought import get_file, list_files
from haitang.exchange.models import ListFile


def list_list_files(*, viewer: Actor) -> list[ListFile]:
    """Return the viewer's files of late, the latest first."""
    return list_files(ListFile.objects.select_related("round"), viewer)


def get_list_file(*, viewer: Actor, file_id: int) -> ListFile:
    """Return one of the viewer's files. Raises FileUnknown."""
    return get_file(ListFile.objects.select_related("round"), viewer, file_id)
