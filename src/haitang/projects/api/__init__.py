"""The API of projects: one by one, and together in packages and selections."""

from ninja import Router

from haitang.projects.api.packages import router as packages
from haitang.projects.api.projects import router as projects
from haitang.projects.api.selections import router as selections

__all__ = ["router"]

router = Router()
for _part in (projects, packages, selections):
    router.add_router("", _part)
