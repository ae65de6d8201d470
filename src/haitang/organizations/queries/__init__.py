"""Reads over organizations: the registry (a snapshot, for hot paths) and the rows that pages show."""

from haitang.organizations.queries.lists import OrganizationRow, list_organizations
from haitang.organizations.queries.registry import (
    Branch,
    OrganizationRef,
    Place,
    PostRef,
    Registry,
    organizations,
    touch_organizations,
)
from haitang.organizations.queries.rows import (
    OrganizationPage,
    Tie,
    area_paths,
    covering,
    get_organization,
    get_organization_page,
    get_post,
    get_row,
    list_ties,
    lock_organization,
    lock_organizations,
    lock_post,
    managed_paths,
)

__all__ = [
    "Branch",
    "OrganizationPage",
    "OrganizationRef",
    "OrganizationRow",
    "Place",
    "PostRef",
    "Registry",
    "Tie",
    "area_paths",
    "covering",
    "get_organization",
    "get_organization_page",
    "get_post",
    "get_row",
    "list_organizations",
    "list_ties",
    "lock_organization",
    "lock_organizations",
    "lock_post",
    "managed_paths",
    "organizations",
    "touch_organizations",
]
