from django.db import models

from haitang.core.privacy import Privacy


class ProjectFile(models.Model):
    """A sheet of projects on its way in: looked through, then taken in by whoever brought it, or never.

    known: rows whose project is on the list already. reasons: [[line, why]] of the rows that cannot be taken in.
    taken_at: None until it is.
    """

    account_id = models.BigIntegerField("账号")
    file_name = models.TextField("文件名")
    digest = models.TextField("摘要", db_collation="C")
    rows = models.IntegerField("条数")
    sound = models.IntegerField("可导入")
    known = models.IntegerField("已在清单中")
    reasons = models.JSONField("未导入原因")
    brought_at = models.DateTimeField("上传时间")
    taken_at = models.DateTimeField("导入时间", null=True)

    PRIVACY = {
        **dict.fromkeys(("id", "digest", "rows", "sound", "known", "brought_at", "taken_at"), Privacy.INTERNAL),
        **dict.fromkeys(("account_id", "file_name", "reasons"), Privacy.PERSONAL),
    }

    class Meta:
        indexes = [models.Index(fields=["account_id", "-brought_at"], name="projects_file_account")]
