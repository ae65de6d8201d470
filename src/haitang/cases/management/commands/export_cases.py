"""`haitang export-cases OUT`: write cases to a table that can be imported again."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from haitang.cases import actions, queries
from haitang.cases.lifecycle import Status
from haitang.cases.values import Permission
from haitang.core import clock
from haitang.core.access import EVERYWHERE, Grant, system
from haitang.core.errors import Invalid, Refusal
from haitang.core.tables import GBK, UTF8, parse_instant, write_csv, write_xlsx
from haitang.territory.queries import territory


class Command(BaseCommand):
    """Exports cases, oldest first, reporters masked unless a reason is given."""

    help = "导出案件为 csv 或 xlsx，可重新导入；诉求人姓名、电话默认隐去"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("out", type=Path, help="输出文件")
        parser.add_argument("--area", default="", help="区域编码，含其下各级")
        parser.add_argument("--from", dest="from_at", default="", help="上报时间起（含）")
        parser.add_argument("--to", dest="to_at", default="", help="上报时间止（不含）")
        parser.add_argument("--status", action="append", default=[], choices=Status.values, help="状态，可多次")
        parser.add_argument("--category", default="", help="类别编码，含其下各类")
        parser.add_argument("--channel", default="", help="来源")
        parser.add_argument("--format", choices=["csv", "xlsx"], help="默认按文件名")
        parser.add_argument("--gbk", action="store_true", help="csv 用 GBK 编码，默认 UTF-8")
        parser.add_argument("--unmask", metavar="理由", help="导出完整的姓名、电话，须写明理由并留痕")
        parser.add_argument("--confidential", action="store_true", help="包括举报件")

    def handle(self, *, out: Path, **options: object) -> None:
        """Export as the system, holding no more than was asked for."""
        held = [Permission.VIEW, Permission.EXPORT]
        held += [Permission.UNMASK] if options["unmask"] is not None else []
        held += [Permission.VIEW_CONFIDENTIAL] if options["confidential"] else []
        unmask = options["unmask"]
        try:
            columns, rows = actions.export_cases(
                actor=system("命令行", *(Grant(permission, area_path=EVERYWHERE) for permission in held)),
                now=clock.now(),
                wanted=self._wanted(options),
                unmask_reason=str(unmask) if unmask is not None else None,
            )
            if (options["format"] or out.suffix.lstrip(".").lower()) == "xlsx":
                write_xlsx(rows, columns, out)
            else:
                partial = out.with_name(out.name + ".part")
                with partial.open("wb") as file:
                    file.writelines(write_csv(rows, columns, encoding=GBK if options["gbk"] else UTF8))
                partial.replace(out)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"已导出到 {out}")

    def _wanted(self, options: dict[str, Any]) -> queries.CaseFilter:
        path = ""
        if options["area"]:
            area = territory().by_code(str(options["area"]))
            if area is None:
                raise Invalid("没有这个区域编码")
            path = area.path
        return queries.CaseFilter(
            area_path=path,
            statuses=tuple(options["status"]),
            category=str(options["category"]),
            channel=str(options["channel"]),
            from_at=_instant(options["from_at"]),
            to_at=_instant(options["to_at"]),
        )


def _instant(typed: object) -> datetime | None:
    return parse_instant(str(typed)) if typed else None
