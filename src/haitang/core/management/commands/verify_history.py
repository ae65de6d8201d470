"""`haitang verify-history`: compare the history with its seal."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from haitang.core import seal

SHOWN_MAX = 50


class Command(BaseCommand):
    """Prints what was found; status 1 when something is not as it was sealed."""

    help = "核验历史记录：找出被改动、删除、补入的条目"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the hash of a block that was noted elsewhere."""
        parser.add_argument("--expect", default="", help="另行保存的块摘要；找不到它即为缺失")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and report."""
        report = seal.verify(expected=options["expect"])
        for finding in report.findings[:SHOWN_MAX]:
            self.stdout.write(finding.sentence)
        if len(report.findings) > SHOWN_MAX:
            self.stdout.write(f"…… 另有 {len(report.findings) - SHOWN_MAX} 处")
        self.stdout.write(
            f"共 {report.blocks} 块，{report.sealed} 条已封存，{report.waiting} 条待封存，"
            f"{report.erased} 条内容已依法清除"
        )
        if report.head:
            self.stdout.write(f"最后一块的摘要（请另行保存，下次用 --expect 核对）：{report.head}")
        if report.findings:
            raise CommandError(f"历史记录有 {len(report.findings)} 处与封存不符")
        self.stdout.write("历史记录与封存一致。")
