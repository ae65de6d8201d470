"""What the actions on projects share."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.scoping import path_of
from haitang.projects.models import Project
from haitang.projects.values import Permission, PlanInvalid


def audience_of(project: Project) -> history.Audience:
    """Return who may hear at once of what happens to the project."""
    return history.Audience(path_of(project.area_ids), tuple(project.organization_ids), Permission.VIEW)


def clean(given: str, name: str, length: int, missing: str = "") -> str:
    """Return the text without surrounding space; raise PlanInvalid, naming the field, where it cannot stand."""
    given = given.strip()
    if missing and not given:
        raise PlanInvalid(missing, {name: missing})
    if len(given) > length:
        fault = _("最多 %(n)d 字") % {"n": length}
    elif "\x00" in given:
        fault = _("含有无效字符")
    else:
        return given
    raise PlanInvalid(fault, {name: fault})


def refuse(faults: Mapping[str, str]) -> None:
    """Raise PlanInvalid with all faults, if there are any."""
    if faults:
        raise PlanInvalid("；".join(dict.fromkeys(faults.values())), faults)
