"""`haitang import-cases FILE`: take over the cases of another system."""

import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from haitang.cases import actions, queries
from haitang.cases.values import Permission
from haitang.core import clock
from haitang.core.access import EVERYWHERE, Grant, system
from haitang.core.errors import Refusal
from haitang.core.tables import PLAIN, load_map


class Command(BaseCommand):
    """Imports a table of cases; interrupted, it is simply run again."""

    help = "从 csv 或 Excel 文件导入案件，未导入的行及原因写入结果文件；中断后重新运行即可继续"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("file", type=Path, help="csv（UTF-8 或 GBK）、tsv 或 Excel 文件")
        parser.add_argument("--map", type=Path, help="列与取值的对照文件（TOML）")
        parser.add_argument("--result", type=Path, help="结果文件，默认在同一目录：文件名_导入结果.csv")
        parser.add_argument("--source", default="", help="来源系统名称，默认取对照文件的 source，或文件名")
        parser.add_argument("--batch", type=int, default=actions.BATCH_ROWS, help="每批行数")
        parser.add_argument("--check", action="store_true", help="只检查，不导入")

    def handle(self, *, file: Path, map: Path | None, result: Path | None, **options: object) -> None:  # noqa: A002 - the option is named --map
        """Import as the system: whoever can run commands on the machine owns it."""
        result = result or file.with_name(f"{file.stem}_导入结果.csv")
        self._began = time.monotonic()
        try:
            summary = actions.import_cases(
                actor=system("命令行", Grant(Permission.REPORT, area_path=EVERYWHERE)),
                now=clock.now(),
                path=file,
                table_map=load_map(map, queries.import_columns()) if map else PLAIN,
                source=str(options["source"]),
                result_path=result,
                batch_rows=int(str(options["batch"])),
                check_only=bool(options["check"]),
                progress=self._tell,
            )
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write("")
        done = "可导入" if options["check"] else "已导入"
        self.stdout.write(f"{done} {summary.loaded} 件，未导入 {summary.refused} 行（其中重复 {summary.repeated} 行）")
        if summary.masked:
            self.stdout.write(f"办理结果中有 {summary.masked} 处电话、证件号、卡号或邮箱，已隐去")
        if summary.refused:
            self.stdout.write(f"未导入的行及原因：{result}")

    def _tell(self, summary: actions.ImportSummary) -> None:
        rate = summary.done / max(time.monotonic() - self._began, 0.001)
        self.stdout.write(
            f"\r{summary.done}/{summary.rows} 行，已导入 {summary.loaded}，未导入 {summary.refused}，{rate:.0f} 行/秒",
            ending="",
        )
        self.stdout.flush()
