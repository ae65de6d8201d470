from django.db import models

from haitang.core.privacy import Privacy
from haitang.volunteers.values import ImportState


class VolunteerImport(models.Model):
    """A file of people that somebody has brought: checked first, taken in once they say so, then removed.

    reasons: [[line, why]] of the rows that cannot be used; they may quote the file, so they go with it.
    sound: rows that can be entered (that were, once done). known: people who stand in the register already.
    """

    account_id = models.BigIntegerField("账号", null=True)
    unit = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="单位"
    )
    file_name = models.TextField("文件名")
    digest = models.TextField("文件", default="")
    state = models.TextField("状态", choices=ImportState)
    sound = models.IntegerField("可登记行数")
    known = models.IntegerField("已在册行数")
    refused = models.IntegerField("未通过行数")
    reasons = models.JSONField("未通过原因", default=list)
    at = models.DateTimeField("上传时间", db_index=True)

    PRIVACY = {
        **dict.fromkeys(
            ("id", "account_id", "unit", "digest", "state", "sound", "known", "refused", "at"), Privacy.INTERNAL
        ),
        **dict.fromkeys(("file_name", "reasons"), Privacy.PERSONAL),
    }
