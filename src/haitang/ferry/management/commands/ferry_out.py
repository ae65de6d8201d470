"""`haitang ferry-out PARTNER DIR`: make the next package for a zone and write it to a folder."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from haitang.core import access, clock
from haitang.core.access import EVERYWHERE, Grant
from haitang.core.errors import Refusal
from haitang.ferry import actions, queries
from haitang.ferry.values import Permission

ACTOR = access.system("命令行", Grant(Permission.CARRY, area_path=EVERYWHERE))


class Command(BaseCommand):
    """Makes packages until nothing waits, and writes each; `--again` writes one that was made before."""

    help = "网闸摆渡：生成给某个区域的摆渡包，写到目录（例如 U 盘）；没有内容时不生成"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("partner", help="对方区域代码")
        parser.add_argument("directory", type=Path, help="写到哪个目录")
        parser.add_argument("--again", action="store_true", help="把已生成而对方尚未导入的包也重新写一遍")

    def handle(self, *, partner: str, directory: Path, again: bool, **options: object) -> None:
        """Make and write as the system: whoever can run commands on the machine owns it."""
        if not directory.is_dir():
            raise CommandError("没有这个目录")
        try:
            found = queries.list_unarrived(viewer=ACTOR, partner_code=partner) if again else []
            while (made := actions.make_ferry_package(actor=ACTOR, partner_code=partner, now=clock.now())) is not None:
                found.append(made)
                if not (made.cases or made.steps):
                    break  # it only says what has arrived here
            for package in found:
                _package, data = queries.read_package(viewer=ACTOR, package_id=package.pk)
                path = directory / queries.file_name(package)
                partial = path.with_name(f".{path.name}.part")
                partial.write_bytes(data)
                partial.replace(path)
                self.stdout.write(f"{path}（案件 {package.cases}，进展 {package.steps}，照片 {package.photos}）")
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        except OSError as error:
            raise CommandError(f"写不进去：{error.strerror}；已生成的包可用 --again 重新写出") from error
        if not found:
            self.stdout.write("没有要带走的内容")
