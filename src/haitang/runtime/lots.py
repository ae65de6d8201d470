"""`haitang lots`: anyone draws again from a published list and seed, without a database or an instance."""

import argparse
import json
import sys
from pathlib import Path

import django

from haitang.core.errors import Refusal
from haitang.runtime.console import Unusable


def command(arguments: list[str]) -> None:
    """Draw from the list that is named and print who was drawn. Raises Unusable where the list or a digest is wrong."""
    asked = _parser().parse_args(arguments)
    if not asked.file.is_file():
        raise Unusable(f"没有这个文件：{asked.file}")
    django.setup()
    from haitang.councils.values import commitment_of, digest_of, draw, key_of, read_list

    try:
        candidates = read_list(asked.file.read_text("utf-8"))
        found = draw(candidates, asked.seats, key_of(asked.seed, asked.witness))
    except Refusal as refusal:
        raise Unusable(refusal.message) from refusal
    told = {"commitment": commitment_of(asked.seed), "digest": digest_of(candidates)}
    for name, made in told.items():
        published = getattr(asked, name)
        if published and published != made:
            raise Unusable(f"与公布的摘要不一致（--{name}）：{made}")
    result = {
        **told, "seats": dict(found.seats), "chosen": [each.number for each in found.chosen],
        "reserves": [each.number for each in found.reserves],
    }  # fmt: skip
    if asked.json:
        sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
        return
    sys.stdout.write(f"种子摘要：{told['commitment']}\n名单摘要：{told['digest']}\n")
    for name, seats in found.seats:
        sys.stdout.write(f"名额：{name or '全部'} {seats}\n")
    sys.stdout.write(f"抽中：{' '.join(map(str, result['chosen']))}\n候补：{' '.join(map(str, result['reserves']))}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="haitang lots", description="按公布的名单和种子重新抽选（RFC 3797，SHA-256）")
    parser.add_argument("file", type=Path, help="公布的名单：每行“编号,分组”")
    parser.add_argument("--seats", type=int, required=True, help="抽选人数")
    parser.add_argument("--seed", required=True, help="公布的种子")
    parser.add_argument("--witness", default="", help="现场见证文字")
    parser.add_argument("--commitment", default="", help="抽选前公布的种子摘要，给出就核对")
    parser.add_argument("--digest", default="", help="锁定时公布的名单摘要，给出就核对")
    parser.add_argument("--json", action="store_true", help="结果写成 JSON")
    return parser
