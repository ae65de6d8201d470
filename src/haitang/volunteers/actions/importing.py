"""People entered from a list: checked row by row, then entered by a few statements."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from haitang.core import copying, crypto, files, history, policy
from haitang.core.access import Actor, require
from haitang.core.clock import local_date
from haitang.core.errors import Invalid, Refusal
from haitang.core.tables import read_table
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory
from haitang.volunteers import queries
from haitang.volunteers.actions.belonging import check_relation, management_of
from haitang.volunteers.actions.shared import Checker, lock_register
from haitang.volunteers.facts import VolunteersImported
from haitang.volunteers.models import PHONE, VolunteerImport
from haitang.volunteers.values import (
    ImportDone,
    ImportState,
    ItemKind,
    Permission,
    Relation,
    Via,
    VolunteerInvalid,
    VolunteerProfile,
)

FILE_BYTES_MAX = 10_000_000
ROWS_MAX = 50_000
REASONS_KEPT = 1000
_SEPARATORS = re.compile(r"[、,，;；/\s]+")
_VOLUNTEER = (
    "id, name, phone_sealed, phone_index, code_hash, area_id, area_ids, unit_id, skills, languages, forces, times, "
    "reach_m, wants_calls, via, consent_version, consented_at, registered_at"
)
_MEMBERSHIP = "volunteer_id, member_class, management, home_branch_id, community_branch_id, from_date"
_IDS = "SELECT nextval(pg_get_serial_sequence('volunteers_volunteer', 'id')) FROM generate_series(1, %s)"


@dataclass(slots=True)
class Checked:
    """What a file holds. sound: what can be entered. known: rows of people who stand in the register already.

    reasons: line and why of every row that cannot be used.
    """

    sound: list[tuple[VolunteerProfile, bytes, Relation | None]] = field(default_factory=list)
    known: int = 0
    reasons: list[tuple[int, str]] = field(default_factory=list)


@transaction.atomic
def import_volunteers(
    *, actor: Actor, path: Path, now: datetime, unit_id: int | None = None, check_only: bool = False
) -> Checked:
    """
    Enter everybody of a csv or Excel file who has agreed to it (`queries.import_columns`), or only say what would be.

    unit_id: the unit whose people they are, where the file does not say. A row is refused with its reason; the others
    are entered. Who stands in the register already is left as they are. Takes MANAGE over the unit, or over the area
    of each row. Costs a few statements for any number of rows; while it runs nobody else is entered.

    Raises NotAllowed, Invalid (no table, or more than ROWS_MAX rows).
    """
    require(actor, Permission.MANAGE)
    if unit_id is not None and not organizations().by_id(unit_id):
        raise VolunteerInvalid(_("没有这个单位"), {"unit": _("没有这个单位")})
    if not check_only:
        lock_register()
    with policy.reading():
        found = _check(actor, path, unit_id, local_date(now))
        if not check_only and found.sound:
            _enter(found, now)
    if not check_only and found.sound:
        fact = VolunteersImported(unit_id or 0, len(found.sound), found.known, len(found.reasons))
        history.record(actor=actor, fact=fact, at=now)
    return found


@transaction.atomic
def bring_volunteer_file(
    *, actor: Actor, file_name: str, data: bytes, now: datetime, unit_id: int | None = None
) -> VolunteerImport:
    """Check a file and keep it until it is taken in; see `import_volunteers`. Raises NotAllowed, Invalid."""
    if not data or len(data) > FILE_BYTES_MAX:
        text = _("文件是空的，或超过 %(n)d MB") % {"n": FILE_BYTES_MAX // 1_000_000}
        raise Invalid(text, {"file": text})
    require(actor, Permission.MANAGE)
    digest = files.store_for_now(data)
    try:
        found = import_volunteers(
            actor=actor, path=files.path_for(digest), now=now, unit_id=unit_id, check_only=True
        )  # fmt: skip
    except Refusal:
        files.discard(digest)
        raise
    return VolunteerImport.objects.create(
        account_id=actor.id, unit_id=unit_id, file_name=file_name.replace("\x00", "")[:200], digest=digest,
        state=ImportState.CHECKED, at=now, **_told(found),
    )  # fmt: skip


@transaction.atomic
def take_in_volunteer_file(*, actor: Actor, import_id: int, now: datetime) -> VolunteerImport:
    """Enter the sound rows of a checked file, once, and remove the file.

    Raises ImportNotFound, ImportDone, NotAllowed.
    """
    row = queries.lock_import(viewer=actor, import_id=import_id)
    if row.state != ImportState.CHECKED:
        raise ImportDone(_("这个文件已经导入过"))
    found = import_volunteers(actor=actor, path=files.path_for(row.digest), now=now, unit_id=row.unit_id)
    digest, row.state, row.digest = row.digest, ImportState.DONE, ""
    for name, value in _told(found).items():
        setattr(row, name, value)
    row.save()
    transaction.on_commit(partial(files.discard, digest))
    return row


@transaction.atomic
def forget_volunteer_files(*, actor: Actor, now: datetime, before: datetime) -> int:
    """Remove files, and what they said of refused rows, brought before an instant; for the clock. Returns how many."""
    rows = list(VolunteerImport.objects.select_for_update(no_key=True).filter(at__lt=before))
    digests = [row.digest for row in rows if row.digest]
    VolunteerImport.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for digest in digests:
        transaction.on_commit(partial(files.discard, digest))
    return len(rows)


def _told(found: Checked) -> dict[str, Any]:
    return {
        "sound": len(found.sound), "known": found.known, "refused": len(found.reasons),
        "reasons": [list(each) for each in found.reasons[:REASONS_KEPT]],
    }  # fmt: skip


class _Words:
    """What the words of a file mean here: areas, units, branches and lines of the catalogues by their names."""

    def __init__(self, today: date) -> None:
        tree, registry = territory(), organizations()
        names: dict[str, set[int]] = {}
        for area in tree.descendants(None):
            full = "".join(tree.names(area.id))
            for name in (area.code, area.name, full):
                names.setdefault(name, set()).add(area.id)
        self.areas = {name: ids.pop() for name, ids in names.items() if len(ids) == 1}
        standing = [each for each in registry if each.exists(today)]
        self.organizations = {name: each.id for each in standing for name in (each.label, each.name, each.code)}
        items = queries.rules().items
        self.items = {
            kind: {name: item.code for item in items if item.kind == kind for name in (item.code, item.name)}
            for kind in ItemKind
        }

    def area(self, text: str) -> int:
        """Return the area of that code or name; a name that several bear must say the community, too."""
        found = self.areas.get(text.strip()) or self.areas.get(_SEPARATORS.sub("", text))
        if found is None:
            raise VolunteerInvalid(_("“居住网格”请填写编码，或街道、社区、网格全称"))
        return found

    def organization(self, text: str | None, title: str) -> int | None:
        """Return the organization of that name, None where nothing is said."""
        if not text:
            return None
        found = self.organizations.get(text.strip())
        if found is None:
            raise VolunteerInvalid(_("没有找到“%(title)s”：%(text)s") % {"title": title, "text": text.strip()[:40]})
        return found

    def codes(self, text: str | None, kind: ItemKind) -> tuple[str, ...]:
        """Return the codes of the lines named, by any of the usual separators."""
        if not text:
            return ()
        known = self.items[kind]
        named = [each for each in _SEPARATORS.split(text) if each]
        unknown = [each for each in named if each not in known]
        if unknown:
            told = {"label": kind.label, "names": "、".join(unknown)[:80]}
            raise VolunteerInvalid(_("%(label)s目录中没有：%(names)s") % told)
        return tuple(dict.fromkeys(known[each] for each in named))


def _check(actor: Actor, path: Path, unit_id: int | None, today: date) -> Checked:
    found, words, checker = Checked(), _Words(today), Checker(today)
    reach_m = queries.rules().setting("reach_default_m")
    read: dict[str, tuple[int, VolunteerProfile, Relation | None]] = {}
    for count, row in enumerate(read_table(path, queries.import_columns()), start=1):
        if count > ROWS_MAX:
            raise Invalid(_("文件超过 %(n)d 行，请分批导入") % {"n": ROWS_MAX})
        reason = row.error
        if not reason:
            try:
                profile, relation = _read(row.cells, words, checker, unit_id, reach_m, today)
                _check_may(actor, profile)
                if profile.phone in read:
                    raise VolunteerInvalid(_("与第 %(n)d 行电话相同") % {"n": read[profile.phone][0]})
                read[profile.phone] = row.line, profile, relation
            except Refusal as refusal:
                reason = refusal.message
        if reason:
            found.reasons.append((row.line, reason))
    indexes = {phone: crypto.blind_index(phone, PHONE) for phone in read}
    standing = queries.find_standing(indexes)
    for phone, (line, profile, relation) in read.items():
        if phone not in standing:
            found.sound.append((profile, indexes[phone], relation))
        elif standing[phone] == profile.name:
            found.known += 1
        else:
            found.reasons.append((line, _("该电话已由另一位登记，请核对姓名和电话")))
    found.reasons.sort()
    return found


def _read(
    cells: Mapping[str, Any], words: _Words, checker: Checker, unit_id: int | None, reach_m: int, today: date
) -> tuple[VolunteerProfile, Relation | None]:
    if not cells["consent"]:
        raise VolunteerInvalid(_("本人未同意，不能登记"))
    own = words.organization(cells.get("unit"), "单位")
    profile = checker.check(
        VolunteerProfile(
            name=cells["name"], phone=cells["phone"], area_id=words.area(cells["area"]), unit_id=own or unit_id,
            skills=words.codes(cells.get("skills"), ItemKind.SKILL),
            languages=words.codes(cells.get("languages"), ItemKind.LANGUAGE),
            forces=words.codes(cells.get("forces"), ItemKind.FORCE), reach_m=cells.get("reach_m") or reach_m,
            wants_calls=bool(cells.get("wants_calls")),
        )
    )  # fmt: skip
    if not cells.get("member_class"):
        return profile, None
    relation = Relation(
        cells["member_class"], cells.get("management") or "", words.organization(cells.get("home_branch"), "所在支部"),
        words.organization(cells.get("community_branch"), "报到支部"),
    )  # fmt: skip
    check_relation(relation, today)
    return profile, relation


def _check_may(actor: Actor, profile: VolunteerProfile) -> None:
    path = territory().area(profile.area_id).path
    if not actor.holds(Permission.MANAGE, area_path=path, organization_id=profile.unit_id):
        raise VolunteerInvalid(_("您不能登记居住在该网格、属于该单位的人员"))


def _enter(found: Checked, now: datetime) -> None:
    """Write everybody by COPY: a line for each, put together here."""
    tree, version, today = territory(), queries.consent().version, local_date(now)
    with connection.cursor() as cursor:
        cursor.execute(_IDS, [len(found.sound)])
        ids = [pk for (pk,) in cursor.fetchall()]
    people, ties = [], []
    for pk, (profile, index, relation) in zip(ids, found.sound, strict=True):
        area = tree.area(profile.area_id)
        people.append(
            copying.line((
                pk, profile.name, crypto.seal(profile.phone, PHONE), index, b"", area.id, copying.numbers(area.ids),
                profile.unit_id, _array(profile.skills), _array(profile.languages), _array(profile.forces), "{}",
                profile.reach_m, profile.wants_calls, Via.IMPORT.value, version, now, now,
            ))
        )  # fmt: skip
        if relation is not None:
            ties.append(
                copying.line((
                    pk, relation.member_class, management_of(relation), relation.home_branch_id,
                    relation.community_branch_id, today,
                ))
            )  # fmt: skip
    copying.write("volunteers_volunteer", _VOLUNTEER, people)
    copying.write("volunteers_membership", _MEMBERSHIP, ties)


def _array(codes: Iterable[str]) -> str:
    """Return codes, which are letters, digits and _, as the text of an array."""
    return "{" + ",".join(codes) + "}"
