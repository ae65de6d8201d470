"""The command: asks, prints a line for each check, and leaves with 1 where one has failed."""

import argparse
import json
import sys

import httpx

from haitang.runtime.console import Unusable
from haitang.runtime.open311_check.checks import CHECKS, Outcome, run
from haitang.runtime.open311_check.checks.register import FAILED, PASSED, SKIPPED
from haitang.runtime.open311_check.peer import Peer
from haitang.runtime.open311_check.reading import XML, Unreadable

_USUAL = "/open311/v2"


def command(arguments: list[str]) -> None:
    """Check the server that is named. Raises Unusable where there is none."""
    asked = _parser().parse_args(arguments)
    wanted = {each.strip().upper() for each in asked.only.split(",") if each.strip()}
    if unknown := wanted - {check.id for check in CHECKS}:
        raise Unusable(f"没有这些检查：{'、'.join(sorted(unknown))}")
    if (asked.lat is None) != (asked.long is None):
        raise Unusable("--lat 和 --long 要同时给出")
    with httpx.Client(timeout=asked.timeout, follow_redirects=True) as client:
        peer = find_peer(client, asked.address, key=asked.token, jurisdiction=asked.jurisdiction)
        if asked.lat is not None:
            peer.point = asked.lat, asked.long
        outcomes = [run(peer, check) for check in CHECKS if not wanted or check.id in wanted]
    sys.stdout.write(printed(outcomes, as_json=asked.json))
    if any(outcome.verdict == FAILED for outcome in outcomes):
        sys.exit(1)


def find_peer(client: httpx.Client, address: str, *, key: str = "", jurisdiction: str = "") -> Peer:
    """Return the server whose discovery is at that address or at the usual place below it; raise Unusable."""
    base = address.rstrip("/")
    bases = [base] if base.endswith(_USUAL) else [base, base + _USUAL]
    reason = ""
    for each in bases:
        peer = Peer(client, each, key=key, jurisdiction=jurisdiction)
        try:
            answer = peer.get("discovery", XML)
            if answer.status == 200:
                return peer
            reason = str(answer.status)
        except (httpx.HTTPError, httpx.InvalidURL, Unreadable) as error:
            reason = str(error)
    raise Unusable(f"{' 和 '.join(bases)} 下没有 discovery.xml：{reason}")


def printed(outcomes: list[Outcome], *, as_json: bool = False) -> str:
    """Return the outcomes as a table, or as JSON."""
    if as_json:
        rows = [
            {"check": each.check.id, "title": each.check.title, "verdict": each.verdict, "why": each.why}
            for each in outcomes
        ]
        return json.dumps(rows, ensure_ascii=False) + "\n"
    lines = []
    for each in outcomes:
        lines.append(f"{each.check.id:<4} {each.verdict:<7} {each.check.title}")
        if each.why:
            lines.append(f"{'':<13}{' '.join(each.why.split())[:300]}")
    counts = {verdict: sum(each.verdict == verdict for each in outcomes) for verdict in (PASSED, FAILED, SKIPPED)}
    lines.append(
        f"{len(outcomes)} checks: {counts[PASSED]} ok, {counts[FAILED]} failed, {counts[SKIPPED]} do not apply"
    )
    return "\n".join(lines) + "\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="haitang open311-check",
        description="检查一个服务器是否符合 Open311 GeoReport v2：56 项，有一项不符合则以 1 退出；不需要数据库",
    )
    parser.add_argument("address", metavar="ADDRESS", help="网站或接口的地址，如 http://127.0.0.1:8000")
    parser.add_argument("--token", default="", help="密钥 api_key；给出才检查上报，会在那里真的上报十几件")
    parser.add_argument("--jurisdiction", default="", help="辖区 jurisdiction_id，服务器分辖区时给出")
    parser.add_argument("--lat", type=float, help="上报用的纬度（WGS84），不给则取列出的诉求的位置")
    parser.add_argument("--long", type=float, help="上报用的经度")
    parser.add_argument("--only", default="", help="只做这些检查，如 C25,C26")
    parser.add_argument("--timeout", type=float, default=20.0, help="每次请求最多等几秒")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    return parser
