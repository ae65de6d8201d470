"""What can have happened to the demo city as a whole."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy


@dataclass(frozen=True)
class DemoCityBuilt(Fact):
    """Every stage of the build is done. seed: of the plan. cases: how many it holds."""

    label = _("建成演示城市")
    subject_type = "demo"
    field_labels = {"seed": _("演示城市"), "cases": _("案件数")}
    seed: Annotated[int, Privacy.INTERNAL]
    cases: Annotated[int, Privacy.INTERNAL]
