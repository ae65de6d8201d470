"""Wishes entered, by the community or by the family itself, and changed as long as they are not public."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import crypto, history, limits
from haitang.core.access import Actor
from haitang.core.errors import Refusal
from haitang.territory.queries import territory
from haitang.territory.values import Kind
from haitang.wishes import policies, queries
from haitang.wishes.actions.shared import audience_of, check_not_erased, phone_of, recorded_as, text_of
from haitang.wishes.facts import WishChanged, WishEntered
from haitang.wishes.lifecycle import ENDED, Deed, Status, check_move
from haitang.wishes.models import ADDRESS, BETWEEN, NAME, PHONE, STORY, Wish
from haitang.wishes.values import (
    ADDRESS_LENGTH_MAX,
    NAME_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    BadWish,
    Channel,
    Contact,
    NewWish,
    TellsWho,
    WishTwice,
    gives_away,
)

ASKED_A_DAY = 5
_DAY_S = 86_400
_CHANGED = (
    "title", "kind", "words", "cost_from", "cost_to", "area_id", "area_ids", "contact", "name_sealed", "phone_sealed",
    "phone_index", "address_sealed", "story_sealed", "between_name", "between_phone_sealed", "consented_at",
)  # fmt: skip


@transaction.atomic
def enter_wishes(
    *, actor: Actor, news: Sequence[NewWish], now: datetime, channel: str = Channel.COMMUNITY.value
) -> list[Wish]:
    """
    Enter wishes of families for them, as drafts: all of them or none. A few statements for any number.

    Raises NotAllowed (no ENTER over one of the areas), BadWish (its `fields` say where), TellsWho (what is to be
    public would tell whose it is), WishTwice.
    """
    rows = [build_wish(new, actor=actor, channel=channel, now=now) for new in news]
    for path in {row.area_path for row in rows}:
        policies.check_can_enter(actor, path)
    check_not_twice(rows)
    write_wishes(rows, actor=actor, now=now)
    return rows


def ask_wish(*, actor: Actor, new: NewWish, now: datetime) -> Wish:
    """
    Enter a wish of one's own family, as a draft that the community looks at before it is published.

    Raises NotSignedIn, TooMany (past ASKED_A_DAY), and as `enter_wishes`.
    """
    account_id = policies.check_signed_in(actor)
    limits.hit(f"wishes.ask:{account_id}", limit=ASKED_A_DAY, window_s=_DAY_S, now=now)
    try:
        with transaction.atomic():
            row = build_wish(new, actor=actor, channel=Channel.FAMILY, now=now)
            row.account_id = account_id
            check_not_twice([row])
            write_wishes([row], actor=actor, now=now)
    except Refusal:
        limits.give_back(f"wishes.ask:{account_id}")
        raise
    return row


@transaction.atomic
def change_wish(*, actor: Actor, wish_id: int, new: NewWish, now: datetime) -> Wish:
    """
    Change a wish that is not public; one that was not published is looked at again.

    Staff leave blank what of the family they do not change, since it is not shown to them; a family leaves blank what
    only the community knows. Both stay as they were.
    Raises WishNotFound, NotAllowed, WrongWishState, and as `enter_wishes`.
    """
    wish = queries.lock_wish(wish_id)
    policies.check_can_change(actor, wish)
    status = check_move(wish.status, Deed.CHANGE)
    check_not_erased(wish)
    built = build_wish(_completed(new, wish, actor), actor=actor, channel=wish.channel, now=now)
    if not policies.is_family(actor, wish):
        policies.check_can_enter(actor, built.area_path)
    built.pk = wish.pk
    check_not_twice([built])
    for name in _CHANGED:
        setattr(wish, name, getattr(built, name))
    wish.status, wish.reason, wish.ended_at = status, "", None
    wish.save(update_fields=[*_CHANGED, "status", "reason", "ended_at"])
    history.record(
        actor=recorded_as(actor, wish), fact=WishChanged(wish.pk, wish.title), at=now, audience=audience_of(wish)
    )
    return wish


def _completed(new: NewWish, wish: Wish, actor: Actor) -> NewWish:
    """Return what was typed, with what was left blank as it was."""
    blank = ["story", "between_name", "between_phone"]
    if not policies.is_family(actor, wish):
        blank += ["name", "phone", "address"]
    return replace(new, **{name: getattr(wish, name) for name in blank if not getattr(new, name).strip()})


def build_wish(new: NewWish, *, actor: Actor, channel: str, now: datetime) -> Wish:
    """Return the wish as it would be written; writes nothing. Raises BadWish, TellsWho."""
    if channel not in Channel.values or new.contact not in Contact.values:
        raise BadWish(_("请选择联系方式"), {"contact": _("请选择联系方式")})
    if not new.consented:
        missing = _("请先征得家庭同意：不写姓名地公开心愿")
        raise BadWish(missing, {"consented": missing})
    area = territory().by_code(new.area_code)
    if area is None or area.level < Kind.COMMUNITY.level:
        raise BadWish(_("请选择社区或网格"), {"area": _("请选择社区或网格")})
    if new.kind not in queries.rules()["kinds"]:
        raise BadWish(_("请选择类别"), {"kind": _("请选择类别")})
    if new.cost not in queries.cost_bands():
        raise BadWish(_("请选择估价"), {"cost": _("请选择估价")})
    bottom, top = (int(part) for part in new.cost.split("-"))
    name = text_of(new.name, "name", NAME_LENGTH_MAX, missing=_("请填写家庭联系人"))
    phone = phone_of(new.phone, "phone")
    address = text_of(new.address, "address", ADDRESS_LENGTH_MAX)
    row = Wish(
        title=text_of(new.title, "title", TITLE_LENGTH_MAX, missing=_("请写一句话的心愿")), kind=new.kind,
        words=text_of(new.words, "words"), cost_from=bottom, cost_to=top, area_id=area.id, area_ids=list(area.ids),
        status=Status.DRAFT, channel=channel, contact=new.contact, entered_by_id=actor.id,
        name_sealed=crypto.seal(name, NAME), phone_sealed=crypto.seal(phone, PHONE),
        phone_index=crypto.blind_index(phone, PHONE) if phone else b"", address_sealed=crypto.seal(address, ADDRESS),
        story_sealed=crypto.seal(text_of(new.story, "story"), STORY), consented_at=now, entered_at=now,
        **_between(new, phone, by_family=channel == Channel.FAMILY),
    )  # fmt: skip
    check_tells_nobody(row)
    return row


def _between(new: NewWish, phone: str, *, by_family: bool) -> dict[str, Any]:
    """Return who hands things over; a family leaves that to the community, which names somebody before publishing."""
    if new.contact == Contact.FAMILY:
        if not phone:
            raise BadWish(_("请填写家庭电话，或改由联系人转交"), {"phone": _("请填写家庭电话，或改由联系人转交")})
        return {"between_name": "", "between_phone_sealed": b""}
    if by_family and not (new.between_name.strip() or new.between_phone.strip()):
        return {"between_name": "", "between_phone_sealed": b""}
    name = text_of(new.between_name, "between_name", NAME_LENGTH_MAX, missing=_("请填写转交联系人"))
    between = phone_of(new.between_phone, "between_phone", missing=_("请填写转交联系人电话"))
    return {"between_name": name, "between_phone_sealed": crypto.seal(between, BETWEEN)}


def check_tells_nobody(wish: Wish) -> None:
    """Raise TellsWho where title or words would tell whose wish it is."""
    chain = territory().chain(wish.area_id)
    known = [wish.name, wish.address, *(area.name for area in chain if area.level > Kind.STREET.level)]
    fields = {}
    for name in ("title", "words"):
        if found := gives_away(getattr(wish, name), known):
            fields[name] = _("这里会公开，请去掉%(what)s") % {"what": "、".join(found)}
    if fields:
        raise TellsWho(_("公开的内容不能看出是哪一家"), fields)


def check_not_twice(rows: Iterable[Wish]) -> None:
    """Raise WishTwice where a family has the same wish under way, or would have it twice by these."""
    found = [row for row in rows if row.phone_index]
    under_way = Wish.objects.filter(phone_index__in=[row.phone_index for row in found]).exclude(status__in=ENDED)
    held = {(row.phone, row.title): row.pk for row in under_way}
    seen = set()
    for row in found:
        key = (row.phone, row.title)
        if key in seen or held.get(key, row.pk) != row.pk:
            raise WishTwice(_("这个家庭已有同样的心愿：%(title)s") % {"title": row.title})
        seen.add(key)


def write_wishes(rows: Sequence[Wish], *, actor: Actor, now: datetime) -> None:
    """Write checked rows with what the history says of each, in the caller's transaction: a few statements for all."""
    Wish.objects.bulk_create(rows)
    told = [(WishEntered(row.pk, row.title, row.channel), audience_of(row)) for row in rows]
    by = recorded_as(actor, rows[0]) if len(rows) == 1 else actor
    history.record_each(actor=by, facts=told, at=now)
