"""Sheets that people bring: each row sound or refused with its reason, and the file kept until its owner confirms it.

An app looks a sheet through with `sift`, keeps what it found as a row of its own `BroughtFile`, and reads the sheet
again when the owner takes it in, so that what has changed meanwhile counts.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from haitang.core import files, policy
from haitang.core.access import Actor
from haitang.core.errors import Conflict, Invalid, NotFound, Refusal
from haitang.core.privacy import Privacy
from haitang.core.tables import Column, Row, read_table

BYTES_MAX = 5_000_000
ROWS_MAX = 2_000
REASONS_SHOWN = 200
SHOWN = 20
_NAME_LENGTH_MAX = 200
What = TypeVar("What")
AFile = TypeVar("AFile", bound="BroughtFile")


class FileUnknown(NotFound):
    """There is no such file among those that the viewer has brought."""


class FileTaken(Conflict):
    """The file was taken in before."""


@dataclass(slots=True)
class Sifted(Generic[What]):
    """What a sheet holds: (line, what it says) of sound rows, [line, why not] of the others; rows: of both together."""

    sound: list[tuple[int, What]]
    reasons: list[list[Any]]
    rows: int

    @property
    def found(self) -> list[What]:
        """What the sound rows say."""
        return [what for _line, what in self.sound]


def sift(
    data: bytes, columns: Sequence[Column], read: Callable[[Row], What], *, rows_max: int = ROWS_MAX
) -> Sifted[What]:
    """Return what a sheet holds; read turns a row into what it says, or refuses it.

    Raises Invalid: empty, larger than BYTES_MAX, more rows than rows_max, no table.
    """
    if not data or len(data) > BYTES_MAX:
        raise _of_file(_("文件是空的，或超过 %(n)d MB") % {"n": BYTES_MAX // 1_000_000})
    found: Sifted[What] = Sifted([], [], 0)
    with tempfile.TemporaryDirectory(prefix="haitang-brought-") as folder, policy.reading():
        path = Path(folder) / "file"
        path.write_bytes(data)
        for row in read_table(path, columns):
            if found.rows == rows_max:
                raise _of_file(_("一次最多导入 %(n)d 条") % {"n": rows_max})
            found.rows += 1
            try:
                if row.error:
                    raise Invalid(row.error)
                found.sound.append((row.line, read(row)))
            except Refusal as refusal:
                found.reasons.append([row.line, why(refusal)])
    return found


def why(refusal: Refusal) -> str:
    """Return a refusal as the reason of a row: what is wrong with its cells, where it says so, else its sentence."""
    fields: dict[str, str] = getattr(refusal, "fields", None) or {}
    return "；".join(dict.fromkeys(fields.values())) or refusal.message


def _of_file(sentence: str) -> Invalid:
    return Invalid(sentence, {"file": sentence})


class BroughtFile(models.Model):
    """A sheet on its way in: looked through, then taken in by whoever brought it, or never.

    rows, sound: how many it has, and of them can be taken in. reasons: [[line, why]] of those that cannot, the first
    REASONS_SHOWN. taken_at: None until it is.
    """

    account_id = models.BigIntegerField("账号")
    file_name = models.TextField("文件名")
    digest = models.TextField("摘要", db_collation="C")
    rows = models.IntegerField("条数")
    sound = models.IntegerField("可导入")
    reasons = models.JSONField("未导入原因")
    brought_at = models.DateTimeField("上传时间")
    taken_at = models.DateTimeField("导入时间", null=True)

    PRIVACY = {
        **dict.fromkeys(("id", "digest", "rows", "sound", "brought_at", "taken_at"), Privacy.INTERNAL),
        **dict.fromkeys(("account_id", "file_name", "reasons"), Privacy.PERSONAL),
    }

    class Meta:
        abstract = True

    @property
    def refused(self) -> int:
        """How many rows cannot be taken in."""
        return self.rows - self.sound

    @property
    def unlisted(self) -> int:
        """How many of them `reasons` does not name."""
        return max(self.refused - len(self.reasons), 0)

    def hold(self, read: Sifted[Any], **more: Any) -> None:
        """Put down what was found in the sheet. more: whatever else the app's own file says."""
        found = {"rows": read.rows, "sound": len(read.sound), "reasons": sorted(read.reasons)[:REASONS_SHOWN], **more}
        for name, value in found.items():
            setattr(self, name, value)


def new_file(
    model: type[AFile], read: Sifted[Any], /, *, actor: Actor, file_name: str, data: bytes, now: datetime, **more: Any
) -> AFile:
    """Return a file as brought, to be saved by the action; its bytes are in the store."""
    row = model(
        account_id=actor.id or 0, digest=files.store(data),
        file_name=file_name.replace("\x00", "")[:_NAME_LENGTH_MAX], brought_at=now,
    )  # fmt: skip
    row.hold(read, **more)
    return row


def list_files(rows: models.QuerySet[AFile], viewer: Actor) -> list[AFile]:
    """Return the viewer's files of late, the latest first."""
    return list(rows.filter(account_id=viewer.id or 0).order_by("-brought_at", "-pk")[:SHOWN])


def get_file(rows: models.QuerySet[AFile], viewer: Actor, file_id: int) -> AFile:
    """Return one of the viewer's files; raise FileUnknown."""
    found = rows.filter(account_id=viewer.id or 0, pk=file_id).first()
    if found is None:
        raise FileUnknown(_("没有这个文件"))
    return found


def lock_to_take_in(rows: models.QuerySet[AFile], viewer: Actor, file_id: int) -> AFile:
    """Return one of the viewer's files that is still to be taken in, locked; raise FileUnknown, FileTaken."""
    row = get_file(rows.select_for_update(no_key=True, of=("self",)), viewer, file_id)
    if row.taken_at is not None:
        raise FileTaken(_("这个文件已经导入"))
    return row
