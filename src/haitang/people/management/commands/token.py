"""`haitang token USERNAME`: print a new token for the API."""

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError, CommandParser

from haitang.core import clock
from haitang.core.access import EVERYWHERE, Grant, system
from haitang.core.errors import Refusal
from haitang.people import actions, queries
from haitang.people.values import Permission


class Command(BaseCommand):
    """Makes a token for an account and prints it, once: only its digest is kept."""

    help = "为账号生成一个接口令牌并打印（只显示这一次）"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("username", help="账号")
        parser.add_argument("--name", default="命令行", help="令牌用途")
        parser.add_argument("--days", type=int, help="有效天数，默认为设置允许的最长天数")
        parser.add_argument(
            "--scope", action="append", dest="scopes", help="范围，如 cases:read、cases:write、unmask，可重复；默认全部"
        )

    def handle(
        self, *, username: str, name: str, days: int | None, scopes: list[str] | None, **options: object
    ) -> None:
        """Make the token as the system: whoever can run commands on the machine owns it."""
        now = clock.now()
        try:
            _row, token = actions.create_token(
                actor=system("命令行", Grant(Permission.ACCOUNT_MANAGE, area_path=EVERYWHERE)),
                account_id=queries.get_account_id(username),
                name=name,
                expires_at=now + timedelta(days=days) if days else None,
                scopes=scopes,
                now=now,
            )
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(token)
