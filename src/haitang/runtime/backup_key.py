"""`haitang backup-key FILE`: a pair of keys, so that the machine that backs up cannot read its backups."""

import os
from pathlib import Path

from haitang.core.envelope import PrivateKey
from haitang.runtime.console import Unusable
from haitang.runtime.progress import say


def command(arguments: list[str]) -> None:
    """Write a new private key to the file named on the line, and print its public key."""
    if len(arguments) != 1:
        raise Unusable("用法：haitang backup-key 文件")
    target, key = Path(arguments[0]).absolute(), PrivateKey.new()
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Unusable(f"{target} 写不了或已存在：{error.strerror}") from error
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{key}\n{key.public}\n")
        file.flush()
        os.fsync(file.fileno())
    say(f"私钥已写入 {target}。请把它移到别处保管两份（恢复备份时才用），不要留在服务器上。")
    say(f"公钥（haitang backup --to 用）：{key.public}")
