"""What can have happened to projects. Days are ISO 8601 texts, money whole fen."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy
from haitang.projects.values import Origin, PackageKind

Id = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Number = Annotated[int, Privacy.INTERNAL]
Words = Annotated[str, Privacy.PERSONAL]


class OfProjects(Fact):
    """What facts of projects have in common: how their fields and the values of these read."""

    subject_type = "project"
    field_labels = {
        "project_id": _("项目"), "origin": _("来源"), "origin_id": _("来源编号"), "title": _("名称"),
        "organization_id": _("牵头单位"), "fields": _("调整内容"), "milestone_id": _("节点"), "due_on": _("计划日期"),
        "done_on": _("完成日期"), "words": _("说明"), "progress_id": _("进展"), "count": _("数量"), "score": _("评分"),
        "package_id": _("项目包"), "kind": _("方式"), "selection_id": _("项目评选"), "places": _("名额"),
        "setting_id": _("项目设置"), "key": _("设置项"), "before": _("改前"), "after": _("改后"), "area_id": _("区域"),
        "new_area_id": _("新区域"), "moved": _("移动条数"), "file_id": _("项目表格"), "rows": _("条数"),
    }  # fmt: skip
    field_words = {"origin": dict(Origin.choices), "kind": dict(PackageKind.choices)}


class OfPackages(OfProjects):
    """What happens to packages."""

    subject_type = "project_package"


class OfFiles(OfProjects):
    """What happens to sheets of projects."""

    subject_type = "project_file"


class OfSelections(OfProjects):
    """What happens to selections."""

    subject_type = "project_selection"


@dataclass(frozen=True)
class ProjectStarted(OfProjects):
    """There is a project now, planned; whoever made it its origin may tell their side."""

    label = _("立项")
    project_id: Id
    origin: Word
    origin_id: Word
    title: Word
    organization_id: Id


@dataclass(frozen=True)
class PlanChanged(OfProjects):
    """The plan reads otherwise now. fields: which parts of it."""

    label = _("调整方案")
    project_id: Id
    fields: Annotated[list[str], Privacy.INTERNAL]


@dataclass(frozen=True)
class MilestoneSet(OfProjects):
    """A milestone was added, or set to another day."""

    label = _("设定节点")
    project_id: Id
    milestone_id: Id
    title: Word
    due_on: Word


@dataclass(frozen=True)
class MilestoneDropped(OfProjects):
    """A milestone is not aimed at any more."""

    label = _("取消节点")
    project_id: Id
    milestone_id: Id
    title: Word


@dataclass(frozen=True)
class MilestoneReached(OfProjects):
    """A milestone was reached on that day."""

    label = _("完成节点")
    project_id: Id
    milestone_id: Id
    title: Word
    done_on: Word
    words: Words


@dataclass(frozen=True)
class MilestoneOverdue(OfProjects):
    """A milestone was not reached by its day."""

    label = _("节点逾期")
    project_id: Id
    milestone_id: Id
    title: Word
    due_on: Word


@dataclass(frozen=True)
class ProjectLaunched(OfProjects):
    """The work has begun."""

    label = _("启动项目")
    project_id: Id
    words: Words


@dataclass(frozen=True)
class ProjectDelivered(OfProjects):
    """The work is said to be done; somebody else looks."""

    label = _("申请验收")
    project_id: Id
    words: Words


@dataclass(frozen=True)
class ProjectAccepted(OfProjects):
    """What was delivered is as planned."""

    label = _("验收通过")
    project_id: Id
    words: Words


@dataclass(frozen=True)
class ProjectReturned(OfProjects):
    """What was delivered is not as planned; it is done over."""

    label = _("验收未通过，返工")
    project_id: Id
    words: Words


@dataclass(frozen=True)
class ProjectArchived(OfProjects):
    """The project is kept as it is from now on."""

    label = _("归档")
    project_id: Id
    words: Words


@dataclass(frozen=True)
class ProjectGivenUp(OfProjects):
    """The project comes to nothing, for the reason given."""

    label = _("终止项目")
    project_id: Id
    words: Words


@dataclass(frozen=True)
class ProgressTold(OfProjects):
    """Those who do it told how far it is."""

    label = _("登记进展")
    project_id: Id
    progress_id: Id
    words: Words


@dataclass(frozen=True)
class ProgressPhotoAdded(OfProjects):
    """A photo was added to what was told."""

    label = _("添加进展照片")
    project_id: Id
    progress_id: Id


@dataclass(frozen=True)
class ProjectPublished(OfProjects):
    """Everybody may read of the project."""

    label = _("公开项目")
    project_id: Id


@dataclass(frozen=True)
class PublicationEnded(OfProjects):
    """The public page of the project is closed."""

    label = _("取消公开")
    project_id: Id


@dataclass(frozen=True)
class CodesIssued(OfProjects):
    """Codes were made by which those served judge the project."""

    label = _("发放评价码")
    project_id: Id
    count: Number


@dataclass(frozen=True)
class ProjectEvaluated(OfProjects):
    """One of those served has judged the project; who it was nobody keeps."""

    label = _("服务对象评价")
    project_id: Id
    score: Number


@dataclass(frozen=True)
class ProjectPacked(OfProjects):
    """The project is given out together with others."""

    label = _("纳入项目包")
    project_id: Id
    package_id: Id


@dataclass(frozen=True)
class ProjectUnpacked(OfProjects):
    """The project stands alone again."""

    label = _("移出项目包")
    project_id: Id
    package_id: Id


@dataclass(frozen=True)
class PackageMade(OfPackages):
    """There is a package now, for several projects."""

    label = _("建立项目包")
    package_id: Id
    title: Word
    kind: Word


@dataclass(frozen=True)
class ProjectFileBrought(OfFiles):
    """A sheet of projects was looked through; nothing has begun yet."""

    label = _("上传项目表格")
    file_id: Id
    rows: Number


@dataclass(frozen=True)
class ProjectFileTakenIn(OfFiles):
    """The sound rows of a sheet are projects now."""

    label = _("导入项目")
    file_id: Id
    rows: Number


@dataclass(frozen=True)
class SelectionOpened(OfSelections):
    """A selection of exemplary projects has begun."""

    label = _("开始评选")
    selection_id: Id
    title: Word
    places: Number


@dataclass(frozen=True)
class ProjectNominated(OfSelections):
    """A project was put forward."""

    label = _("推荐项目")
    selection_id: Id
    project_id: Id


@dataclass(frozen=True)
class ScoringBegun(OfSelections):
    """Nothing more is put forward; so many reviewers mark the projects."""

    label = _("开始评审")
    selection_id: Id
    count: Number


@dataclass(frozen=True)
class ProjectScored(OfSelections):
    """A reviewer has marked a project."""

    label = _("评委打分")
    selection_id: Id
    project_id: Id


@dataclass(frozen=True)
class SelectionPublished(OfSelections):
    """The result is published. count: how many projects are chosen."""

    label = _("公布评选结果")
    selection_id: Id
    count: Number


@dataclass(frozen=True)
class ProjectRuleChanged(OfProjects):
    """A rule about projects was changed, from one value to another."""

    label = _("修改项目设置")
    subject_type = "project_setting"
    setting_id: Id
    key: Word
    before: Word
    after: Word


@dataclass(frozen=True)
class ProjectsMoved(OfProjects):
    """What lay in an area lies in its next version now."""

    label = _("项目随区域调整")
    subject_type = "area"
    area_id: Id
    new_area_id: Id
    moved: Number
