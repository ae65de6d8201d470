from django.db import models

from haitang.core.privacy import Privacy
from haitang.office.values import HotlineFormat, UploadState


class OwnPhrase(models.Model):
    """A person's own ready-made opinion (常用语), offered to nobody else."""

    account = models.ForeignKey("people.Account", models.CASCADE, verbose_name="账号", related_name="+")
    deed = models.TextField("环节")
    text = models.TextField("内容")

    PRIVACY = {
        "account": Privacy.PERSONAL, "deed": Privacy.INTERNAL, "text": Privacy.PERSONAL,
    }  # fmt: skip

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "deed", "text"], name="office_ownphrase_once")]


class SavedFilter(models.Model):
    """A list of cases that somebody asks for again and again. query: as it stands in the list's address."""

    account = models.ForeignKey("people.Account", models.CASCADE, verbose_name="账号", related_name="+")
    name = models.TextField("名称")
    query = models.TextField("筛选条件")
    is_pinned = models.BooleanField("显示在首页", default=False)

    PRIVACY = dict.fromkeys(("account", "name", "query", "is_pinned"), Privacy.PERSONAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="office_savedfilter_once")]


class Watch(models.Model):
    """Somebody wants to hear of every step of a case (关注). It gives no right to see it."""

    account = models.ForeignKey("people.Account", models.CASCADE, verbose_name="账号", related_name="+")
    case = models.ForeignKey("cases.Case", models.CASCADE, verbose_name="案件", related_name="+")
    since = models.DateTimeField("关注时间")

    PRIVACY = {"account": Privacy.PERSONAL, "case": Privacy.INTERNAL, "since": Privacy.INTERNAL}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "case"], name="office_watch_once")]
        indexes = [models.Index(fields=["account", "-since", "-id"], name="office_watch_account")]


class HotlineLayout(models.Model):
    """One version of how this office reads the files of a hotline (values.HotlineFormat); of a code the highest holds.

    is_active: whether it is offered for new files. An earlier version is never changed: files name the one they were
    read by.
    """

    code = models.TextField("编码", db_collation="C")
    version = models.IntegerField("版本")
    name = models.TextField("名称")
    source = models.TextField("来源系统")
    columns = models.JSONField("列对照")
    kinds = models.JSONField("诉求类型对照", default=dict)
    other_kind = models.TextField("其他诉求类型")
    channel = models.TextField("来源")
    kept = models.JSONField("保留的列", default=list)
    feedback = models.JSONField("反馈文件的列", default=list)
    is_active = models.BooleanField("启用", default=True)
    note = models.TextField("说明", default="")
    made_by_id = models.BigIntegerField("修改人", null=True)
    made_by_name = models.TextField("修改人姓名")
    made_at = models.DateTimeField("修改时间")

    PRIVACY = {
        **dict.fromkeys(
            (
                "id", "code", "version", "name", "source", "columns", "kinds", "other_kind", "channel", "kept",
                "feedback", "is_active", "note", "made_at",
            ),
            Privacy.INTERNAL,
        ),
        **dict.fromkeys(("made_by_id", "made_by_name"), Privacy.PERSONAL),
    }  # fmt: skip

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="office_layout_version")]

    @property
    def format(self) -> HotlineFormat:
        """What it says, as a value."""
        return HotlineFormat(
            self.name, self.source, self.columns, self.kinds, self.other_kind, self.channel, tuple(self.kept),
            tuple((header, word) for header, word in self.feedback),
        )  # fmt: skip


class Upload(models.Model):
    """A file of cases on its way in: checked first, taken in when its owner says so, forgotten after some days.

    kind: how it is read (values.Layout); layout: by which of the office's own versions, null by the shipped one.
    digest: the file; result_digest: the same rows with what became of each.
    does_overwrite: rows that came in before put right what the case says, instead of being passed over.
    is_whole: a row that cannot come in keeps all the others out.
    rows, sound, refused, repeated: what the check or the import found; done: how far it is.
    """

    account = models.ForeignKey("people.Account", models.CASCADE, verbose_name="账号", related_name="+")
    kind = models.TextField("格式")
    layout = models.ForeignKey(
        HotlineLayout, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="热线格式"
    )
    file_name = models.TextField("文件名")
    digest = models.TextField("文件摘要", db_collation="C")
    source = models.TextField("来源系统", default="")
    state = models.TextField("状态", choices=UploadState)
    does_overwrite = models.BooleanField("覆盖", default=False)
    is_whole = models.BooleanField("整体导入", default=False)
    rows = models.IntegerField("总行数", default=0)
    done = models.IntegerField("已处理", default=0)
    sound = models.IntegerField("可导入", default=0)
    refused = models.IntegerField("有误", default=0)
    repeated = models.IntegerField("重复", default=0)
    overwritten = models.IntegerField("更新", default=0)
    reasons = models.JSONField("有误的行", default=list)
    result_digest = models.TextField("结果文件", default="", db_collation="C")
    failure = models.TextField("失败原因", default="")
    at = models.DateTimeField("时间")

    PRIVACY = {
        **dict.fromkeys(
            (
                "kind", "layout", "digest", "source", "state", "does_overwrite", "is_whole", "rows", "done", "sound",
                "refused", "repeated", "overwritten", "result_digest", "failure", "at",
            ),
            Privacy.INTERNAL,
        ),
        **dict.fromkeys(("account", "file_name", "reasons"), Privacy.PERSONAL),
    }  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["account", "-at", "-id"], name="office_upload_account")]


class Ticket(models.Model):
    """What the hotline last said of a case that came from it, beside what is the case's own: its classes and call-back.

    columns: by the hotline's own headers, those that its layout keeps; never a name, a telephone, or the matter's text.
    """

    case = models.OneToOneField("cases.Case", models.CASCADE, verbose_name="案件", related_name="+")
    source = models.TextField("来源系统")
    number = models.TextField("工单编号", db_collation="C")
    columns = models.JSONField("热线信息", default=dict)
    at = models.DateTimeField("更新时间")

    PRIVACY = {
        **dict.fromkeys(("case", "source", "number", "at"), Privacy.INTERNAL), "columns": Privacy.PERSONAL,
    }  # fmt: skip

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="office_ticket_once")]
