"""`haitang reference`: write the generated pages of docs/reference/."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from haitang.config import reference

PLACE = Path(__file__).parents[5] / "docs" / "reference"


class Command(BaseCommand):
    """Writes what has changed and names it."""

    help = "由代码重新生成 docs/reference/ 下的参考文档"

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the pages beside the sources."""
        if not PLACE.parent.is_dir():
            raise CommandError("找不到 docs 目录：请在源代码目录中运行")
        changed = reference.write(PLACE)
        self.stdout.write("\n".join(f"已更新 {name}" for name in changed) or "参考文档没有变化")
