"""Files of cases: checked, confirmed, taken in. The reading itself is that of `cases.actions.import_cases`."""

import csv
import re
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import actions as case_actions
from haitang.cases import queries as case_queries
from haitang.cases.queries.columns import ANSWER
from haitang.cases.values import Permission
from haitang.core import files, history
from haitang.core.access import EVERYWHERE, Actor, require
from haitang.core.errors import Invalid, Refusal
from haitang.core.tables import PLAIN, ResultFile, Row, TableMap, read_table
from haitang.office import queries
from haitang.office.actions.tickets import keep_tickets
from haitang.office.facts import UploadBrought, UploadConfirmed, UploadTakenIn
from haitang.office.models import HotlineLayout, Upload
from haitang.office.values import (
    REASONS_SHOWN,
    UPLOAD_BYTES_MAX,
    UPLOAD_DAYS,
    Layout,
    NotKept,
    RowsRefused,
    UploadNotReady,
    UploadState,
)

_TOLD = re.compile(r"第 (\d+) 行：(.*)", re.DOTALL)


def layout_map(kind: str, layout: HotlineLayout | None = None) -> TableMap:
    """Return how a file of that layout is read. layout: one of the office's own, None for the shipped one."""
    if kind == Layout.CASES:
        return PLAIN
    return queries.format_map(layout.format if layout else queries.shipped_format())


@transaction.atomic
def upload_cases(
    *, actor: Actor, kind: str, file_name: str, data: bytes, now: datetime, source: str = "", layout: str = ""
) -> Upload:
    """Keep the file; a job checks it (`work_upload`) and takes nothing in before it is confirmed.

    source: the system it comes from, by which repeated rows are known; "" for the layout's own, else 导入.
    layout: code of one of the office's own for a hotline's file, "" for the shipped one; the file keeps its version.
    Raises NotAllowed (no REPORT over everything), Invalid (empty, or larger than UPLOAD_BYTES_MAX), NotKept (no such
    layout in use).
    """
    require(actor, Permission.REPORT, area_path=EVERYWHERE)
    own = queries.get_layout(layout) if layout else None
    if own is not None and (not own.is_active or kind != Layout.HOTLINE):
        raise NotKept(_("没有这种热线格式"))
    if not data:
        raise Invalid(_("文件是空的"), {"file": _("文件是空的")})
    if len(data) > UPLOAD_BYTES_MAX:
        text = _("文件过大，应小于 %(n)d MB；更大的文件请在服务器上用 haitang import-cases 导入") % {
            "n": UPLOAD_BYTES_MAX // 1_000_000
        }
        raise Invalid(text, {"file": text})
    settings = layout_map(kind, own).settings
    upload = Upload.objects.create(
        account_id=actor.id or 0, kind=Layout(kind).value, layout=own, file_name=file_name.replace("\x00", "")[:200],
        digest=files.store(data), source=(source.strip() or str(settings.get("source", "")) or "导入")[:100],
        state=UploadState.CHECKING, at=now,
    )  # fmt: skip
    history.record(actor=actor, fact=UploadBrought(upload.pk, upload.file_name, upload.source), at=now)
    return upload


@transaction.atomic
def confirm_upload(
    *, actor: Actor, upload_id: int, does_overwrite: bool, now: datetime, is_whole: bool = False
) -> Upload:
    """Have the sound rows of a checked file taken in by a job.

    does_overwrite: repeated rows put the case's description and place right, instead of being passed over.
    is_whole: a row that is wrong keeps all the others out; repeated ones are none.
    Raises NotAllowed, NotKept, UploadNotReady, RowsRefused.
    """
    require(actor, Permission.REPORT, area_path=EVERYWHERE)
    upload = queries.lock_upload(actor.id, upload_id)
    if upload.state != UploadState.CHECKED:
        raise UploadNotReady(_("该文件现在不能导入：%(state)s") % {"state": UploadState(upload.state).label})
    if is_whole:
        _check_whole(upload.refused)
    upload.state, upload.does_overwrite, upload.is_whole, upload.done = (
        UploadState.IMPORTING, does_overwrite, is_whole, 0,
    )  # fmt: skip
    upload.save(update_fields=["state", "does_overwrite", "is_whole", "done"])
    history.record(actor=actor, fact=UploadConfirmed(upload.pk, does_overwrite, is_whole), at=now)
    return upload


def _check_whole(refused: int) -> None:
    if refused:
        text = _("有 %(n)d 行不能导入，按“全部能导入才导入”，一行也没有导入；请改正后重新上传，或去掉这个选项")
        raise RowsRefused(text % {"n": refused})


def work_upload(*, actor: Actor, upload_id: int, now: datetime) -> None:
    """Check the file, or take it in, as it stands; once done, once more does nothing.

    actor: its owner. Commits as `import_cases` does, batch by batch; interrupted, it is simply run again.
    """
    upload = queries.get_upload(actor.id, upload_id)
    if upload.state not in (UploadState.CHECKING, UploadState.IMPORTING):
        return
    try:
        with tempfile.TemporaryDirectory(prefix="haitang-import-") as folder:
            _work(actor, upload, Path(folder), now)
    except Refusal as refusal:
        Upload.objects.filter(pk=upload.pk).update(state=UploadState.FAILED, failure=refusal.message)


def _work(actor: Actor, upload: Upload, folder: Path, now: datetime) -> None:
    path, told = folder / "file", folder / "told.csv"
    path.write_bytes(files.read(upload.digest))
    table_map = layout_map(upload.kind, upload.layout)
    checking = upload.state == UploadState.CHECKING

    def progress(summary: Any) -> None:
        Upload.objects.filter(pk=upload.pk).update(rows=summary.rows, done=summary.done)

    said: dict[str, Any] = {"actor": actor, "now": now, "path": path, "table_map": table_map, "source": upload.source}
    if upload.is_whole and not checking:  # since it was checked, an area or a class may have gone
        again = case_actions.import_cases(**said, check_only=True)
        _check_whole(again.refused - again.repeated)
    summary = case_actions.import_cases(**said, result_path=told, check_only=checking, progress=progress)
    reasons = _reasons(told)
    found = {
        "rows": summary.rows, "sound": summary.loaded, "refused": summary.refused - summary.repeated,
        "repeated": summary.repeated,
    }  # fmt: skip
    if checking:
        shown = [[line, reason] for line, reason in sorted(reasons.items())[:REASONS_SHOWN]]
        Upload.objects.filter(pk=upload.pk).update(state=UploadState.CHECKED, reasons=shown, **found)
        return
    rows = list(read_table(path, case_queries.import_columns(), table_map))
    known = case_queries.find_imported(upload.source, [row.cells.get("external_id") or "" for row in rows])
    amended = _overwrite(actor, upload, rows, reasons, known, now)
    if upload.kind == Layout.HOTLINE:
        header = read_table(path, case_queries.import_columns(), table_map).header
        keep_tickets(actor, upload.source, header, rows, table_map.settings.get("kept", ()), known, now)
    result = _result(folder / "result.csv", path, table_map, rows, reasons, amended)
    with transaction.atomic():
        Upload.objects.filter(pk=upload.pk).update(
            state=UploadState.DONE, result_digest=result, overwritten=len(amended), **found
        )
        fact = UploadTakenIn(
            upload.pk, upload.file_name, upload.source, summary.loaded, len(amended), summary.refused - len(amended)
        )
        history.record(actor=actor, fact=fact, at=now)


def _reasons(told: Path) -> dict[int, str]:
    """Return why a row was refused, by its line."""
    with told.open(encoding="utf-8-sig", newline="") as file:
        matched = [_TOLD.match(cells[0]) for cells in csv.reader(file) if cells]
    return {int(match[1]): match[2] for match in matched if match}


def _overwrite(
    actor: Actor, upload: Upload, rows: list[Row], reasons: dict[int, str], known: dict[str, int], now: datetime
) -> set[int]:
    """Put right what cases that came in before say, where the owner wants that; return the lines that did."""
    if not upload.does_overwrite:
        return set()
    amended = set()
    asked = [name for name in (rows[0].cells if rows else ()) if name.startswith(ANSWER)]
    for row in rows:
        case_id = known.get(row.cells.get("external_id") or "")
        if row.line not in reasons or row.error or case_id is None:
            continue
        try:
            if case_actions.amend_case(
                actor=actor, case_id=case_id, description=row.cells.get("description") or "",
                place=row.cells.get("place") or "", now=now,
                answers={name[len(ANSWER):]: row.cells[name] for name in asked if name in row.cells},
            ):  # fmt: skip
                amended.add(row.line)
        except Refusal as refusal:
            reasons[row.line] = refusal.message
    return amended


def _result(
    at: Path, path: Path, table_map: TableMap, rows: list[Row], reasons: dict[int, str], amended: set[int]
) -> str:
    """Write every row with what became of it first (导入结果), and return the file's name in the store."""
    header = read_table(path, case_queries.import_columns(), table_map).header
    with ResultFile(at, header) as result:
        for row in rows:
            reason = reasons.get(row.line, "")
            text = "已更新" if row.line in amended else f"未导入：{reason}" if reason else "已导入"
            result.add(row.line, text, row.raw)
    return files.store(at.read_bytes())


@transaction.atomic
def forget_uploads(*, actor: Actor, now: datetime) -> int:
    """Forget files older than UPLOAD_DAYS, with their results; return how many."""
    old = list(Upload.objects.filter(at__lt=now - timedelta(days=UPLOAD_DAYS)).select_for_update())
    names = {name for upload in old for name in (upload.digest, upload.result_digest) if name}
    Upload.objects.filter(pk__in=[upload.pk for upload in old]).delete()
    used = Upload.objects.filter(digest__in=names) | Upload.objects.filter(result_digest__in=names)
    for name in names - {each for upload in used for each in (upload.digest, upload.result_digest)}:
        files.discard(name)
    return len(old)
