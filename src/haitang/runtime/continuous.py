"""`haitang continuous`: the embedded server's log kept elsewhere as it is written, so that any moment can be restored.

In the place: `wal/` (the server's log, a piece each minute at the latest), `base/` (a copy of the whole
server once a day, with the instance's keys), `files/` (photos, a minute after they came), `gone/` (those removed).
Sealed for public keys where some are given. What is older than the days to be kept goes.
"""

import json
import os
import shutil
import subprocess
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, cast

import psycopg

from haitang.core.envelope import PublicKey, Unopened
from haitang.runtime import archive, home, postgres, programs, recipients, segments
from haitang.runtime.console import OWN, Unusable
from haitang.runtime.progress import say, step
from haitang.runtime.standing import Plan, outgoing, plan_path, read_plan

BASE_SECONDS = 24 * 3600
_ROUND_SECONDS = 5
_MIRROR_SECONDS = 60
_BUFFER = 2**20


def command(arguments: list[str]) -> None:
    """Switch it on or off, take a base copy, keep watch, or say how it stands."""
    parser = ArgumentParser("haitang continuous", description=OWN["continuous"])
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="on|off|base|watch|status")
    on = deeds.add_parser("on", help="从下次启动数据库起持续归档到一个目录")
    on.add_argument("place", type=Path, metavar="目录")
    on.add_argument("--keep-days", type=int, default=7, metavar="天数", help="保留多少天（默认 7）")
    recipients.add_sealing(on)
    for name, words in (("off", "停止"), ("base", "现在做一次基础备份"), ("watch", "每天做基础备份，每分钟带走新文件"),
                        ("status", "归档到哪里，最近一段是什么时候")):  # fmt: skip
        deeds.add_parser(name, help=words)
    options = parser.parse_args(arguments)
    if not postgres.is_embedded():
        raise Unusable(
            "使用外部数据库（DATABASE_URL）时，请用该数据库自己的持续归档，见 docs/operate/backup-and-restore.md"
        )
    try:
        if options.deed == "on":
            _switch_on(options.place.absolute(), options)
            return
        plan = read_plan()
        if plan is None:
            raise Unusable("尚未开启：haitang continuous on 目录")
        if options.deed == "off":
            plan_path().unlink()
            say("已停止，下次启动数据库起生效。已归档的都还在。")
            return
        with postgres.running():
            {"base": _take_base_now, "watch": _watch, "status": _say_status}[options.deed](plan)
    except (archive.Refused, Unopened, postgres.ServerFailed) as error:
        raise Unusable(str(error)) from error


def _switch_on(place: Path, options: object) -> None:
    sealed_for = recipients.sealed_for(options)  # type: ignore[arg-type]  # argparse's namespace
    if any(not isinstance(recipient, PublicKey) for recipient in sealed_for):
        raise archive.Refused("持续归档只能用公钥加密：口令不能留在服务器上")
    plan = Plan(str(place), tuple(map(str, sealed_for)), max(1, getattr(options, "keep_days", 7)))
    with postgres.running(), psycopg.connect(postgres.url("postgres")) as connection:
        row = connection.execute("SELECT system_identifier::text FROM pg_control_system()").fetchone()
    system, place_of = str(row[0]) if row else "", place / "system"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (place_of.read_text() if place_of.exists() else system) != system:
        raise archive.Refused(f"{place} 里是另一个数据库的归档，请另选一个目录")
    place_of.write_text(system)
    for name in ("wal", "base", "files", "gone"):
        plan.folder(name).mkdir(mode=0o700, exist_ok=True)
    outgoing().mkdir(mode=0o700, exist_ok=True)
    postgres.hand_over(outgoing())
    draft = plan_path().with_suffix(".new")
    draft.write_text(json.dumps(asdict(plan)))
    draft.replace(plan_path())
    say(f"从下次启动数据库起归档到 {place}，{'已加密' if plan.to else '没有加密'}，保留 {plan.keep_days} 天。")


def _take_base_now(plan: Plan) -> None:
    with step("基础备份"):
        take_base(plan)
        collect(plan)
        mirror(plan, {})


def take_base(plan: Plan) -> Path:
    """Copy the whole server as it runs, and the instance's keys beside it; return the note about it.

    Raises Refused. The copy counts once its note is there.
    """
    with psycopg.connect(postgres.url("postgres")) as connection:
        row = connection.execute(
            "SELECT pg_walfile_name(pg_current_wal_lsn()), current_setting('archive_mode')"
        ).fetchone()
    segment, mode = row or ("", "off")
    if mode != "on":
        raise archive.Refused("数据库还没有按归档的设置启动：请先重新启动（haitang run）")
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")  # noqa: TID251 - no Django here
    folder = plan.folder("base")
    _write_copy(folder / f"{stamp}.tar", plan.keys)
    archive.write(folder / f"{stamp}.keys", plan.keys, archive.Parts(data=False))
    note = folder / f"{stamp}.json"
    draft = note.with_suffix(".new")
    ended = datetime.now(UTC).isoformat()  # noqa: TID251 - no Django here
    draft.write_text(json.dumps({"ended": ended, "segment": segment}))
    draft.replace(note)
    return note


def _write_copy(target: Path, keys: Sequence[PublicKey]) -> None:
    line = [postgres.binary("pg_basebackup"), "-D", "-", "-Ft", "-X", "none", "-c", "fast"]
    try:
        with (
            segments.packing(target, keys) as packed,  # around the other: what failed leaves nothing
            programs.running(line, postgres.url("postgres"), stdout=subprocess.PIPE) as copying,
        ):
            shutil.copyfileobj(cast(IO[bytes], copying.stdout), packed, _BUFFER)
    except programs.Failed as error:
        raise archive.Refused(str(error)) from error


def collect(plan: Plan) -> int:
    """Take away the pieces of its log that the server has laid down; return how many. Each goes once it is kept."""
    came = 0
    for path in sorted(outgoing().iterdir()):
        if not path.name.startswith("."):
            segments.keep(path, plan.folder("wal") / path.name, plan.keys)
            path.unlink()
            came += 1
    return came


def mirror(plan: Plan, seen: dict[str, int]) -> int:
    """Bring the photos that came since; return how many.

    seen: of each folder, when it had changed at the last look; filled by this, so that most are not read again.
    """
    root, came = home.directory() / "files", 0
    for place, _folders, names in os.walk(root):
        changed = os.stat(place).st_mtime_ns
        # Photos lie two folders deep; what lies elsewhere are notes about them, of use to the running site only.
        if seen.get(place) == changed or len(Path(place).relative_to(root).parts) != 2:
            continue
        target = plan.folder("files") / Path(place).relative_to(root)
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in names:
            if not name.startswith(".") and segments.find(target, name) is None:
                try:
                    segments.keep(Path(place) / name, target / name, plan.keys)
                    came += 1
                except FileNotFoundError:
                    continue  # removed since the folder was read
        seen[place] = changed
    return came


def prune(plan: Plan, now: float) -> None:
    """Remove what no moment to be kept needs: older copies but the last before it, their log, photos long gone.

    now: seconds since the epoch.
    """
    limit = now - plan.keep_days * 86400
    notes = sorted(plan.folder("base").glob("*.json"))
    old = [note for note in notes if _ended(note) < limit]
    for note in old[:-1]:
        for path in plan.folder("base").glob(f"{note.stem}.*"):
            path.unlink()
        notes.remove(note)
    if notes:
        first = json.loads(notes[0].read_text())["segment"]
        for path in plan.folder("wal").iterdir():
            # Names begin with the timeline, which does not tell their order; pieces of a timeline's history stay.
            if len(path.name.partition(".")[0]) == 24 and path.name[8:24] < first[8:24]:
                path.unlink()
    _set_aside(plan)
    for path in plan.folder("gone").iterdir():
        if path.stat().st_mtime < limit:
            path.unlink()


def _ended(note: Path) -> float:
    return datetime.fromisoformat(json.loads(note.read_text())["ended"]).timestamp()


def _set_aside(plan: Plan) -> None:
    """Move photos that are no more in the instance to `gone`, from when on their days are counted."""
    kept, root = plan.folder("files"), home.directory() / "files"
    for place, _folders, names in os.walk(kept):
        for name in names:
            bare = name.removesuffix(segments.SEALED).removesuffix(segments.PACKED)
            if not (root / Path(place).relative_to(kept) / bare).exists():
                gone = plan.folder("gone") / name
                (Path(place) / name).replace(gone)
                os.utime(gone)


def _watch(plan: Plan) -> None:
    """Keep everything up to date until told to stop; what fails is said, and tried again."""
    seen: dict[str, int] = {}
    mirrored = float("-inf")
    while True:
        try:
            collect(plan)
            if time.monotonic() > mirrored + _MIRROR_SECONDS:
                mirror(plan, seen)
                mirrored = time.monotonic()
            last = max(map(_ended, plan.folder("base").glob("*.json")), default=0.0)
            if time.time() - last > BASE_SECONDS:
                take_base(plan)
                prune(plan, time.time())
        except (OSError, psycopg.Error, archive.Refused) as error:
            say(f"持续归档：{error}")
        time.sleep(_ROUND_SECONDS)


def _say_status(plan: Plan) -> None:
    with psycopg.connect(postgres.url("postgres")) as connection:
        row = connection.execute(
            "SELECT current_setting('archive_mode'), last_archived_wal, last_archived_time, failed_count,"
            " last_failed_time > coalesce(last_archived_time, '-infinity') FROM pg_stat_archiver"
        ).fetchone()
    mode, segment, at, failed, is_failing = row or ("off", None, None, 0, None)
    bases = sorted(plan.folder("base").glob("*.json"))
    say(f"目录 {plan.place}，{'已加密' if plan.to else '没有加密'}，保留 {plan.keep_days} 天")
    say("数据库正在归档" if mode == "on" else "数据库还没有按归档的设置启动")
    waiting = sum(1 for path in outgoing().glob("[!.]*"))
    say(f"最近一段 {segment or '无'}（{at or '—'}），失败 {failed} 次；等待带走 {waiting} 段")
    say(f"基础备份 {len(bases)} 份，最早可恢复到 {json.loads(bases[0].read_text())['ended'] if bases else '—'}")
    if is_failing:
        raise archive.Refused("最近一次归档失败了，原因见数据库日志（postgres/server.log）")
