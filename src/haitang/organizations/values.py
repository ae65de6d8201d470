"""The words of organizations: permissions, kinds, refusals, and what is asked for when one is entered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haitang.core.errors import Conflict, Invalid, NotFound

CODE_LENGTH_MAX = 32
NAME_LENGTH_MAX = 100
SHORT_NAME_LENGTH_MAX = 20
PHONE_LENGTH_MAX = 30
PAGE_ROWS = 50
PAGE_ROWS_MAX = 200
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,31}", re.ASCII)
_PHONE = re.compile(r"[0-9+() -]{3,30}(?:转[0-9]{1,8})?", re.ASCII)
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class Permission(StrEnum):
    """What may be granted over an area or an organization."""

    MANAGE = "organizations.organization.manage"


class Kind(TextChoices):
    """What sort of organization it is."""

    PARTY_COMMITTEE = "party_committee", _("党委")
    PARTY_BRANCH = "party_branch", _("党支部")
    GOVERNMENT_DEPARTMENT = "government_department", _("政府部门")
    STREET_OFFICE = "street_office", _("街道办事处/镇政府")
    COMMUNITY = "community", _("社区居委会")
    COMMAND_CENTER = "command_center", _("指挥中心")
    ENFORCEMENT = "enforcement", _("综合执法队伍")
    PUBLIC_SERVICE = "public_service", _("公用事业单位")
    UNIT = "unit", _("驻区单位")
    PROPERTY_COMPANY = "property_company", _("物业公司")
    SOCIAL_ORGANIZATION = "social_organization", _("社会组织")
    OTHER = "other", _("其他")


class Hierarchy(TextChoices):
    """The three trees an organization can stand in; they differ from one another on purpose."""

    PARTY = "party", _("党组织")
    ADMINISTRATIVE = "administrative", _("行政")
    GRID = "grid", _("网格")


class AreaRelation(TextChoices):
    """What ties an organization to an area."""

    SERVES = "serves", _("负责")
    LOCATED = "located", _("所在")
    CONTACT = "contact", _("挂钩联系")


class OrganizationRelation(TextChoices):
    """What ties two organizations outside the hierarchies."""

    PAIRS = "pairs", _("结对共建")
    CONTAINS = "contains", _("包含")
    WORKS_WITH = "works_with", _("协作")


MUTUAL = frozenset({OrganizationRelation.PAIRS, OrganizationRelation.WORKS_WITH})
"""Relations that read the same from both ends; stored once, the lower id first."""


class PostKind(TextChoices):
    """What a post is for. Which permissions come with it is said in people, as data."""

    SECRETARY = "secretary", _("书记")
    DIRECTOR = "director", _("主任")
    DEPUTY = "deputy", _("副职")
    LEADER = "leader", _("分管领导")
    ACCEPTOR = "acceptor", _("受理员")
    DISPATCHER = "dispatcher", _("派遣员")
    HANDLER = "handler", _("处置人员")
    CHECKER = "checker", _("核查员")
    GRID_LEADER = "grid_leader", _("网格长")
    GRID_WORKER = "grid_worker", _("网格员")
    COMMUNITY_WORKER = "community_worker", _("社区工作者")
    ADMINISTRATOR = "administrator", _("管理员")
    OTHER = "other", _("其他")


class OrganizationUnknown(NotFound):
    """There is no such organization."""


class PostUnknown(NotFound):
    """There is no such post."""


class LinkUnknown(NotFound):
    """There is no such link."""


class OrganizationInvalid(Invalid):
    """What was entered about an organization, a link or a post cannot stand."""


class CodeTaken(Conflict):
    """Another organization has this code."""


class CreditCodeTaken(Conflict):
    """Another organization has this unified social credit code."""


class ParentOverlaps(Conflict):
    """The organization already has another parent in this hierarchy within the period."""


class CycleRefused(Conflict):
    """The organization would stand above itself."""


class LinkOverlaps(Conflict):
    """The same link exists already within the period."""


class OrganizationClosed(Conflict):
    """The organization does not exist on that day."""


class StillHasChildren(Conflict):
    """Others are still placed under the organization."""


class PostIsClosed(Conflict):
    """The post ended before that day."""


@dataclass(frozen=True)
class NewPost:
    """A post to be created. area_id: the duty area, for a grid worker the grid; None where the post has none."""

    kind: str
    title: str
    area_id: int | None = None


@dataclass(frozen=True)
class NewOrganization:
    """An organization to be created, with its place, links and posts, all from its first day.

    parents: for each hierarchy the code of the parent, which exists or is in the same batch.
    areas: (relation, area id). links: (relation, code of the other organization).
    """

    code: str
    name: str
    kind: str
    valid_from: date
    short_name: str = ""
    credit_code: str = ""
    phone: str = ""
    calendar_id: int | None = None
    parents: Mapping[str, str] = field(default_factory=dict)
    areas: tuple[tuple[str, int], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    posts: tuple[NewPost, ...] = ()


def is_credit_code(code: str) -> bool:
    """Tell whether an 18-character unified social credit code is well formed and its check character right.

    Source: GB 32100-2015; weights 3^i mod 31.
    """
    if len(code) != 18 or any(character not in _CREDIT_ALPHABET for character in code):
        return False
    total = sum(_CREDIT_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(code[:17]))
    return _CREDIT_ALPHABET[-total % 31] == code[17]


def check_organization(*, code: str, name: str, short_name: str, kind: str, credit_code: str, phone: str) -> None:
    """Raise OrganizationInvalid, with a sentence for each field at fault, unless the base facts can stand."""
    faults: dict[str, str] = {}
    if not _CODE.fullmatch(code):
        faults["code"] = gettext("代码应为 1 至 32 位字母、数字、下划线或短横线，且以字母或数字开头")
    if not 0 < len(name.strip()) <= NAME_LENGTH_MAX or not name.isprintable():
        faults["name"] = gettext("名称应为 1 至 %(max)d 个字") % {"max": NAME_LENGTH_MAX}
    if len(short_name) > SHORT_NAME_LENGTH_MAX or not short_name.isprintable():
        faults["short_name"] = gettext("简称不超过 %(max)d 个字") % {"max": SHORT_NAME_LENGTH_MAX}
    if kind not in Kind.values:
        faults["kind"] = gettext("没有这种单位类别")
    if credit_code and not is_credit_code(credit_code):
        faults["credit_code"] = gettext("统一社会信用代码有误，请核对 18 位代码")
    if phone and not _PHONE.fullmatch(phone):
        faults["phone"] = gettext("办公电话只能含数字、空格、短横线、括号和“转”加分机号")
    _refuse(faults)


def check_post(post: NewPost) -> None:
    """Raise OrganizationInvalid unless the post's kind is known and its title can stand."""
    faults: dict[str, str] = {}
    if post.kind not in PostKind.values:
        faults["kind"] = gettext("没有这种岗位类别")
    if not 0 < len(post.title.strip()) <= NAME_LENGTH_MAX or not post.title.isprintable():
        faults["title"] = gettext("岗位名称应为 1 至 %(max)d 个字") % {"max": NAME_LENGTH_MAX}
    if post.kind == PostKind.GRID_WORKER and post.area_id is None:
        faults["area_id"] = gettext("网格员岗位须指定负责的网格")
    _refuse(faults)


def _refuse(faults: dict[str, str]) -> None:
    if faults:
        words = {name: str(words) for name, words in faults.items()}
        raise OrganizationInvalid("；".join(words.values()), fields=words)
