"""Writes to organizations: enter, change, close; place in a hierarchy; link to areas and to each other; posts."""

from haitang.organizations.actions.areas import carry_area
from haitang.organizations.actions.organizations import (
    change_organization,
    close_organization,
    create_organization,
    create_organizations,
)
from haitang.organizations.actions.posts import close_post, create_post
from haitang.organizations.actions.relations import (
    end_link,
    link_area,
    link_organizations,
    set_parent,
    unlink_area,
)

__all__ = [
    "carry_area",
    "change_organization",
    "close_organization",
    "close_post",
    "create_organization",
    "create_organizations",
    "create_post",
    "end_link",
    "link_area",
    "link_organizations",
    "set_parent",
    "unlink_area",
]
