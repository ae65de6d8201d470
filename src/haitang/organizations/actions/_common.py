"""What every write to organizations needs: who may, which day, and what a violated constraint says."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from haitang.core import clock
from haitang.core.access import Actor
from haitang.core.errors import Refusal
from haitang.organizations import models, policies, queries
from haitang.organizations.values import (
    AreaRelation,
    CodeTaken,
    CreditCodeTaken,
    CycleRefused,
    Hierarchy,
    LinkOverlaps,
    OrganizationClosed,
    OrganizationRelation,
    ParentOverlaps,
)


def refusals() -> dict[str, Refusal]:
    """Return the refusal for each constraint that a person can run into."""
    overlap = ParentOverlaps(_("该单位在这一体系中同一时间只能有一个上级，请先调整原有上级的起止日期"))
    linked = LinkOverlaps(_("同样的关联在这段时间内已经存在"))
    return {
        "organizations_organization_code": CodeTaken(_("单位代码已被使用，请换一个")),
        "organizations_organization_credit_code": CreditCodeTaken(_("该统一社会信用代码已登记在另一单位名下")),
        "organizations_subordination_no_cycle": CycleRefused(_("不能把单位放到它自己的下级之下")),
        "organizations_subordination_self": CycleRefused(_("单位不能是自己的上级")),
        "organizations_link_self": CycleRefused(_("单位不能与自己关联")),
        **{f"organizations_subordination_{each}": overlap for each in Hierarchy},
        **{f"organizations_arealink_{each}": linked for each in AreaRelation},
        **{f"organizations_link_{each}": linked for each in OrganizationRelation},
    }


def check_may_manage(actor: Actor, organization: models.Organization, now: datetime) -> None:
    """Raise NotAllowed unless the actor may change the organization as it stands today."""
    paths = queries.managed_paths(organization.pk, clock.local_date(now))
    policies.check_can_manage(actor, organization.pk, paths)


def check_exists(organization: models.Organization, on: date) -> None:
    """Raise OrganizationClosed unless the organization exists on that day."""
    if on < organization.valid_from:
        said, day = _("“%(name)s”自 %(day)s 起才启用"), organization.valid_from
    elif organization.valid_to is not None and on >= organization.valid_to:
        said, day = _("“%(name)s”自 %(day)s 起已停用"), organization.valid_to
    else:
        return
    raise OrganizationClosed(said % {"name": organization, "day": day})
