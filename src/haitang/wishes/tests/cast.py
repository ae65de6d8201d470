"""What the tests of wishes share: a family of the spring community that wishes for a school bag, and who grants it."""

from typing import Any

from haitang.core.access import Actor
from haitang.testing.actors import NOW
from haitang.testing.people import CAST, Town, build_account
from haitang.volunteers import actions as register
from haitang.volunteers.models import Volunteer
from haitang.volunteers.values import VolunteerProfile
from haitang.wishes import actions
from haitang.wishes.models import Claim, Wish
from haitang.wishes.values import NewWish

COMMUNITY, GRID = "320585001001", "320585001001001"
PHONE = "15400008888"
SECRETS = ("韩梅", "15400007777", "3幢201", "奶奶带着孩子", "李建国", "15400006666")
"""What of the family and who stands in between must not be read where it does not belong."""


def new(**more: Any) -> NewWish:
    """Return a wish as it is handed in; the grid's worker stands in between."""
    told: dict[str, Any] = {
        "title": "想要一个双肩书包", "kind": "学习用品", "words": "蓝色，大一点的", "cost": "100-200",
        "area_code": GRID, "name": "韩梅", "phone": "154 0000 7777", "address": "春和花园3幢201",
        "story": "奶奶带着孩子生活", "between_name": "李建国", "between_phone": "15400006666", "consented": True,
    }  # fmt: skip
    return NewWish(**{**told, **more})


def entered(town: Town, **more: Any) -> Wish:
    """Let the secretary enter a wish."""
    (row,) = actions.enter_wishes(actor=town.secretary, news=[new(**more)], channel="visit", now=NOW)
    return row


def opened(town: Town, **more: Any) -> Wish:
    """Let the secretary enter a wish and publish it."""
    row = entered(town, **more)
    actions.publish_wishes(actor=town.secretary, wish_ids=[row.pk], now=NOW)
    row.refresh_from_db()
    return row


def somebody(name: str = "林阿姨") -> Actor:
    """Return a resident with an account."""
    cast = {each.id for each in CAST.values()}
    while (account := build_account(name)).pk in cast:
        pass
    return Actor(name, id=account.pk)


def volunteer(town: Town, name: str = "吴师傅") -> tuple[Actor, Volunteer]:
    """Return a resident who stands in the register of volunteers."""
    actor = somebody(name)
    profile = VolunteerProfile(name=name, phone=PHONE, area_id=town.areas["grid"])
    return actor, register.register_volunteer(actor=actor, profile=profile, consented=True, now=NOW).volunteer


def claimed(actor: Actor, wish: Wish, **more: Any) -> Claim:
    """Let somebody claim the wish."""
    return actions.claim_wish(actor=actor, wish_id=wish.pk, **{"phone": PHONE, "now": NOW, **more})


def confirmed(town: Town, actor: Actor, wish: Wish, **more: Any) -> Claim:
    """Let somebody claim the wish, and the secretary confirm them."""
    made = claimed(actor, wish, **more)
    return actions.confirm_claim(actor=town.secretary, claim_id=made.pk, now=NOW)
