"""`haitang open-data DIR`: write what is, or would be, open to a folder."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from haitang.core import access, clock
from haitang.core.access import EVERYWHERE, Grant
from haitang.core.errors import Refusal
from haitang.opendata import actions
from haitang.opendata.values import Permission

ACTOR = access.system("命令行", Grant(Permission.MANAGE, area_path=EVERYWHERE))


class Command(BaseCommand):
    """Writes every month that the rules tell of, whether open data are on or not."""

    help = "按现行规则把可开放的数据（不含个人信息）写到目录：每月 csv、json、geojson 和目录 data.json"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("directory", type=Path, help="写到哪个目录")

    def handle(self, *, directory: Path, **options: object) -> None:
        """Write as the system: whoever can run commands on the machine owns it."""
        if not directory.is_dir():
            raise CommandError("没有这个目录")
        try:
            months = actions.write_open_data(actor=ACTOR, folder=directory, now=clock.now())
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        except OSError as error:
            raise CommandError(f"写不进去：{error.strerror}") from error
        self.stdout.write(f"已写出 {months} 个月" if months else "没有可开放的数据")
