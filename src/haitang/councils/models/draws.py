from django.db import models
from django.db.models import F, Q

from haitang.core.privacy import Privacy
from haitang.councils.lifecycle import CandidateStatus, DrawStatus
from haitang.councils.models.councils import Council
from haitang.councils.values import AgeBand

SEED, CANDIDATE = "councils.draw.seed", "councils.draw.candidate"
"""The contexts under which the seed of a draw, and who is behind a number, are sealed."""


class Draw(models.Model):
    """A draw by lot of people who take part.

    commitment: the digest of the seed, public from the beginning; seed_sealed: the seed until it is told; seed: from
    then on. witness: what the public added after the list was closed. list_digest: of the list as published then.
    by_area, by_age: what the strata are made of.
    """

    council = models.ForeignKey(Council, models.PROTECT, related_name="draws", verbose_name="议事组织")
    title = models.TextField("名称")
    seats = models.IntegerField("抽选人数")
    by_area = models.BooleanField("按小区分组", default=False)
    by_age = models.BooleanField("按年龄段分组", default=False)
    status = models.TextField("状态", choices=DrawStatus, default=DrawStatus.OPEN)
    commitment = models.TextField("种子摘要")
    seed_sealed = models.BinaryField("种子（密文）", default=b"")
    seed = models.TextField("种子", default="")
    witness = models.TextField("现场见证文字", default="")
    list_digest = models.TextField("名单摘要", default="")
    begun_at = models.DateTimeField("公布时间")
    frozen_at = models.DateTimeField("锁定时间", null=True)
    drawn_at = models.DateTimeField("抽选时间", null=True)

    SEALED_FOR = {"seed_sealed": SEED}
    PRIVACY = {
        **dict.fromkeys(
            (
                "title", "seats", "by_area", "by_age", "status", "commitment", "seed", "witness", "list_digest",
                "begun_at", "frozen_at", "drawn_at",
            ),
            Privacy.PUBLIC,
        ),
        **dict.fromkeys(("id", "council"), Privacy.INTERNAL),
        "seed_sealed": Privacy.SECRET,
    }  # fmt: skip

    class Meta:
        indexes = [models.Index(F("begun_at").desc(), F("id").desc(), name="councils_draw_begun")]
        constraints = [
            models.CheckConstraint(
                name="councils_draw_told",
                condition=Q(status=DrawStatus.DRAWN, drawn_at__isnull=False, frozen_at__isnull=False, seed_sealed=b"")
                | (~Q(status=DrawStatus.DRAWN) & Q(seed="", drawn_at=None) & ~Q(seed_sealed=b"")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DrawCandidate(models.Model):
    """Somebody on the list, under a number. who_sealed: name and how to reach them, erased after a time.

    place: in the order of all, from 1, once drawn. account: of who has put themselves on the list.
    """

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="candidates", verbose_name="抽选")
    number = models.IntegerField("编号")
    area_name = models.TextField("小区", default="")
    age_band = models.TextField("年龄段", choices=AgeBand, default=AgeBand.UNSAID, blank=True)
    who_sealed = models.BinaryField("姓名和联系方式（密文）", default=b"")
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name="账号")
    place = models.IntegerField("抽签次序", null=True)
    status = models.TextField("状态", choices=CandidateStatus, default=CandidateStatus.LISTED)

    SEALED_FOR = {"who_sealed": CANDIDATE}
    PRIVACY = {
        **dict.fromkeys(("number", "place", "status"), Privacy.PUBLIC),
        **dict.fromkeys(("id", "draw"), Privacy.INTERNAL),
        **dict.fromkeys(("area_name", "age_band", "account"), Privacy.PERSONAL),
        "who_sealed": Privacy.SENSITIVE,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "number"], name="councils_candidate_number"),
            models.UniqueConstraint(
                fields=["draw", "account"], name="councils_candidate_once", condition=Q(account__isnull=False)
            ),
        ]  # fmt: skip
