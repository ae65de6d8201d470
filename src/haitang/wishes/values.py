"""The words of wishes: permissions, where a wish comes from, what is handed in, what may not be public, refusals."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haitang.core.errors import Conflict, Invalid, NotFound
from haitang.core.privacy import mask_text
from haitang.core.shipped import read_shipped

TITLE_LENGTH_MAX = 30
WORDS_LENGTH_MAX = 300
NAME_LENGTH_MAX = 50
ADDRESS_LENGTH_MAX = 200
ROWS_MAX = 500
MINUTES_MAX = 720


class Permission(StrEnum):
    """What may be done with wishes and their rules. Which role holds which is data."""

    VIEW = "wishes.wish.view"
    ENTER = "wishes.wish.enter"
    CHECK = "wishes.wish.check"
    UNMASK = "wishes.wish.unmask"
    CLAIM = "wishes.claim.unit"
    SETTINGS = "wishes.settings.manage"


class Channel(TextChoices):
    """How a wish came in."""

    VISIT = "visit", _("入户走访")
    COMMUNITY = "community", _("社区登记")
    FAMILY = "family", _("家庭自己填写")
    IMPORT = "import", _("表格导入")


class Contact(TextChoices):
    """Whom a confirmed claimant gets to know: somebody in between, or the family itself, if it has agreed to that."""

    BETWEEN = "between", _("由联系人转交（不告诉家庭信息）")
    FAMILY = "family", _("直接联系家庭（家庭同意）")


class Side(TextChoices):
    """Who is reminded that it is their turn."""

    COMMUNITY = "community", _("社区")
    CLAIMANT = "claimant", _("认领人")
    FAMILY = "family", _("家庭")


@dataclass(frozen=True, slots=True)
class NewWish:
    """A wish as it is handed in. title, kind, words and cost become public, and of the area its street or town.

    cost: a band of the settings, see `bands`. name, phone, address and story are stored sealed.
    between_name, between_phone: who hands things over, needed where contact says so.
    consented: the family has agreed that its wish is published without its name.
    """

    title: str
    kind: str
    words: str
    cost: str
    area_code: str
    name: str
    phone: str = ""
    address: str = ""
    story: str = ""
    contact: str = Contact.BETWEEN.value
    between_name: str = ""
    between_phone: str = ""
    consented: bool = False


@dataclass(frozen=True, slots=True)
class Revealed:
    """A contact in full, for whoever may see it this once. address: "" where somebody in between hands things over."""

    name: str
    phone: str
    address: str = ""
    story: str = ""


def bands(tops: Sequence[int]) -> dict[str, str]:
    """Return what a wish may cost, by its code "100-200" (yuan), in words; "0-0" is for what costs nothing."""
    named = {"0-0": gettext("不用花钱")}
    for bottom, top in zip((0, *tops), tops, strict=False):
        named[f"{bottom}-{top}"] = cost_in_words(bottom, top)
    return named


def cost_in_words(cost_from: int, cost_to: int) -> str:
    """Return a range of yuan in words."""
    if not cost_to:
        return gettext("不用花钱")
    if not cost_from:
        return gettext("%(top)d 元以内") % {"top": cost_to}
    return gettext("%(bottom)d—%(top)d 元") % {"bottom": cost_from, "top": cost_to}


@cache
def _telling() -> tuple[dict[str, Any], re.Pattern[str]]:
    data = read_shipped("wishes", "telling.toml")
    return data, re.compile(f"[{data['surnames']}](?:{'|'.join(data['titles'])})")


def gives_away(text: str, known: Iterable[str] = ()) -> list[str]:
    """Return why a text would tell of whom it is, in words; empty where nothing was found.

    known: what belongs to this family: its name, address, names of areas below the street. Words of one character
    are passed over. It knows forms, not meanings: a person reads every text before it is published all the same.
    """
    data, addressed = _telling()
    found = []
    if mask_text(text)[1]:
        found.append(gettext("电话、证件号码或邮箱"))
    if re.search(data["addresses"], text):
        found.append(gettext("门牌地址"))
    if re.search(data["classes"], text):
        found.append(gettext("学校班级"))
    if match := addressed.search(text):
        found.append(gettext("称呼“%(words)s”") % {"words": match.group()})
    found += [f"“{each}”" for each in dict.fromkeys(known) if len(each) > 1 and each in text]
    return found


class WishNotFound(NotFound):
    """There is no such wish, or the viewer may not know that there is."""


class ClaimNotFound(NotFound):
    """There is no such claim, or it is not the viewer's."""


class WrongWishState(Conflict):
    """The wish is not in a state from which this deed leads anywhere."""


class AlreadyClaimed(Conflict):
    """Somebody else has claimed the wish meanwhile."""


class TooManyClaims(Conflict):
    """The claimant has as many wishes under way as the settings allow."""


class OwnClaim(Conflict):
    """Nobody confirms their own claim, and no family claims its own wish."""


class WishTwice(Conflict):
    """The same family has the same wish under way already."""


class BadWish(Invalid):
    """A wish that cannot be as it is described; its `fields` say where."""


class TellsWho(BadWish):
    """What is to be public would tell of which family it is."""
