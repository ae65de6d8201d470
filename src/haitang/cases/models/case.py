from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from haitang.cases.lifecycle import STAGE_OF, Status
from haitang.cases.values import Channel, Kind, Level, Mark, Permission, Priority, Stage, id_in_number
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.privacy import Privacy
from haitang.core.scoping import below, path_of


class CaseQuerySet(models.QuerySet["Case"]):
    """The vocabulary of lists of cases."""

    def visible_to(self, viewer: Actor) -> "CaseQuerySet":
        """Narrow to what the viewer may see: by area, by organization, and what they reported themselves.

        Denunciations only for those who hold VIEW_CONFIDENTIAL over the case's area or desk, and their reporter.
        """
        own = Q(reported_by_id=viewer.id) if viewer.id is not None else Q(pk__in=[])
        areas = viewer.areas(Permission.VIEW)
        if EVERYWHERE in areas:
            seen = Q()
        else:
            seen = below(areas)
            desks = viewer.organizations(Permission.VIEW)
            if desks:
                seen |= Q(organization_id__in=desks)
            seen |= own
        confidential_areas = viewer.areas(Permission.VIEW_CONFIDENTIAL)
        if EVERYWHERE not in confidential_areas:
            trusted = below(confidential_areas)
            desks = viewer.organizations(Permission.VIEW_CONFIDENTIAL)
            if desks:
                trusted |= Q(organization_id__in=desks)
            seen &= Q(is_confidential=False) | trusted | own
        return self.filter(seen)

    def below(self, area_path: str) -> "CaseQuerySet":
        """Narrow to an area with all below it; the path is an Area's."""
        return self.filter(below(frozenset({area_path})))

    def numbered(self, number: str) -> "CaseQuerySet":
        """Narrow to the case with that number, found by the id in it."""
        case_id = id_in_number(number)
        return self.none() if case_id is None else self.filter(pk=case_id, number=number)

    def open(self) -> "CaseQuerySet":
        """Narrow to cases that still wait for a deed."""
        return self.filter(status__in=[status.value for status in STAGE_OF])


class Case(models.Model):
    """A matter that somebody has raised, from the first word to the reporter's judgement.

    area_ids: ids of its areas from the root down to `area`, so that any area's list is one index scan.
    routed_to, routing_reason: where the rules point and why, in a sentence; organization: on whose desk it
        lies, null until dispatched.
    handler: the account that signed for it.
    stage, stage_started_at, due_at: the stretch it is in, when it began, and its deadline; all null once nothing is
        waited for. What is to be told of the deadline: PendingWarning.
    deadlines: by stage {"due_at", "started_at", "done_at"} reached or planned, as ISO 8601 texts, and the "limit";
        with "pauses" ([from, to] each) in which its clock stood, and "extensions" (limits as text) granted.
    paused_until: while the clock stands, when it goes on; the deadline is the one that holds if it does.
    level: where it was solved, of values.Level; "" while it is not.
    form_version: the form that it is asked by, whatever the category asks today; null where nothing was asked.
    answers: by question's key {"label", "at", "value", "text"} (values.check_answers), those of former forms too; with
        values.AWAITED where a photo was to follow the report.
    opening, closing: the condition under which it was registered or closed, as values.Condition; null for none.
    priority, marks, voices: what apps above have found out: how soon to look, which tags to show, and how many other
        people said that they meet with the same.
    """

    number = models.TextField("案件编号", db_collation="C")
    query_code = models.TextField("查询码")
    kind = models.TextField("诉求类型", choices=Kind)
    channel = models.TextField("来源", choices=Channel)
    category = models.ForeignKey(
        "cases.Category", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="类别"
    )
    description = models.TextField("问题描述")
    place = models.TextField("地点", default="")
    lon = models.FloatField("经度", null=True)
    lat = models.FloatField("纬度", null=True)
    area = models.ForeignKey(
        "territory.Area", models.PROTECT, related_name="+", db_index=False, verbose_name="所属区域"
    )
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    is_confidential = models.BooleanField("保密", default=False)

    status = models.TextField("状态", choices=Status)
    routed_to = models.ForeignKey(
        "organizations.Organization",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name="分派建议",
    )
    routing_rule_id = models.BigIntegerField("分派规则", null=True)
    routing_reason = models.TextField("分派理由", default="")
    organization = models.ForeignKey(
        "organizations.Organization",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name="承办单位",
    )
    handler_id = models.BigIntegerField("承办人", null=True)
    reported_by_id = models.BigIntegerField("登记账号", null=True)

    occurred_at = models.DateTimeField("发生时间", null=True)
    reported_at = models.DateTimeField("上报时间")
    changed_at = models.DateTimeField("更新时间")
    closed_at = models.DateTimeField("结案时间", null=True)
    stage = models.TextField("环节", choices=Stage, null=True)
    stage_started_at = models.DateTimeField("环节开始", null=True)
    due_at = models.DateTimeField("环节时限", null=True)
    deadlines = models.JSONField("各环节时限", default=dict)
    paused_until = models.DateTimeField("缓办至", null=True)
    level = models.TextField("解决层级", choices=Level, default="", db_default="")

    returns = models.SmallIntegerField("退回次数", default=0)
    reworks = models.SmallIntegerField("返工次数", default=0)
    reopenings = models.SmallIntegerField("重办次数", default=0)
    is_solved = models.BooleanField("是否解决", null=True)
    score = models.SmallIntegerField("评分", null=True)

    form_version = models.ForeignKey(
        "cases.FormVersion", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="表单版本"
    )
    answers = models.JSONField("补充信息", default=dict, db_default={})
    opening = models.JSONField("立案条件", null=True)
    closing = models.JSONField("结案条件", null=True)
    priority = models.SmallIntegerField("优先级", choices=Priority, default=0, db_default=0)
    marks = ArrayField(models.TextField(choices=Mark), verbose_name="标记", default=list, db_default=[])
    voices = models.IntegerField("我也遇到", default=0, db_default=0)

    external_source = models.TextField("外部来源", null=True)
    external_id = models.TextField("外部编号", null=True)
    search = SearchVectorField("检索")

    PRIVACY = {
        **dict.fromkeys(
            (
                "id", "number", "kind", "channel", "category", "area", "area_ids", "is_confidential", "status",
                "routed_to", "routing_rule_id", "routing_reason", "organization", "occurred_at", "reported_at",
                "changed_at", "closed_at", "stage", "stage_started_at", "due_at", "deadlines", "paused_until", "level",
                "returns", "reworks", "reopenings", "priority", "marks", "voices",
                "external_source", "external_id", "form_version", "opening", "closing",
            ),
            Privacy.INTERNAL,
        ),
        **dict.fromkeys(
            (
                "answers", "description", "place", "lon", "lat", "handler_id", "reported_by_id", "is_solved", "score",
                "search",
            ),
            Privacy.PERSONAL,
        ),
        "query_code": Privacy.SECRET,
    }  # fmt: skip

    objects = CaseQuerySet.as_manager()

    @property
    def area_path(self) -> str:
        """The path of its area, by which grants are asked."""
        return path_of(self.area_ids)

    @property
    def is_due_soon(self) -> bool:
        """Whether nothing is left to be told but the missed deadline; read `warning` along with the case."""
        warning = getattr(self, "warning", None)
        return self.due_at is not None and (warning is None or warning.at >= self.due_at)

    class Meta:
        indexes = [
            models.Index(
                fields=["-reported_at", "-id"], name="cases_case_listed",
                include=["area_ids", "status", "channel", "category", "kind", "organization", "reported_by_id",
                         "is_confidential", "due_at"],
            ),
            models.Index(
                F("status"), F("reported_at").desc(), F("id").desc(),
                name="cases_case_standing", condition=~Q(status=Status.CLOSED),
            ),
            models.Index(F("category"), F("reported_at").desc(), F("id").desc(), name="cases_case_category_newest"),
            models.Index(F("channel"), F("reported_at").desc(), F("id").desc(), name="cases_case_channel"),
            models.Index(
                F("organization"), F("reported_at").desc(), F("id").desc(),
                name="cases_case_desk", condition=Q(organization__isnull=False),
            ),
            models.Index(
                F("reported_by_id"), F("reported_at").desc(), F("id").desc(),
                name="cases_case_reported_by", condition=Q(reported_by_id__isnull=False),
            ),
            models.Index(fields=["due_at"], name="cases_case_due", condition=Q(due_at__isnull=False)),
            models.Index(
                F("reported_at").desc(), F("id").desc(), name="cases_case_marked", condition=~Q(marks=[]),
            ),
            models.Index(
                F("priority").desc(), F("reported_at").desc(), F("id").desc(), name="cases_case_priority",
                condition=Q(priority__gt=0),
            ),
            GinIndex(fields=["search"], name="cases_case_search"),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(fields=["external_source", "external_id"], name="cases_case_external"),
            models.CheckConstraint(name="cases_case_score", condition=Q(score__isnull=True) | Q(score__range=(1, 5))),
            models.CheckConstraint(
                name="cases_case_stage_while_open",
                condition=Q(stage__isnull=False, status__in=[s.value for s in STAGE_OF])
                | (Q(stage__isnull=True, due_at__isnull=True) & ~Q(status__in=[s.value for s in STAGE_OF])),
            ),
            models.CheckConstraint(
                name="cases_case_desk_once_dispatched",
                condition=Q(organization__isnull=False)
                | Q(status__in=[
                    Status.VERIFYING, Status.REPORTED, Status.ACCEPTED, Status.REGISTERED, Status.REFUSED,
                    Status.VOIDED, Status.CLOSED, Status.RATED,
                ]),
            ),
        ]  # fmt: skip


class PendingWarning(models.Model):
    """What is still to be told of a case's deadline; no row once it was told that it was missed.

    Apart from the case, whose many indexes an hour with very many missed deadlines would all write to. Whoever writes
    a row holds the lock on its case.

    at: when something is to be told next, a warning or the missed deadline. given: how many warnings were given.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="warning")
    at = models.DateTimeField("预警时间", db_index=True)
    given = models.SmallIntegerField("已提醒", default=0)

    PRIVACY = dict.fromkeys(("case", "at", "given"), Privacy.INTERNAL)


class Reporter(models.Model):
    """Who raised the matter, as far as they said; sealed, kept apart from the case.

    phone_index: keyed blind index of the number, for finding a caller's other cases.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="reporter")
    name_sealed = models.BinaryField("姓名", null=True)
    phone_sealed = models.BinaryField("电话", null=True)
    phone_index = models.BinaryField("电话索引", null=True, db_index=True)

    SEALED_FOR = {"name_sealed": "reporter.name", "phone_sealed": "reporter.phone"}
    PRIVACY = {
        "case": Privacy.INTERNAL,
        "name_sealed": Privacy.SENSITIVE,
        "phone_sealed": Privacy.SENSITIVE,
        "phone_index": Privacy.SENSITIVE,
    }


class Attachment(models.Model):
    """A photo of a case, re-encoded and without metadata, kept by its content's digest.

    question: key of the question that it answers, "" for none.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="attachments")
    purpose = models.TextField("用途", default="place")
    digest = models.TextField("摘要", db_collation="C")
    mime = models.TextField("类型")
    width = models.IntegerField("宽")
    height = models.IntegerField("高")
    size = models.IntegerField("字节")
    added_by_id = models.BigIntegerField("上传账号", null=True)
    added_at = models.DateTimeField("上传时间")
    question = models.TextField("所答问题", default="", db_default="")

    PRIVACY = {
        **dict.fromkeys(
            ("id", "case", "purpose", "question", "digest", "mime", "width", "height", "size", "added_at"),
            Privacy.INTERNAL,
        ),
        "added_by_id": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "digest"], name="cases_attachment_once")]


class Rating(models.Model):
    """One judgement of the reporter; a case that was done over has two."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="ratings")
    is_solved = models.BooleanField("是否解决")
    score = models.SmallIntegerField("评分")
    text = models.TextField("评价", default="")
    at = models.DateTimeField("时间")

    PRIVACY = {
        "id": Privacy.INTERNAL,
        "case": Privacy.INTERNAL,
        "is_solved": Privacy.PERSONAL,
        "score": Privacy.PERSONAL,
        "text": Privacy.PERSONAL,
        "at": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [models.CheckConstraint(name="cases_rating_score", condition=Q(score__range=(1, 5)))]
