"""`haitang demo`: build the demo city, print its accounts, or keep it moving."""

import os
import time

from django.core.management.base import BaseCommand, CommandError, CommandParser

from haitang.core import clock
from haitang.demo import live, staff, timeline
from haitang.demo.build import Builder, is_begun, is_finished


class Command(BaseCommand):
    """Builds the demo city, or goes on where an interrupted build stopped; a finished one is left as it is."""

    help = "装入演示城市（可中断后重来）；--live 让它持续运转，--accounts 只打印账号"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("--live", action="store_true", help="持续产生新案件和办理动作，Ctrl-C 停止")
        parser.add_argument("--resume", action="store_true", help="只继续被中断的装入；没有开始过或已完成则什么也不做")
        parser.add_argument("--every", type=float, default=4.0, help="--live 时大约每多少秒一个动作，默认 4")
        parser.add_argument("--turns", type=int, help="--live 时做多少个动作后停止，默认不停")
        parser.add_argument("--cases", type=int, default=timeline.CASES, help=f"案件数，默认 {timeline.CASES}")
        parser.add_argument("--accounts", action="store_true", help="只打印演示账号；不是演示城市则什么也不打印")

    def handle(self, **options: object) -> None:
        """Refuse on an installation in use; otherwise do what was asked."""
        if options["accounts"]:
            if is_finished():
                self._tell_accounts()
            return
        if options["resume"] and (is_finished() or not is_begun()):
            return
        if os.environ.get("HAITANG_ENV") == "production":
            raise CommandError("HAITANG_ENV=production：正式环境不装入演示城市，演示账号的密码是公开的")
        began, was_finished = time.monotonic(), is_finished()
        builder = Builder(now=clock.now(), say=self._say, count=int(str(options["cases"])))
        builder.build()
        done = "早已装入" if was_finished else f"已就绪，用时 {time.monotonic() - began:.0f} 秒"
        self._say(f"演示城市{done}。")
        self._tell_accounts()
        if options["live"]:
            self._say("城市运转中，Ctrl-C 停止。")
            turns = options["turns"]
            try:
                live.keep_moving(
                    builder.city, builder.seats, seconds=float(str(options["every"])), say=self._say,
                    turns=int(str(turns)) if turns is not None else None,
                )  # fmt: skip
            except KeyboardInterrupt:
                self._say("已停止。")

    def _tell_accounts(self) -> None:
        self._say(f"演示账号（密码均为 {staff.PASSWORD}）：")
        for username, title in staff.SHOWN.items():
            self._say(f"  {username:<12}{title}")
        self._say("演示不要求双因素认证；HAITANG_ENV=production 时，管理员和可查看完整联系方式的人必须启用。")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
