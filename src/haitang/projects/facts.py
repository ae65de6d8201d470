"""What can have happened to projects. Days are ISO 8601 texts, money whole fen."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy
from haitang.projects.values import Origin

Id = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Number = Annotated[int, Privacy.INTERNAL]
Words = Annotated[str, Privacy.PERSONAL]


class OfProjects(Fact):
    """What facts of projects have in common: how their fields and the values of these read."""

    subject_type = "project"
    field_labels = {
        "project_id": _("项目"), "origin": _("来源"), "origin_id": _("来源编号"), "title": _("名称"),
        "organization_id": _("牵头单位"),
    }  # fmt: skip
    field_words = {"origin": dict(Origin.choices)}


@dataclass(frozen=True)
class ProjectStarted(OfProjects):
    """There is a project now, planned; whoever made it its origin may tell their side."""

    label = _("立项")
    project_id: Id
    origin: Word
    origin_id: Word
    title: Word
    organization_id: Id
