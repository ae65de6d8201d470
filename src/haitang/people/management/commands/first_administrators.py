"""`haitang first-administrators`: the three accounts with which an office begins."""

from django.core.management.base import BaseCommand, CommandError

from haitang.core import clock
from haitang.core.access import EVERYWHERE, Grant, system
from haitang.core.errors import Refusal
from haitang.people import actions
from haitang.people.values import Permission


class Command(BaseCommand):
    """Makes them once and prints their first passwords; afterwards administrators make accounts."""

    help = "新装的实例：建立系统、安全、审计三员的首个账号，打印初始密码（只显示这一次）"

    def handle(self, *args: object, **options: object) -> None:
        """Make the accounts as the system: whoever can run commands on the machine owns it."""
        held = (Permission.ACCOUNT_MANAGE, Permission.GRANT_MANAGE)
        actor = system("命令行", *(Grant(permission, area_path=EVERYWHERE) for permission in held))
        try:
            passwords = actions.appoint_first_administrators(actor=actor, now=clock.now())
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        for username, password in passwords.items():
            self.stdout.write(f"{username:<12}{password}")
        self.stdout.write("请分别交给三个人；首次登录时须修改密码。")
