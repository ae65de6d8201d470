from django.contrib.postgres.fields import ArrayField
from django.db import models

from haitang.core.privacy import Privacy


class CountDelta(models.Model):
    """A change to the counters, appended in the transaction of the deed, folded into `Count` later.

    area_ids: the case's areas from the root to its own. measure: see queries.counting.
    """

    day = models.DateField("日期")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    category_id = models.BigIntegerField("类别")
    channel = models.TextField("来源")
    measure = models.TextField("指标")
    n = models.IntegerField("增量")

    PRIVACY = dict.fromkeys(("id", "day", "area_ids", "category_id", "channel", "measure", "n"), Privacy.PUBLIC)


class Count(models.Model):
    """How many cases, by area at every level, stretch of days and one dimension: every measure that is not zero.

    grain: "d" a day, "t" a third of a month (旬), "m" a month, "q" a quarter; start is its first day.
    dimension: "all", "category", "channel", and at the area of the case itself "both" (value "category|channel").
    counts: measure to number; rows are added up by the database function `cases_counts_plus`.
    """

    pk = models.CompositePrimaryKey("area_id", "dimension", "grain", "start", "value")
    area_id = models.BigIntegerField("区域")
    dimension = models.TextField("维度", db_collation="C")
    grain = models.TextField("粒度", db_collation="C")
    start = models.DateField("起始日")
    value = models.TextField("值", db_collation="C")
    counts = models.JSONField("各指标的数量")

    PRIVACY = dict.fromkeys(("area_id", "dimension", "grain", "start", "value", "counts"), Privacy.PUBLIC)
