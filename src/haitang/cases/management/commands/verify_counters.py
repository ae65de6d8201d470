"""`haitang verify-counters`: compare the counters with a recount of cases and history."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from haitang.cases import queries

SHOWN_MAX = 50


class Command(BaseCommand):
    """Prints every difference; status 1 when there is one. Reads everything: run it when few are at work."""

    help = "核对统计数：与按案件和历史逐条重新计数的结果比较"

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare and report; what changes while it reads may show as a difference that is none."""
        kept, true = queries.counted(), queries.recount()
        wrong = sorted(key for key in kept.keys() | true.keys() if kept.get(key, 0) != true.get(key, 0))
        for day, areas, category, channel, measure in wrong[:SHOWN_MAX]:
            key = (day, areas, category, channel, measure)
            self.stdout.write(
                f"{day} 区域 {areas[-1]} 类别 {category} 来源 {channel} 指标 {measure}："
                f"统计为 {kept.get(key, 0)}，应为 {true.get(key, 0)}"
            )
        self.stdout.write(f"核对 {len(true)} 个统计数")
        if wrong:
            raise CommandError(f"有 {len(wrong)} 个统计数与重新计数不符")
        self.stdout.write("统计数与重新计数一致。")
