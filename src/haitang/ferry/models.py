from django.db import models
from django.db.models import Q

from haitang.core import crypto
from haitang.core.privacy import Privacy
from haitang.ferry.values import Card, Direction, Outcome

SIGNING, OPENING = "ferry.zone.signing", "ferry.zone.opening"
"""The contexts under which private keys are sealed."""


class Zone(models.Model):
    """What this installation is called by its partners, with its keys. The newest row holds; older ones only open.

    signing_sealed, opening_sealed: the private keys (Ed25519, X25519); signing, sealing: their public halves.
    """

    code = models.TextField("区域代码", db_collation="C")
    name = models.TextField("名称")
    signing = models.TextField("签名公钥", db_collation="C")
    sealing = models.TextField("加密公钥", db_collation="C")
    signing_sealed = models.BinaryField("签名私钥")
    opening_sealed = models.BinaryField("解密私钥")
    made_at = models.DateTimeField("生成时间")

    SEALED_FOR = {"signing_sealed": SIGNING, "opening_sealed": OPENING}
    PRIVACY = {
        **dict.fromkeys(("code", "name", "signing", "sealing"), Privacy.PUBLIC),
        **dict.fromkeys(("id", "made_at"), Privacy.INTERNAL),
        **dict.fromkeys(("signing_sealed", "opening_sealed"), Privacy.SECRET),
    }

    @property
    def card(self) -> Card:
        """What partners are given."""
        return Card(self.code, self.name, self.signing, self.sealing)

    @property
    def signing_key(self) -> str:
        """Return the private key to sign with. For actions only."""
        return crypto.open_(self.signing_sealed, SIGNING)

    @property
    def opening_key(self) -> str:
        """Return the private key to open contents with. For actions only."""
        return crypto.open_(self.opening_sealed, OPENING)


class Partner(models.Model):
    """A zone with which packages are exchanged.

    hands: new cases of `area`, reported since `since`, are handed across to it. takes: cases that it hands across are
        taken in here; those whose area is unknown here go into `area`.
    organization: the desk here that stands for it on the cases it deals with.
    sent, sent_digest: number and digest of the last package made for it; received, received_digest: of the last taken.
    """

    code = models.TextField("区域代码", unique=True, db_collation="C")
    name = models.TextField("名称")
    signing = models.TextField("签名公钥", db_collation="C")
    sealing = models.TextField("加密公钥", db_collation="C")
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="区域范围")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="+", verbose_name="代表对方的单位"
    )
    hands = models.BooleanField("向其转出案件", default=False)
    takes = models.BooleanField("接收其转来的案件", default=False)
    since = models.DateTimeField("从何时的案件起")
    is_active = models.BooleanField("启用", default=True)
    sent = models.IntegerField("已生成到", default=0)
    sent_digest = models.TextField("上一包摘要", default="", db_collation="C")
    received = models.IntegerField("已导入到", default=0)
    received_digest = models.TextField("上一导入包摘要", default="", db_collation="C")

    PRIVACY = {
        **dict.fromkeys(("code", "name", "signing", "sealing"), Privacy.PUBLIC),
        **dict.fromkeys(
            (
                "id", "area", "organization", "hands", "takes", "since", "is_active", "sent", "sent_digest", "received",
                "received_digest",
            ),
            Privacy.INTERNAL,
        ),
    }  # fmt: skip

    @property
    def card(self) -> Card:
        """How it is known."""
        return Card(self.code, self.name, self.signing, self.sealing)


class Package(models.Model):
    """A package made, or taken in. Numbers have no gap in either direction, and each is there once.

    file: of one made, its name in the store, "" once it has arrived. arrived_at: when the partner's next package said
        so; of one taken in, when that was. problems: [[case's number, why]] of what could not be made of it here.
    """

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="packages")
    direction = models.TextField("方向", choices=Direction)
    number = models.IntegerField("包号")
    digest = models.TextField("摘要", db_collation="C")
    cases = models.IntegerField("案件数")
    steps = models.IntegerField("进展数")
    photos = models.IntegerField("照片数")
    size = models.IntegerField("字节")
    file = models.TextField("文件", default="", db_collation="C")
    at = models.DateTimeField("时间")
    account_id = models.BigIntegerField("经办账号", null=True)
    arrived_at = models.DateTimeField("送达时间", null=True)
    problems = models.JSONField("未能办到的", default=list)

    PRIVACY = {
        **dict.fromkeys(
            (
                "id", "partner", "direction", "number", "digest", "cases", "steps", "photos", "size", "file", "at",
                "arrived_at", "problems",
            ),
            Privacy.INTERNAL,
        ),
        "account_id": Privacy.PERSONAL,
    }  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "direction", "number"], name="ferry_package_once"),
            models.CheckConstraint(name="ferry_package_number", condition=Q(number__gte=1)),
        ]

    @property
    def is_out(self) -> bool:
        """Whether it was made here."""
        return self.direction == Direction.OUT


class Crossing(models.Model):
    """A case that two zones have in common: handed across by us, or taken in from there.

    number: the case's number in the other zone's records, ours where it was handed across. package: in which it went.
    entry_id, photo_id: up to where its history and its photos have been told to the partner.
    """

    case = models.OneToOneField("cases.Case", models.CASCADE, related_name="+", verbose_name="案件")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    package = models.ForeignKey(Package, models.PROTECT, related_name="+")
    is_handed = models.BooleanField("转出")
    number = models.TextField("案件编号", db_collation="C")
    entry_id = models.BigIntegerField("已告知到", default=0)
    photo_id = models.BigIntegerField("照片已告知到", default=0)

    PRIVACY = dict.fromkeys(
        ("id", "case", "partner", "package", "is_handed", "number", "entry_id", "photo_id"), Privacy.INTERNAL
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "number"], name="ferry_crossing_number")]


class Arrival(models.Model):
    """A file that was brought, and what came of it. partner, number: None where they cannot be believed."""

    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")
    number = models.IntegerField("包号", null=True)
    file_name = models.TextField("文件名")
    digest = models.TextField("文件摘要", db_collation="C")
    outcome = models.TextField("结果", choices=Outcome)
    reason = models.TextField("理由", default="")
    at = models.DateTimeField("时间", db_index=True)
    account_id = models.BigIntegerField("经办账号", null=True)

    PRIVACY = {
        **dict.fromkeys(
            ("id", "partner", "number", "file_name", "digest", "outcome", "reason", "at"), Privacy.INTERNAL
        ),
        "account_id": Privacy.PERSONAL,
    }
