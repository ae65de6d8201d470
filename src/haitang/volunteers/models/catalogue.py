from django.db import models

from haitang.core.privacy import Privacy
from haitang.volunteers.values import ItemKind


class CatalogueItem(models.Model):
    """One skill, language or other force of the catalogue.

    is_active: offered to be ticked; who has it already keeps it. is_shipped: as a release ships it, untouched here.
    """

    kind = models.TextField("目录", choices=ItemKind)
    code = models.TextField("代码")
    name = models.TextField("名称")
    group = models.TextField("分组", default="")
    source = models.TextField("依据", default="")
    is_active = models.BooleanField("启用", default=True)
    is_shipped = models.BooleanField("系统预置", default=False)

    PRIVACY = dict.fromkeys(
        ("id", "kind", "code", "name", "group", "source", "is_active", "is_shipped"), Privacy.PUBLIC
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], name="volunteers_item_once"),
            models.UniqueConstraint(fields=["kind", "name"], name="volunteers_item_name"),
        ]


class ConsentText(models.Model):
    """A wording to which people agree before anything is kept; never changed, a new one takes a new version.

    The shipped text is the first and stands in no row. made_by_id: the account.
    """

    version = models.TextField("版本", unique=True)
    purpose = models.TextField("用途")
    kept = models.TextField("保存什么")
    rights = models.TextField("您的权利")
    source = models.TextField("依据")
    made_at = models.DateTimeField("启用时间")
    made_by_id = models.BigIntegerField("修改账号", null=True)

    PRIVACY = {
        **dict.fromkeys(("version", "purpose", "kept", "rights", "source", "made_at"), Privacy.PUBLIC),
        **dict.fromkeys(("id", "made_by_id"), Privacy.INTERNAL),
    }


class VolunteerSetting(models.Model):
    """One of the rules for the register, as the office has set it; lies over the shipped one."""

    key = models.TextField("名称", unique=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("id", "key", "value"), Privacy.INTERNAL)
