from django.db import models
from django.db.models import Q

from haitang.core.privacy import Privacy


class ImportRun(models.Model):
    """One file being taken in, so that an interrupted import goes on where it stopped.

    digest: SHA-256 over the file, its map and its source: another map is another import.
    batch_rows: rows to a batch; kept, because batches are counted by it.
    """

    digest = models.TextField("文件摘要", db_collation="C")
    file_name = models.TextField("文件名")
    source = models.TextField("来源系统")
    batch_rows = models.IntegerField("每批行数")
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("完成时间", null=True)

    PRIVACY = dict.fromkeys(
        ("id", "digest", "file_name", "source", "batch_rows", "started_at", "finished_at"), Privacy.INTERNAL
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["digest"], condition=Q(finished_at__isnull=True), name="cases_importrun_unfinished"
            )
        ]


class ImportBatch(models.Model):
    """One committed batch of an import: its cases are there if and only if this row is.

    refused: [line, reason] of each row that was not taken.
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="batches")
    number = models.IntegerField("批次")
    loaded = models.IntegerField("导入行数")
    refused = models.JSONField("未导入的行")

    PRIVACY = {
        **dict.fromkeys(("id", "run", "number", "loaded"), Privacy.INTERNAL),
        "refused": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="cases_importbatch_once")]
