"""`haitang tally`: anyone recomputes a result from the published file, without a database or an instance."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from haitang.core.errors import Refusal
from haitang.tallying.declared import FROM_FILE, rule_of
from haitang.tallying.pabulib import read
from haitang.tallying.replay import replay
from haitang.tallying.rules import Method, tally
from haitang.tallying.shares import Completion


def run(arguments: Sequence[str]) -> None:
    """Tally a file and print who won.

    Raises Refusal where the file is broken or its rule unknown.
    """
    asked = _parser().parse_args(arguments)
    if asked.file.is_dir():
        sys.stdout.writelines(f"{line}\n" for line in replay(asked.file))
        return
    if not asked.file.is_file():
        raise Refusal(f"没有这个文件：{asked.file}")
    begun = time.perf_counter()
    file = read(asked.file)
    rule = rule_of(file, asked.rule, Completion(asked.completion) if asked.completion else None)
    parsed = time.perf_counter()
    outcome = tally(file.election, rule)
    seconds = time.perf_counter() - parsed
    election = file.election
    if asked.json:
        found = {
            "rule": outcome.rule, "selected": list(outcome.chosen), "cost": _money(outcome.cost, election.unit),
            "seconds": round(seconds, 3),
        }  # fmt: skip
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
        return
    names = {each.id: each for each in election.projects}
    head = (
        f"规则 {outcome.rule}，选票 {election.votes.voters:,} 张，项目 {len(election.projects)} 个，"
        f"预算 {_money(election.budget, election.unit):,}"
    )
    lines = [
        head,
        *(
            f"{place:>4}  {each:<16} {_money(names[each].cost, election.unit):>14,}  {names[each].name}".rstrip()
            for place, each in enumerate(outcome.chosen, start=1)
        ),
        f"选中 {len(outcome.chosen)} 个，共 {_money(outcome.cost, election.unit):,}",
        f"读取 {parsed - begun:.2f} 秒，计票 {seconds:.2f} 秒",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="haitang tally", description="按公布的选票文件（Pabulib .pb）重新计票，不需要数据库"
    )
    parser.add_argument("file", type=Path, metavar="FILE.pb", help="选票文件；若为文件夹，则逐一重算并与公布的结果对照")
    parser.add_argument(
        "--rule", default=FROM_FILE, choices=[FROM_FILE, *(each.value for each in Method)], help="规则，默认按文件声明"
    )
    parser.add_argument("--completion", choices=[each.value for each in Completion], help="均等份额法余款的处理")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    return parser


def _money(amount: int, unit: int) -> int | float:
    """Return an amount in the currency, whole where it is whole."""
    return amount // unit if amount % unit == 0 else amount / unit
