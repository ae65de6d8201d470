"""The API of what is decided per city about cases: categories, and what each asks."""

from typing import Any

from ninja import Router

from haitang.cases import queries
from haitang.cases.schemas import CategoryOut, Code
from haitang.cases.schemas.asking import CategoryFormOut, category_form_out
from haitang.cases.values import AskedOf, Permission
from haitang.core import access
from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.schemas import REFUSALS

router = Router(tags=["cases"])


@router.get("/categories", response={200: list[CategoryOut], **REFUSALS}, operation_id="list_categories")
@allow(access.SIGNED_IN)
def list_categories(request: Request) -> list[dict[str, Any]]:
    """List the categories in use, parents first."""
    known = queries.catalog()
    leaves = {category.id for category in known.leaves}
    return [
        {
            "code": category.code,
            "name": category.name,
            "name_en": category.name_en,
            "tree": category.tree,
            "parent": known.by_id[category.parent_id].code if category.parent_id else None,
            "urgent": category.is_urgent,
            "is_leaf": category.id in leaves,
            "limits": {stage: str(limit) for stage, limit in category.limits.items()},
        }
        for category in known.categories
        if category.is_active
    ]


@router.get("/categories/{code}", response={200: CategoryFormOut, **REFUSALS}, operation_id="get_category_form")
@allow(access.SIGNED_IN)
def get_category_form(request: Request, code: Code) -> dict[str, Any]:
    """Show what a category asks and says today: for each moment a JSON Schema of `answers`, and the conditions."""
    category = queries.catalog().category(code)
    staff = request.actor.holds(Permission.REPORT)
    return category_form_out(category, AskedOf.STAFF if staff else AskedOf.RESIDENT)
