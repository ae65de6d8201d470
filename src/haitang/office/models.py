from django.db import models

from haitang.core.privacy import Privacy


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
