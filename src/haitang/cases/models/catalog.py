from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from haitang.cases.lifecycle import Deed
from haitang.cases.values import Tree
from haitang.core.privacy import Privacy


class Category(models.Model):
    """A class of matters, in one of three trees, with the time that each stage may take.

    limits: by stage the limit's text ("4 工作时"); a stage not named takes the parent's, then the default.
    keywords: words in a report that suggest this class.
    form: what it asks and says of its own (values.CaseForm.as_data); what holds with all inherited, see FormVersion.
    """

    code = models.TextField("编码", unique=True, db_collation="C")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="上级")
    tree = models.TextField("类型", choices=Tree)
    name = models.TextField("名称")
    name_en = models.TextField("英文名称", default="")
    keywords = ArrayField(models.TextField(), verbose_name="关键词", default=list)
    limits = models.JSONField("时限", default=dict)
    is_urgent = models.BooleanField("紧急", default=False)
    is_active = models.BooleanField("启用", default=True)
    source = models.TextField("依据", default="")
    form = models.JSONField("补充表单", default=dict)

    PRIVACY = dict.fromkeys(
        (
            "id", "code", "parent", "tree", "name", "name_en", "keywords", "limits", "is_urgent", "is_active", "source",
            "form",
        ),
        Privacy.PUBLIC,
    )  # fmt: skip


class FormVersion(models.Model):
    """What a class of matters asked from one moment on, with all it inherits. Never changed: cases point here.

    number: from 1 in each category. content: values.CaseForm.as_data; {} from when nothing is asked any more.
    """

    category = models.ForeignKey(Category, models.PROTECT, related_name="form_versions", verbose_name="类别")
    number = models.IntegerField("版本")
    content = models.JSONField("内容")
    made_at = models.DateTimeField("启用时间")
    made_by_id = models.BigIntegerField("修改账号", null=True)

    PRIVACY = {
        **dict.fromkeys(("id", "category", "number", "content", "made_at"), Privacy.PUBLIC),
        "made_by_id": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["category", "number"], name="cases_formversion_number")]


class RoutingRule(models.Model):
    """One line of the ordered table that says to whom a case goes. The first that fits and can run decides.

    categories: code prefixes; kinds, channels: values; empty lists fit everything.
    area: the rule holds for it and all below; null everywhere.
    from_minute, to_minute: time of day in Asia/Shanghai, half-open; from > to passes midnight; null always.
    organization_code: goes there, by code, so that a rule may be shipped before the organization exists;
        else serving: to the organization of that kind that serves the nearest area.
    reason: one sentence with {category}, {area} and {organization}.
    """

    position = models.IntegerField("次序")
    name = models.TextField("名称")
    categories = ArrayField(models.TextField(), verbose_name="类别", default=list)
    kinds = ArrayField(models.TextField(), verbose_name="诉求类型", default=list)
    channels = ArrayField(models.TextField(), verbose_name="来源", default=list)
    area = models.ForeignKey("territory.Area", models.PROTECT, null=True, related_name="+", verbose_name="区域")
    from_minute = models.IntegerField("起始时刻", null=True)
    to_minute = models.IntegerField("结束时刻", null=True)
    organization_code = models.TextField("承办单位编码", default="")
    serving = models.TextField("属地单位类型", default="")
    post_kind = models.TextField("岗位", default="")
    reason = models.TextField("理由")
    is_active = models.BooleanField("启用", default=True)

    PRIVACY = dict.fromkeys(
        (
            "id", "position", "name", "categories", "kinds", "channels", "area", "from_minute", "to_minute",
            "organization_code", "serving", "post_kind", "reason", "is_active",
        ),
        Privacy.INTERNAL,
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cases_routingrule_one_target",
                condition=(~Q(organization_code="") & Q(serving="")) | (Q(organization_code="") & ~Q(serving="")),
            ),
            models.CheckConstraint(
                name="cases_routingrule_minutes",
                condition=Q(from_minute__isnull=True, to_minute__isnull=True)
                | Q(from_minute__range=(0, 1439), to_minute__range=(0, 1440)),
            ),
        ]


class Phrase(models.Model):
    """A ready-made opinion (常用语) offered for a deed."""

    deed = models.TextField("环节", choices=Deed)
    position = models.IntegerField("次序")
    text = models.TextField("内容")

    PRIVACY = dict.fromkeys(("id", "deed", "position", "text"), Privacy.INTERNAL)


class Setting(models.Model):
    """A rule for cases that this office has set; it lies over the shipped one of the same key."""

    key = models.TextField("名称", primary_key=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("key", "value"), Privacy.INTERNAL)
