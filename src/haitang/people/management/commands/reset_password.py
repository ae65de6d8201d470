"""`haitang reset-password`: for administrators, whose passwords no other administrator sets."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from haitang.core import clock
from haitang.core.access import EVERYWHERE, Grant, system
from haitang.core.errors import Refusal
from haitang.people import actions, queries
from haitang.people.values import Permission, random_password


class Command(BaseCommand):
    """Sets a random password, which must be changed at the next sign-in, and prints it once."""

    help = "重设一个账号的密码，打印初始密码（只显示这一次）；安全、审计管理员忘记密码时使用"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("username", help="账号")
        parser.add_argument("--factors", action="store_true", help="同时清除双因素认证（手机和恢复码都已遗失）")

    def handle(self, *args: object, **options: object) -> None:
        """Reset as the system: whoever can run commands on the machine owns it. The history says that it happened."""
        held = (Permission.ACCOUNT_MANAGE, Permission.GRANT_MANAGE)
        actor = system("命令行", *(Grant(permission, area_path=EVERYWHERE) for permission in held))
        password = random_password()
        try:
            account_id = queries.get_account_id(str(options["username"]))
            actions.reset_password(actor=actor, account_id=account_id, password=password, now=clock.now())
            if options["factors"]:
                actions.reset_factors(actor=actor, account_id=account_id, reason="命令行", now=clock.now())
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(password)
        self.stdout.write("请交给本人；下次登录时须修改密码。")
