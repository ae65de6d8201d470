"""`haitang verify-vote`: anyone checks a published vote, without a database or an instance."""

import argparse
import json
import sys
from pathlib import Path

import django

from haitang.runtime.console import Unusable


def command(arguments: list[str]) -> None:
    """Recompute the root and the result of a published file. Raises Unusable where anything does not agree."""
    parser = argparse.ArgumentParser(
        prog="haitang verify-vote", description="核对公布的投票文件：内容摘要、每张选票、选票根、结果，不需要数据库"
    )
    parser.add_argument("file", type=Path, metavar="FILE.json", help="公布的文件")
    parser.add_argument("--digest", default="", help="投票开放时公布的内容摘要，与文件核对")
    parser.add_argument("--root", default="", help="公布的选票根，与文件核对")
    parser.add_argument("--receipt", default="", help="回执码（或纸质票编号），查出对应的选票")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    asked = parser.parse_args(arguments)
    django.setup()  # for the sentences alone; no database is asked
    from haitang.voting.values import Unsound, check, receipt_hash

    try:
        file = json.loads(asked.file.read_text("utf-8"))
        found = check(file)
    except (OSError, ValueError, AttributeError) as error:
        raise Unusable(f"读不出这个文件：{error}") from error
    except Unsound as fault:
        raise Unusable(str(fault)) from fault
    for name in ("digest", "root"):
        wanted = getattr(asked, name).strip().lower()
        if wanted and wanted != found[name]:
            raise Unusable(f"文件中的 {name} 是 {found[name]}，与给出的不同。")
    if asked.receipt:
        wanted = receipt_hash(file["declaration"]["vote"], asked.receipt)
        found["ballot"] = next((each["m"] for each in file["ballots"] if each["r"] == wanted), None)
        if found["ballot"] is None:
            raise Unusable("公布的选票中没有这个回执。")
    if asked.json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
        return
    titles = {each["id"]: each["title"] for each in file["declaration"]["options"]}
    out = [f"相符：选票 {found['ballots']:,} 张，内容摘要、选票根、结果都与重新计算的一致。", f"选票根 {found['root']}"]
    out += [f"{place:>4}  {titles[each]}" for place, each in enumerate(found["chosen"], start=1)]
    if asked.receipt:
        out.append("这张回执的选票：" + "，".join(f"{titles[each]} {n}" for each, n in found["ballot"].items()))
    sys.stdout.write("\n".join(out) + "\n")
