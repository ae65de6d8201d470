"""`haitang bench`: how fast this machine runs the platform, as a table and as a file."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from haitang.bench import city, filling, measures, report
from haitang.bench.database import NAME, own_database
from haitang.bench.site import running_site
from haitang.core import clock


class Command(BaseCommand):
    """Measures in a database of its own; the office's data is neither read nor changed."""

    help = "测量速度：登记、流转、列表、统计、导入（用单独的数据库，不动业务数据）"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("--only", nargs="+", choices=sorted(measures.MEASURES), metavar="NAME", help="只测这几项")
        parser.add_argument("--json", type=Path, metavar="OUT", help="结果另存为 JSON 文件")
        parser.add_argument("--check", action="store_true", help="有指标未达标时返回 1")
        parser.add_argument("--cases", type=int, default=1_000_000, help="先装入的案件数，默认一百万")
        parser.add_argument("--requests", type=int, default=1_500, help="每轮请求数，默认 1500")
        parser.add_argument("--runs", type=int, default=3, help="轮数，取中位数，默认 3")
        parser.add_argument("--keep", action="store_true", help="保留测量用的数据库，下次直接使用")
        parser.add_argument("--database", default=NAME, help="测量用的数据库名")

    def handle(self, **options: Any) -> None:
        """Fill, measure, tell."""
        with own_database(options["database"], keep=options["keep"]) as is_there:
            now = clock.now()
            if is_there and city.is_built():
                ground = city.again(now)
            else:
                self._say("建立城市")
                ground = city.build(now)
                filling.fill(city=ground.city, count=options["cases"], now=now, say=self._say)
            with running_site() as site:
                scene = measures.Scene(ground.city, site, ground.token, options["requests"], options["runs"])
                results = []
                for name, measure in measures.MEASURES.items():
                    if not options["only"] or name in options["only"]:
                        self._say(name)
                        connection.close()
                        results.append(measure(scene))
                machine = report.machine()
        self.stdout.write(report.table(results))
        if options["json"]:
            found = {"machine": machine, "results": [each.as_data() for each in results]}
            options["json"].write_text(json.dumps(found, ensure_ascii=False, indent=1))
        if options["check"] and not all(each.ok for each in results):
            raise CommandError("有指标未达标")

    def _say(self, what: str) -> None:
        self.stderr.write(f"… {what}")
        self.stderr.flush()
