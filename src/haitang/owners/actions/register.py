"""The register of an estate taken in from a sheet: checked whole, then taken whole, or not at all."""

import re
import tempfile
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import crypto, history
from haitang.core.access import Actor
from haitang.core.errors import Refusal
from haitang.core.tables import Row, read_table
from haitang.owners import policies, queries
from haitang.owners.actions.shared import audience_of
from haitang.owners.facts import UnitsImported
from haitang.owners.models import IDENTITY, PHONE, Estate, Owner, Share, Unit
from haitang.owners.values import FILE_BYTES_MAX, ROWS_MAX, BadEstate, Basis, UnitKind, UnitState, parse_size

OwnerKey = tuple[str, ...]


@dataclass(slots=True)
class UnitRead:
    """A unit as the sheet has it; owners: by key with the share, None where none was written."""

    kind: str
    state: str
    size: int
    basis: str
    owners: dict[OwnerKey, Fraction | None] = field(default_factory=dict)


@dataclass(slots=True)
class RegisterRead:
    """What a sheet says. reasons: line and reason of every row that cannot be taken in; heads, size: as votes count."""

    units: dict[tuple[str, str], UnitRead] = field(default_factory=dict)
    owners: dict[OwnerKey, tuple[str, str, str]] = field(default_factory=dict)
    lines: dict[tuple[str, str], int] = field(default_factory=dict)
    reasons: list[tuple[int, str]] = field(default_factory=list)
    gone: int = 0
    written: bool = False

    @property
    def size(self) -> int:
        """The area of all units, in 0.01 m²."""
        return sum(unit.size for unit in self.units.values())


def check_register(*, actor: Actor, estate_id: int, data: bytes, now: datetime) -> RegisterRead:
    """Read a sheet and say what taking it in would do, line by line; writes nothing. Raises as `import_register`."""
    estate = queries.get_estate(viewer=actor, estate_id=estate_id)
    policies.check_can_keep(actor, estate.area_path)
    return _read(estate, data)


@transaction.atomic
def import_register(*, actor: Actor, estate_id: int, data: bytes, now: datetime) -> RegisterRead:
    """
    Replace the register of an estate by a sheet, if every row of it is sound; else nothing is written, and it is said
    of each unsound row why. Units that the sheet lacks are out of the register; owners stay who they were.

    Rolls that are frozen stay as they are. The file is not kept. A few statements for any number of rows.
    Raises EstateNotFound, NotAllowed (no KEEP there), BadEstate (too large), Invalid (no table).
    """
    estate = queries.lock_estate(estate_id)
    policies.check_can_keep(actor, estate.area_path)
    read = _read(estate, data)
    if not read.reasons and read.units:
        _write(estate, read)
        read.written = True
        fact = UnitsImported(estate.pk, len(read.units), read.size)
        history.record(actor=actor, fact=fact, at=now, audience=audience_of(estate))
    return read


def _read(estate: Estate, data: bytes) -> RegisterRead:
    if not data or len(data) > FILE_BYTES_MAX:
        sentence = _("文件是空的，或超过 %(n)d MB") % {"n": FILE_BYTES_MAX // 1_000_000}
        raise BadEstate(sentence, {"file": sentence})
    read = RegisterRead()
    with tempfile.TemporaryDirectory(prefix="haitang-owners-") as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        for number, row in enumerate(read_table(path, queries.unit_columns()), start=1):
            if number > ROWS_MAX:
                sentence = _("一次最多导入 %(n)d 行") % {"n": ROWS_MAX}
                raise BadEstate(sentence, {"file": sentence})
            try:
                _take(read, row)
            except Refusal as refusal:
                read.reasons.append((row.line, refusal.message))
    _check_shares(read)
    _check_same(read)
    read.reasons.sort()
    known = set(Unit.objects.filter(estate=estate, is_gone=False).values_list("building", "number"))
    read.gone = len(known - read.units.keys())
    return read


def _take(read: RegisterRead, row: Row) -> None:
    if row.error:
        raise BadEstate(row.error)
    cells = {name: value for name, value in row.cells.items() if value is not None}
    place = cells["building"].strip(), cells["number"].strip()
    unit = UnitRead(
        cells.get("kind", UnitKind.HOME.value), cells.get("state", UnitState.DELIVERED.value),
        parse_size(cells["size"]), cells.get("basis", Basis.REGISTER.value),
    )  # fmt: skip
    known = read.units.get(place)
    if known is not None and (known.kind, known.state, known.size, known.basis) != (
        unit.kind, unit.state, unit.size, unit.basis,
    ):  # fmt: skip
        raise BadEstate(_("同一房屋与第 %(line)d 行的用途、面积或交付情况不一致") % {"line": read.lines[place]})
    name = cells.get("owner", "").strip()
    identity, phone = _plain(cells.get("identity", "")), _plain(cells.get("phone", ""))
    if known is not None and not (name and known.owners):
        raise BadEstate(_("与第 %(line)d 行是同一房屋") % {"line": read.lines[place]})
    share = _share_of(cells.get("share", ""))
    held = read.units.setdefault(place, unit)
    read.lines.setdefault(place, row.line)
    if not name:
        return
    key = _key(name, identity, phone, place)
    if key in held.owners:
        raise BadEstate(_("同一业主在这一房屋写了两次"))
    if read.owners.get(key, (name,))[0] != name:
        raise BadEstate(_("同一证件号码对应两个姓名"))
    held.owners[key] = share
    read.owners.setdefault(key, (name, identity, phone))


def _plain(text: str) -> str:
    """Return a number as it counts: however it was spaced, hyphened or typed in full width, it is the same one."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()


def _key(name: str, identity: str, phone: str, place: tuple[str, str]) -> OwnerKey:
    """Return by what two rows are the same owner: the certificate; else name and telephone; else nobody but here."""
    if identity:
        return ("identity", identity)
    return ("phone", name, phone) if phone else ("place", name, *place)


def _share_of(text: str) -> Fraction | None:
    match = re.fullmatch(r"\s*([0-9]{1,4})\s*/\s*([0-9]{1,4})\s*", text) if text.strip() else None
    if not text.strip():
        return None
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise BadEstate(_("份额应写成 1/2 这样：%(text)s") % {"text": text[:20]})
    return Fraction(int(match[1]), int(match[2]))


def _check_shares(read: RegisterRead) -> None:
    """Complain where written shares do not make a whole; unwritten ones are equal parts."""
    for place, unit in read.units.items():
        written = [share for share in unit.owners.values() if share is not None]
        if written and (len(written) < len(unit.owners) or sum(written) != 1):
            read.reasons.append((read.lines[place], _("各业主的份额合计应为 1，或者都不填")))
        if unit.state == UnitState.DELIVERED and not unit.owners:
            read.reasons.append((read.lines[place], _("已交付的房屋请填写业主；未出售的请在交付情况中注明")))


def _check_same(read: RegisterRead) -> None:
    """Complain where somebody stands there with a certificate and without one: they would count as two."""
    certified = {(name, phone) for name, identity, phone in read.owners.values() if identity and phone}
    for place, unit in read.units.items():
        if any(key[0] == "phone" and key[1:] in certified for key in unit.owners):
            text = _("同名同电话的业主在别的行写了证件号码，请在这一行也写上，否则会算作两人")
            read.reasons.append((read.lines[place], text))


def _write(estate: Estate, read: RegisterRead) -> None:
    owners = _write_owners(estate, read)
    known = {(unit.building, unit.number): unit for unit in Unit.objects.filter(estate=estate)}
    Unit.objects.filter(estate=estate).exclude(
        pk__in=[known[place].pk for place in read.units if place in known]
    ).update(is_gone=True)  # fmt: skip
    rows = []
    for place, each in read.units.items():
        row = known.get(place) or Unit(estate=estate, building=place[0], number=place[1])
        row.kind, row.state, row.size, row.basis, row.is_gone = each.kind, each.state, each.size, each.basis, False
        rows.append(row)
    Unit.objects.bulk_create([row for row in rows if row.pk is None])
    Unit.objects.bulk_update(
        [row for row in rows if (row.building, row.number) in known], ["kind", "state", "size", "basis", "is_gone"],
        batch_size=1000,
    )  # fmt: skip
    Share.objects.filter(unit__estate=estate).delete()
    shares = []
    for row in rows:
        held = read.units[row.building, row.number].owners
        for key, share in held.items():
            part = share if share is not None else Fraction(1, len(held))
            shares.append(Share(unit=row, owner=owners[key], part=part.numerator, of=part.denominator))
    Share.objects.bulk_create(shares)


def _write_owners(estate: Estate, read: RegisterRead) -> dict[OwnerKey, Owner]:
    """Return the owner of every key: who is known stays, with the account that is tied; the others are entered."""
    known, uncertified, certified = _known_owners(estate)
    fresh, changed = [], []
    for key, (name, identity, phone) in read.owners.items():
        # A certificate written later, or left out for once, makes nobody somebody else.
        alike = uncertified if identity else certified
        row = known.get(key) or (alike.pop((name, phone), None) if phone else None)
        if row is None:
            row = Owner(estate=estate)
            fresh.append(row)
        elif (row.name, row.phone, row.identity) == (name, phone, identity or row.identity):
            known[key] = row
            continue
        else:
            changed.append(row)
        known[key] = row
        row.name, row.phone_sealed = name, crypto.seal(phone, PHONE)
        if identity or row.pk is None:
            row.identity_sealed = crypto.seal(identity, IDENTITY)
            row.identity_index = crypto.blind_index(identity, IDENTITY)
    Owner.objects.bulk_create(fresh)
    names = ["name", "phone_sealed", "identity_sealed", "identity_index"]
    Owner.objects.bulk_update(changed, names, batch_size=1000)
    return known


def _known_owners(
    estate: Estate,
) -> tuple[dict[OwnerKey, Owner], dict[tuple[str, str], Owner], dict[tuple[str, str], Owner]]:
    """Return the owners on record by their keys; and by name and telephone those without a certificate, and with."""
    known: dict[OwnerKey, Owner] = {}
    uncertified: dict[tuple[str, str], Owner] = {}
    certified: dict[tuple[str, str], Owner] = {}
    for owner in Owner.objects.filter(estate=estate).order_by("id").prefetch_related("shares__unit"):
        identity, phone = _plain(owner.identity), _plain(owner.phone)
        if phone:
            (certified if identity else uncertified).setdefault((owner.name, phone), owner)
        if identity:
            known.setdefault(("identity", identity), owner)
        elif phone:
            known.setdefault(("phone", owner.name, phone), owner)
        else:
            for share in owner.shares.all():
                known.setdefault(("place", owner.name, share.unit.building, share.unit.number), owner)
    return known, uncertified, certified
