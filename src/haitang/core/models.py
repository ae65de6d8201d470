from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from haitang.core.looks import LOOKS
from haitang.core.privacy import Privacy


class Entry(models.Model):
    """One fact, as it happened: the audit trail, the timeline, and the source of live news.

    Append-only: the application's role may insert and select, nothing else, and a trigger refuses
    the rest. Holds no foreign keys, so no live row depends on it and none can change it.

    xid: the writing transaction, by which the seal knows that no older entry can still appear.
    salt: goes into the hash of `data` and is erased with it, so that what a lawful erasure leaves
        behind says nothing about what was there.
    """

    fact = models.TextField("事实")
    subject_type = models.TextField("对象类型")
    subject_id = models.BigIntegerField("对象")
    actor_id = models.BigIntegerField("账号", null=True)
    actor_name = models.TextField("操作人")
    organization_id = models.BigIntegerField("单位", null=True)
    organization_name = models.TextField("单位名称")
    area_path = models.TextField("区域", db_collation="C")
    data = models.JSONField("内容")
    at = models.DateTimeField("时间")
    request_id = models.TextField("请求号")
    xid = models.BigIntegerField(
        "事务号", db_default=models.expressions.RawSQL("(pg_current_xact_id()::text::bigint)", ())
    )
    salt = models.UUIDField("盐", db_default=models.expressions.RawSQL("gen_random_uuid()", ()))

    PRIVACY = {
        "fact": Privacy.INTERNAL, "subject_type": Privacy.INTERNAL, "subject_id": Privacy.INTERNAL,
        "actor_id": Privacy.PERSONAL, "actor_name": Privacy.PERSONAL,
        "organization_id": Privacy.INTERNAL, "organization_name": Privacy.INTERNAL,
        "area_path": Privacy.INTERNAL, "data": Privacy.PERSONAL, "at": Privacy.INTERNAL,
        "request_id": Privacy.INTERNAL, "xid": Privacy.INTERNAL, "salt": Privacy.INTERNAL,
    }  # fmt: skip

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="core_entry_subject"),
            models.Index(fields=["at"], name="core_entry_at"),
            models.Index(
                fields=["actor_id", "id"], name="core_entry_actor", condition=models.Q(actor_id__isnull=False)
            ),
            models.Index(
                fields=["at", "id"], include=["area_path", "actor_name", "fact"], name="core_entry_looks",
                condition=LOOKS,
            ),
            BrinIndex(fields=["xid"], autosummarize=True, name="core_entry_xid"),
        ]  # fmt: skip


class Seal(models.Model):
    """A block of the hash chain over the history; see core.seal. Append-only like the history itself.

    entry_ids, entry_hashes: the sealed entries and the hash of each, in order.
    system, id_above, xid_below: how far the history was sealed with this block. Every entry with an id up to
        id_above, and every later one of a transaction before xid_below on that database system, is in this or
        an earlier block.
    hash: over the previous block's hash and everything in this one.
    """

    previous_hash = models.BinaryField("前块摘要")
    entry_ids = ArrayField(models.BigIntegerField(), verbose_name="条目")
    entry_hashes = ArrayField(models.BinaryField(), verbose_name="条目摘要")
    system = models.TextField("数据库系统")
    id_above = models.BigIntegerField("条目下限")
    xid_below = models.BigIntegerField("事务上限")
    hash = models.BinaryField("摘要")
    at = models.DateTimeField("封存时间")

    PRIVACY = {
        "previous_hash": Privacy.INTERNAL, "entry_ids": Privacy.INTERNAL, "entry_hashes": Privacy.INTERNAL,
        "system": Privacy.INTERNAL, "id_above": Privacy.INTERNAL, "xid_below": Privacy.INTERNAL,
        "hash": Privacy.INTERNAL, "at": Privacy.INTERNAL,
    }  # fmt: skip


class PolicyVersion(models.Model):
    """When a snapshot of policy tables must be read again: see core.policy."""

    name = models.TextField("名称", primary_key=True)
    version = models.BigIntegerField("版本")

    PRIVACY = {"name": Privacy.INTERNAL, "version": Privacy.INTERNAL}


class IdempotencyKey(models.Model):
    """A write asked for under a key of the asker's choice, and what it was answered.

    party: who asked ("account:7"), so that two parties cannot meet in one key.
    """

    party = models.TextField("请求方")
    key = models.TextField("幂等键")
    body_hash = models.BinaryField("请求摘要")
    answer = models.JSONField("答复", null=True)
    at = models.DateTimeField("时间")

    PRIVACY = {
        "party": Privacy.INTERNAL, "key": Privacy.INTERNAL, "body_hash": Privacy.INTERNAL,
        "answer": Privacy.PERSONAL, "at": Privacy.INTERNAL,
    }  # fmt: skip

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "key"], name="core_idempotency_party_key")]
        indexes = [models.Index(fields=["at"], name="core_idempotency_at")]


class RateWindow(models.Model):
    """How often a party asked within the running window; shared by all processes."""

    key = models.TextField("键", primary_key=True)
    count = models.IntegerField("次数")
    resets_at = models.DateTimeField("重置时间")

    PRIVACY = {"key": Privacy.INTERNAL, "count": Privacy.INTERNAL, "resets_at": Privacy.INTERNAL}
