"""`haitang ferry-in FILE…`: take in packages that were carried here, in the order of their numbers."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from haitang.core import access, clock
from haitang.core.access import EVERYWHERE, Grant
from haitang.core.errors import Refusal
from haitang.ferry import actions
from haitang.ferry.values import SUFFIX, Permission

ACTOR = access.system("命令行", Grant(Permission.CARRY, area_path=EVERYWHERE))


class Command(BaseCommand):
    """Takes each in by itself; stops at the first that is refused."""

    help = "网闸摆渡：导入带来的摆渡包（文件，或放着它们的目录）；重复的跳过，有问题的拒绝"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("paths", nargs="+", type=Path, metavar="文件或目录")

    def handle(self, *, paths: list[Path], **options: object) -> None:
        """Take in as the system: whoever can run commands on the machine owns it."""
        files = [file for path in paths for file in (sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else [path])]
        if not files:
            raise CommandError(f"目录里没有 {SUFFIX} 文件")
        for file in files:
            try:
                taken = actions.take_in_package(
                    actor=ACTOR, data=file.read_bytes(), file_name=file.name, now=clock.now()
                )
            except Refusal as refusal:
                raise CommandError(f"{file.name}：{refusal.message}") from refusal
            except OSError as error:
                raise CommandError(f"{file.name}：读不出来（{error.strerror}）") from error
            if taken.is_repeated:
                self.stdout.write(f"{file.name}：以前导入过，跳过")
                continue
            self.stdout.write(f"{file.name}：案件 {taken.package.cases}，进展 {taken.package.steps}")
            for number, why in taken.package.problems:
                self.stdout.write(f"  {number}：{why}")
