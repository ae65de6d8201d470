from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.core.privacy import Privacy
from haitang.indicators.values import ExclusionState


class FormulaVersion(models.Model):
    """A set of formulas as the office has changed it, for periods that begin on or after a day.

    definition: the whole set, as values.Formulas.as_data gives it. An earlier version is never changed.
    """

    set_code = models.TextField("指标集", db_collation="C")
    valid_from = models.DateField("生效日期")
    definition = models.JSONField("公式")
    note = models.TextField("说明", default="")
    made_at = models.DateTimeField("修改时间")
    made_by_id = models.BigIntegerField("修改人", null=True)
    made_by_name = models.TextField("修改人姓名")

    PRIVACY = {
        **dict.fromkeys(("id", "set_code", "valid_from", "definition", "note", "made_at"), Privacy.INTERNAL),
        **dict.fromkeys(("made_by_id", "made_by_name"), Privacy.PERSONAL),
    }

    class Meta:
        indexes = [models.Index(fields=["set_code", "valid_from", "id"], name="indicators_version_in_force")]


class Given(models.Model):
    """A number about an area that no counter holds, entered by the office: its size, its people."""

    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="区域")
    code = models.TextField("计数项", db_collation="C")
    value = models.DecimalField("数值", max_digits=18, decimal_places=6)
    source = models.TextField("出处", default="")

    PRIVACY = dict.fromkeys(("id", "area", "code", "value", "source"), Privacy.PUBLIC)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "code"], name="indicators_given_once")]


class Exclusion(models.Model):
    """The request to leave a case out of sets of indicators (剔除), and what was decided.

    sets: codes of the sets. counted: while approved, what is subtracted, as lines "day|measure|n".
    counted_at: up to which instant the case's deeds are in `counted`.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", verbose_name="案件")
    sets = models.JSONField("指标集")
    reason = models.TextField("理由类别")
    evidence = models.TextField("理由和证据")
    state = models.TextField("状态", choices=ExclusionState)
    requested_at = models.DateTimeField("申请时间")
    requested_by_id = models.BigIntegerField("申请人", null=True)
    requested_by_name = models.TextField("申请人姓名")
    reviewed_at = models.DateTimeField("审核时间", null=True)
    reviewed_by_id = models.BigIntegerField("审核人", null=True)
    reviewed_by_name = models.TextField("审核人姓名", default="")
    opinion = models.TextField("审核意见", default="")
    counted = models.JSONField("扣除的计数", default=list)
    counted_at = models.DateTimeField("扣除截至", null=True)

    PRIVACY = {
        **dict.fromkeys(
            ("id", "case", "sets", "reason", "state", "requested_at", "reviewed_at", "counted", "counted_at"),
            Privacy.INTERNAL,
        ),
        **dict.fromkeys(
            (
                "evidence", "requested_by_id", "requested_by_name", "reviewed_by_id", "reviewed_by_name", "opinion",
            ),
            Privacy.PERSONAL,
        ),
    }  # fmt: skip

    class Meta:
        indexes = [
            models.Index(F("state"), F("requested_at").desc(), F("id").desc(), name="indicators_exclusion_newest")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="indicators_excluded_once",
                condition=Q(state__in=[ExclusionState.REQUESTED, ExclusionState.APPROVED]),
            ),
        ]  # fmt: skip


class Evidence(models.Model):
    """A photo that shows why a case should be left out, re-encoded and without metadata, kept by its digest."""

    exclusion = models.ForeignKey(Exclusion, models.CASCADE, related_name="photos")
    digest = models.TextField("摘要", db_collation="C")
    mime = models.TextField("类型")
    width = models.IntegerField("宽")
    height = models.IntegerField("高")
    size = models.IntegerField("字节")
    added_at = models.DateTimeField("上传时间")

    PRIVACY = dict.fromkeys(
        ("id", "exclusion", "digest", "mime", "width", "height", "size", "added_at"), Privacy.INTERNAL
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["exclusion", "digest"], name="indicators_evidence_once")]


class DeskDay(models.Model):
    """What one case has put into the figures of one organization on one day: from these `DeskCount` is summed.

    measures: by measure, how often. left_out: the sets of indicators that do not count it (剔除).
    area, is_confidential: of the case, as they were when it was counted.
    """

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="+", db_index=False, verbose_name="案件")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="+", db_index=False, verbose_name="承办单位"
    )
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="区域")
    day = models.DateField("日期")
    is_confidential = models.BooleanField("保密")
    measures = models.JSONField("计数")
    left_out = ArrayField(models.TextField(), verbose_name="剔除的指标集", default=list)

    PRIVACY = dict.fromkeys(
        ("id", "case", "organization", "area", "day", "is_confidential", "measures", "left_out"), Privacy.INTERNAL
    )

    class Meta:
        indexes = [models.Index(fields=["organization", "day"], name="indicators_deskday_of_desk")]
        constraints = [models.UniqueConstraint(fields=["case", "organization", "day"], name="indicators_deskday_once")]


class DeskCount(models.Model):
    """How much of a measure an organization has, by area down to the community, and day, third of a month, or month.

    grain, start: as of cases' own counters. measure: "confidential:" before it for denunciations, "excluded:<set>:" for
    what a set of indicators leaves out.
    """

    pk = models.CompositePrimaryKey("area_id", "grain", "start", "organization_id", "measure")
    area_id = models.BigIntegerField("区域")
    grain = models.TextField("粒度", db_collation="C")
    start = models.DateField("起始日")
    organization_id = models.BigIntegerField("承办单位")
    measure = models.TextField("指标", db_collation="C")
    n = models.BigIntegerField("数量")

    PRIVACY = dict.fromkeys(("area_id", "grain", "start", "organization_id", "measure", "n"), Privacy.PUBLIC)


class DeskWaiting(models.Model):
    """A case that something was written about since it was last counted for organizations. case_id: not kept by key."""

    case_id = models.BigIntegerField("案件", primary_key=True)

    PRIVACY = dict.fromkeys(("case_id",), Privacy.INTERNAL)


class DeskReach(models.Model):
    """How far the history has been looked through for organizations' figures; one row.

    system, id_above, xid_below: as of core.seal. measures: what is counted, a release may count more.
    looked_at: when that was; counted_at: up to when every case is counted.
    """

    system = models.TextField("数据库", default="")
    id_above = models.BigIntegerField("记录之后", default=0)
    xid_below = models.BigIntegerField("事务之前", default=0)
    measures = models.TextField("指标", default="")
    looked_at = models.DateTimeField("查看时间", null=True)
    counted_at = models.DateTimeField("统计至", null=True)

    PRIVACY = dict.fromkeys(
        ("id", "system", "id_above", "xid_below", "measures", "looked_at", "counted_at"), Privacy.INTERNAL
    )
