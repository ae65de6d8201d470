"""`haitang import-categories FILE`: take over a city's own table of categories."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from haitang.cases import actions
from haitang.cases.values import Permission
from haitang.core import clock
from haitang.core.access import EVERYWHERE, Actor, Grant, system
from haitang.core.errors import Refusal


class Command(BaseCommand):
    """Prints what came of the rows, and every refused one with its reason."""

    help = "导入类别表（类型、大类代码、大类名称、小类代码、小类名称），csv 或 xlsx；或导出的整本目录，xlsx"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("file", type=Path, help="类别表")
        parser.add_argument("--overwrite", action="store_true", help="名称以表中的为准；默认保留已有名称")

    def handle(self, *, file: Path, overwrite: bool, **options: Any) -> None:
        """Import as the system: whoever can run commands on the machine owns it."""
        actor = system("命令行", Grant(Permission.MANAGE_CATALOG, area_path=EVERYWHERE))
        try:
            if not overwrite and file.suffix.lower() == ".xlsx":
                self._whole(actor, file)
                return
            done = actions.import_categories(actor=actor, path=file, overwrite=overwrite, now=clock.now())
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        for line, reason in done.refused:
            self.stdout.write(f"第 {line} 行：{reason}")
        self.stdout.write(
            f"新增 {done.made} 类，改名 {done.renamed} 类，保留 {done.unchanged} 类，退回 {len(done.refused)} 行"
        )

    def _whole(self, actor: Actor, file: Path) -> None:
        """Import a workbook with limits, conditions, questions and phrases: all of it or nothing."""
        done = actions.import_any_catalog(actor=actor, path=file, now=clock.now())
        for sheet, line, reason in done.refused:
            self.stdout.write(f"{sheet} 第 {line} 行：{reason}")
        if done.refused:
            raise CommandError(f"有 {len(done.refused)} 行不能用，没有导入")
        self.stdout.write(f"新增 {len(done.made)} 项，更改 {len(done.changed)} 项，不变 {done.unchanged} 项")
