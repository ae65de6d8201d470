"""haitang rotate-keys: a new key for sealed fields while the site runs; see docs/operate/keys.md."""

import base64
import os
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from haitang.core import crypto
from haitang.core.keyfile import LOOKS_EVERY_S, KeyFile
from haitang.core.resealing import Column, count_old, reseal_all

KEY_BYTES = 32
NUMBER_MAX = 255
PASSES_MAX = 20
WAIT_S = 1800
"""How long a transaction that began before the new key is waited for."""
_LOCK = 4_127_003
"""One of these at a time (advisory lock of the database)."""
_OLDER = (
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND xact_start < %s)"
)


class Command(BaseCommand):
    """Adds a key, seals every value anew with it in batches, and takes the former keys away when none needs them.

    Interrupted, it goes on when it is called again. The site may run: every process reads the file anew within a
    second, and a value under a key that it does not know yet at once.
    """

    help = "更换敏感字段的密钥：网站照常运行，中断后再执行即继续"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only-reseal", action="store_true", help="不换密钥，只把旧密钥加密的重新加密")

    def handle(self, *_: Any, **options: Any) -> None:
        keys = settings.FIELD_KEYS
        if not options["only_reseal"] and not isinstance(keys, KeyFile):
            raise CommandError(
                "密钥来自环境变量：请把新密钥加在 HAITANG_FIELD_KEYS 最前面，逐个重启，"
                "再执行 rotate-keys --only-reseal，最后去掉旧密钥"
            )
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
            if not cursor.fetchone()[0]:
                raise CommandError("另一个 rotate-keys 正在执行")
            try:
                self._rotate(keys if isinstance(keys, KeyFile) and not options["only_reseal"] else None)
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])

    def _rotate(self, keys: KeyFile | None) -> None:
        if keys is not None:
            numbers = crypto.key_numbers(keys.text(fresh=True))
            if len(numbers) == 1:
                self._add(keys, numbers[0])
            else:
                self.stdout.write(f"继续上次：新密钥 {numbers[0]}，旧密钥 {'、'.join(map(str, numbers[1:]))}")
            time.sleep(2 * LOOKS_EVERY_S)  # from now on nobody seals with a former key
        self._wait_for_older_transactions()
        total = 0
        for _pass in range(PASSES_MAX):
            total += (n := reseal_all(self._note))
            if not n:
                break
        else:
            raise CommandError("一直有新的旧密钥数据：是不是还有没有重启、读不到密钥文件的进程？")
        if left := count_old():
            raise CommandError(f"还有 {left} 个值用旧密钥加密，请再执行一次")
        self.stdout.write(f"重新加密 {total} 个值，没有旧密钥加密的了")
        if keys is not None:
            self._retire(keys)

    def _add(self, keys: KeyFile, former: int) -> None:
        number = former + 1
        if number > NUMBER_MAX:
            raise CommandError("密钥编号已用完（255）")
        new, old = base64.b64encode(os.urandom(KEY_BYTES)).decode(), keys.text().rpartition(":")[2]
        keys.write(f"{number}:{new},{former}:{old}")
        self.stdout.write(f"新密钥 {number} 已启用；旧密钥 {former} 保留到全部重新加密")

    def _retire(self, keys: KeyFile) -> None:
        kept = keys.text(fresh=True).partition(",")[0]
        keys.write(kept)
        self.stdout.write(
            "旧密钥已停用并删除。以前的备份仍要用旧密钥：备份里带有当时的密钥文件（--without-keys 的除外）"
        )

    def _note(self, column: Column, n: int) -> None:
        self.stdout.write(f"  {column.model._meta.verbose_name or column.model.__name__}.{column.name}：{n}")

    def _wait_for_older_transactions(self) -> None:
        """Wait until every transaction that began before now has ended: it may bring values under a former key."""
        ends = time.monotonic() + WAIT_S
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            since = cursor.fetchone()[0]
            while time.monotonic() < ends:
                cursor.execute(_OLDER, [since])
                if not cursor.fetchone()[0]:
                    return
                time.sleep(0.2)
        raise CommandError("有一个事务半小时没有结束，请查明后再执行")
