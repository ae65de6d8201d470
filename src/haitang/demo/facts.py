"""What can have happened to the demo city as a whole."""

from dataclasses import dataclass
from typing import Annotated

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy


@dataclass(frozen=True)
class DemoCityBuilt(Fact):
    """Every stage of the build is done. seed: of the plan. cases: how many it holds."""

    subject_type = "demo"
    seed: Annotated[int, Privacy.INTERNAL]
    cases: Annotated[int, Privacy.INTERNAL]
