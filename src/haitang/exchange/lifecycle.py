"""The lives of an entry (a need or a resource) and of an agreement."""

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haitang.exchange.values import WrongState


class Status(TextChoices):
    """Where a need or a resource stands."""

    DRAFT = "draft", _("待发布")
    PUBLISHED = "published", _("已发布")
    MATCHED = "matched", _("已对接")
    MET = "met", _("已完成")
    CLOSED = "closed", _("已关闭")
    DENIED = "denied", _("不予发布")


OPEN = (Status.PUBLISHED, Status.MATCHED)
"""What can be ordered, or ordered for."""
PUBLIC = (Status.PUBLISHED, Status.MATCHED, Status.MET)
"""What anybody may read, without who asked."""


class EntryDeed(TextChoices):
    """What can be done to a need or a resource by itself; matched and met follow from its agreements."""

    PUBLISH = "publish", _("发布")
    DENY = "deny", _("不予发布")
    CLOSE = "close", _("关闭")


ENTRY_MOVES: dict[EntryDeed, tuple[frozenset[Status], Status]] = {
    EntryDeed.PUBLISH: (frozenset({Status.DRAFT, Status.DENIED}), Status.PUBLISHED),
    EntryDeed.DENY: (frozenset({Status.DRAFT, Status.PUBLISHED}), Status.DENIED),
    EntryDeed.CLOSE: (frozenset({Status.DRAFT, Status.PUBLISHED, Status.MET}), Status.CLOSED),
}


def check_entry_move(current: str, deed: EntryDeed) -> Status:
    """Return the state that the deed leads to; raise WrongState where it leads nowhere from the current one."""
    sources, target = ENTRY_MOVES[deed]
    if current not in sources:
        raise WrongState(
            gettext("当前为“%(status)s”，不能%(deed)s") % {"status": Status(current).label, "deed": deed.label}
        )
    return target


def entry_deeds(current: str) -> list[EntryDeed]:
    """Return what can be done to an entry in this state."""
    return [deed for deed, (sources, _target) in ENTRY_MOVES.items() if current in sources]


class Stage(TextChoices):
    """Where an agreement stands."""

    ORDERED = "ordered", _("待确认")
    CONFIRMED = "confirmed", _("双方已确认")
    DELIVERED = "delivered", _("已交付")
    DECLINED = "declined", _("已婉拒")
    WITHDRAWN = "withdrawn", _("已撤回")
    EXPIRED = "expired", _("逾期未答复")
    GIVEN_UP = "given_up", _("已终止")


LIVE = (Stage.ORDERED, Stage.CONFIRMED)
"""What holds capacity that is not used up yet."""
STANDING = (*LIVE, Stage.DELIVERED)
"""What holds capacity, used up or not."""
AGREED = (Stage.CONFIRMED, Stage.DELIVERED)
"""What stands on the third list."""
FAILED = (Stage.DECLINED, Stage.WITHDRAWN, Stage.EXPIRED, Stage.GIVEN_UP)


class AgreementDeed(TextChoices):
    """What can be done to an agreement."""

    CONFIRM = "confirm", _("确认")
    DECLINE = "decline", _("婉拒")
    WITHDRAW = "withdraw", _("撤回")
    DELIVER = "deliver", _("登记交付")
    EVALUATE = "evaluate", _("评价")


AGREEMENT_SOURCES: dict[AgreementDeed, frozenset[Stage]] = {
    AgreementDeed.CONFIRM: frozenset({Stage.ORDERED}),
    AgreementDeed.DECLINE: frozenset({Stage.ORDERED}),
    AgreementDeed.WITHDRAW: frozenset({Stage.ORDERED}),
    AgreementDeed.DELIVER: frozenset({Stage.CONFIRMED}),
    AgreementDeed.EVALUATE: frozenset({Stage.DELIVERED}),
}


def check_agreement_deed(stage: str, deed: AgreementDeed) -> None:
    """Raise WrongState where the deed cannot be done at this stage."""
    if stage not in AGREEMENT_SOURCES[deed]:
        raise WrongState(
            gettext("对接单当前为“%(status)s”，不能%(deed)s") % {"status": Stage(stage).label, "deed": deed.label}
        )
