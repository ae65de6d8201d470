"""`haitang load-catalog`: load the shipped categories, phrases, routing rules and settings that are absent."""

from typing import Any

from django.core.management.base import BaseCommand

from haitang.cases import actions
from haitang.cases.values import Permission
from haitang.core import clock
from haitang.core.access import EVERYWHERE, Grant, system


class Command(BaseCommand):
    """Runs at every start; what an office has changed or removed stays as it is."""

    help = "装入随产品发布的案件类别、常用语、派遣规则和设置（已有的不动）"

    def handle(self, *args: Any, **options: Any) -> None:
        """Load as the system: whoever can run commands on the machine owns it."""
        actor = system("安装程序", Grant(Permission.MANAGE_CATALOG, area_path=EVERYWHERE))
        loaded = actions.load_default_catalog(actor=actor, now=clock.now())
        self.stdout.write(f"新装入类别 {loaded.categories} 个、常用语 {loaded.phrases} 条、派遣规则 {loaded.rules} 条")
