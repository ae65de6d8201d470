"""The rows of whistles."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from haitang.cases.values import Permission as CasePermission
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.privacy import Privacy
from haitang.core.scoping import below
from haitang.whistles.lifecycle import OPEN, Standing, Status
from haitang.whistles.values import Permission, Rating, Role, Stage

CHAIN = "case__area_ids"
"""Where a whistle has the chain of its area's ids."""
UNBLOWN = (Status.PENDING.value, Status.DECLINED.value, Status.WITHDRAWN.value)
"""States in which no department has heard of the whistle."""


class WhistleQuerySet(models.QuerySet["Whistle"]):
    """The vocabulary of lists of whistles."""

    def visible_to(self, viewer: Actor) -> "WhistleQuerySet":
        """Narrow to what the viewer may see: those of cases in their areas, and those to which their desk was called.

        Whistles of denunciations only for those who hold VIEW_CONFIDENTIAL over the case's area or the desk called.
        """
        seen = self._reach(viewer, Permission.VIEW)
        trusted = self._reach(viewer, CasePermission.VIEW_CONFIDENTIAL)
        return self.filter(seen).filter(Q(case__is_confidential=False) | trusted)

    @staticmethod
    def _reach(viewer: Actor, permission: str) -> Q:
        areas = viewer.areas(permission)
        if EVERYWHERE in areas:
            return Q()
        scope = below(areas, CHAIN)
        desks = viewer.organizations(permission)
        if desks:
            called = Call.objects.filter(whistle_id=OuterRef("pk"), organization_id__in=desks)
            scope |= Q(Exists(called)) & ~Q(status__in=UNBLOWN)
        return scope


class Whistle(models.Model):
    """A case to which a street calls departments. reason: why the street cannot do it alone; demand: what it asks for.

    kind, rules: under which rules it was drafted; they stay its own when the rules change.
    organization: the street or community that drafted it. due_at, level, climb_at: the clock of its approval and the
    steps of the street's ladder climbed; null once decided, or where its kind sets none.
    """

    number = models.TextField("哨单编号", db_collation="C")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", verbose_name="案件")
    rules = models.ForeignKey("whistles.RuleBook", models.PROTECT, related_name="+", verbose_name="规则")
    kind = models.TextField("哨类", db_collation="C")
    reason = models.TextField("事由")
    demand = models.TextField("要求", default="")
    status = models.TextField("状态", choices=Status)
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="发起单位"
    )
    drafted_by_id = models.BigIntegerField("草拟账号", null=True)
    drafted_by_name = models.TextField("草拟人")
    drafted_at = models.DateTimeField("草拟时间")
    due_at = models.DateTimeField("审批时限", null=True)
    level = models.SmallIntegerField("升级层级", default=0)
    climb_at = models.DateTimeField("下次升级", null=True)
    decided_by_name = models.TextField("审批人", default="")
    decided_at = models.DateTimeField("审批时间", null=True)
    decision = models.TextField("审批意见", default="")
    ended_at = models.DateTimeField("办结时间", null=True)

    PRIVACY = {
        **dict.fromkeys(
            (
                "id", "number", "case", "rules", "kind", "status", "organization", "drafted_at", "due_at", "level",
                "climb_at", "decided_at", "ended_at",
            ),
            Privacy.INTERNAL,
        ),
        **dict.fromkeys(
            ("reason", "demand", "drafted_by_id", "drafted_by_name", "decided_by_name", "decision"), Privacy.PERSONAL
        ),
    }  # fmt: skip

    objects = WhistleQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["drafted_at", "id"], name="whistles_whistle_newest"),
            models.Index(fields=["climb_at"], name="whistles_whistle_climb", condition=Q(climb_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="whistles_whistle_number"),
            models.UniqueConstraint(
                fields=["case"], name="whistles_one_open", condition=Q(status__in=[Status.PENDING, Status.BLOWN])
            ),
            models.CheckConstraint(
                name="whistles_approval_clock_while_pending",
                condition=Q(due_at__isnull=True, climb_at__isnull=True) | Q(status=Status.PENDING),
            ),
        ]


class Call(models.Model):
    """One department called by a whistle, and how far its answer has come.

    task: what is asked of it in particular. stage, stage_started_at, due_at: the clock that runs, null where none does.
    deadlines: by stage {"due_at", "started_at", "done_at"} as ISO 8601 texts, and the "limit".
    handler_id: the account that answers for it, the first of the department that did something.
    level: steps of the ladder climbed in this stage; climb_at: when the next is due, null at the top.
    place, people: where it came to and who came, in words. rating: the street's judgement.
    """

    whistle = models.ForeignKey(Whistle, models.CASCADE, related_name="calls")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="+", verbose_name="召集单位"
    )
    role = models.TextField("角色", choices=Role)
    task = models.TextField("任务", default="")
    status = models.TextField("状态", choices=Standing)
    handler_id = models.BigIntegerField("经办账号", null=True)
    changed_at = models.DateTimeField("更新时间")
    stage = models.TextField("环节", choices=Stage, null=True)
    stage_started_at = models.DateTimeField("环节开始", null=True)
    due_at = models.DateTimeField("环节时限", null=True)
    deadlines = models.JSONField("各环节时限", default=dict)
    level = models.SmallIntegerField("升级层级", default=0)
    climb_at = models.DateTimeField("下次升级", null=True)
    place = models.TextField("到场地点", default="")
    people = models.TextField("到场人员", default="")
    result = models.TextField("处置结果", default="")
    refusal = models.TextField("拒哨理由", default="")
    rating = models.TextField("评价", choices=Rating, null=True)
    rating_text = models.TextField("评价意见", default="")
    reworks = models.SmallIntegerField("返工次数", default=0)

    PRIVACY = {
        **dict.fromkeys(
            (
                "id", "whistle", "organization", "role", "status", "changed_at", "stage", "stage_started_at", "due_at",
                "deadlines", "level", "climb_at", "rating", "reworks",
            ),
            Privacy.INTERNAL,
        ),
        **dict.fromkeys(
            ("handler_id", "task", "place", "people", "result", "refusal", "rating_text"), Privacy.PERSONAL
        ),
    }  # fmt: skip

    class Meta:
        indexes = [
            models.Index(fields=["organization", "whistle"], name="whistles_call_desk"),
            models.Index(fields=["climb_at"], name="whistles_call_climb", condition=Q(climb_at__isnull=False)),
            models.Index(fields=["handler_id"], name="whistles_call_handler", condition=Q(status__in=sorted(OPEN))),
        ]
        constraints = [
            models.UniqueConstraint(fields=["whistle", "organization"], name="whistles_call_once"),
            models.UniqueConstraint(fields=["whistle"], name="whistles_one_lead", condition=Q(role=Role.LEAD)),
            models.CheckConstraint(
                name="whistles_call_clock_while_open",
                condition=Q(stage__isnull=True, due_at__isnull=True, climb_at__isnull=True)
                | Q(due_at__isnull=False, status__in=sorted(OPEN)),
            ),
        ]


class Photo(models.Model):
    """A photo by which a department shows what it did, re-encoded and without metadata, kept by its digest."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="photos")
    digest = models.TextField("摘要", db_collation="C")
    mime = models.TextField("类型")
    width = models.IntegerField("宽")
    height = models.IntegerField("高")
    size = models.IntegerField("字节")
    added_by_id = models.BigIntegerField("上传账号", null=True)
    added_at = models.DateTimeField("上传时间")

    PRIVACY = {
        **dict.fromkeys(("id", "call", "digest", "mime", "width", "height", "size", "added_at"), Privacy.INTERNAL),
        "added_by_id": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "digest"], name="whistles_photo_once")]


class Meeting(models.Model):
    """A joint meeting (会商) of the departments of a whistle, with its minutes."""

    whistle = models.ForeignKey(Whistle, models.CASCADE, related_name="meetings")
    held_at = models.DateTimeField("会商时间")
    place = models.TextField("地点", default="")
    attendees = models.TextField("参会单位和人员", default="")
    minutes = models.TextField("会商纪要")
    recorded_by_name = models.TextField("记录人")
    recorded_at = models.DateTimeField("记录时间")

    PRIVACY = {
        **dict.fromkeys(("id", "whistle", "held_at", "recorded_at"), Privacy.INTERNAL),
        **dict.fromkeys(("place", "attendees", "minutes", "recorded_by_name"), Privacy.PERSONAL),
    }


class Task(models.Model):
    """What a meeting decided that a department does until a day. is_done: null until somebody says.

    remind_at: when it is next reminded of, null where it is not any more; reminded: how often it was.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="tasks")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="+", verbose_name="责任单位"
    )
    text = models.TextField("任务")
    due_on = models.DateField("期限")
    is_done = models.BooleanField("是否完成", null=True)
    note = models.TextField("办理情况", default="")
    settled_at = models.DateTimeField("办理时间", null=True)
    remind_at = models.DateTimeField("下次提醒", null=True)
    reminded = models.SmallIntegerField("已提醒次数", default=0, db_default=0)

    PRIVACY = {
        **dict.fromkeys(
            ("id", "meeting", "organization", "due_on", "is_done", "settled_at", "remind_at", "reminded"),
            Privacy.INTERNAL,
        ),
        **dict.fromkeys(("text", "note"), Privacy.PERSONAL),
    }

    class Meta:
        indexes = [
            models.Index(fields=["remind_at"], name="whistles_task_remind", condition=Q(remind_at__isnull=False)),
            models.Index(fields=["organization", "due_on"], name="whistles_task_open", condition=Q(is_done=None)),
        ]


class RuleBook(models.Model):
    """One version of the rules of whistles; the id is its number, the highest holds. content: as data/rules.toml."""

    content: Any = models.JSONField("内容")
    made_by_name = models.TextField("修改人")
    made_at = models.DateTimeField("修改时间")
    note = models.TextField("说明", default="")

    PRIVACY = {
        **dict.fromkeys(("id", "content", "made_at", "note"), Privacy.INTERNAL),
        "made_by_name": Privacy.PERSONAL,
    }
