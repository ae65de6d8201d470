"""Pages of projects: for those who work on them, and for everybody."""

from haitang.projects.views.files import export, file, file_take_in, files, template
from haitang.projects.views.packages import package, package_add, package_new, package_remove, packages
from haitang.projects.views.projects import (
    new,
    project,
    project_codes,
    project_deed,
    project_edit,
    project_milestone,
    project_milestone_deed,
    project_parties,
    project_photo,
    project_publish,
    project_tell,
    project_unpublish,
    projects,
    settings,
)
from haitang.projects.views.public import evaluate, public, public_photo, public_project, public_selection
from haitang.projects.views.selections import (
    selection,
    selection_begin,
    selection_new,
    selection_nominate,
    selection_publish,
    selection_score,
    selections,
)

__all__ = [
    "evaluate", "export", "file", "file_take_in", "files", "new", "package", "package_add", "package_new",
    "package_remove", "packages", "project", "project_codes", "project_deed", "project_edit", "project_milestone",
    "project_milestone_deed", "project_parties", "project_photo", "project_publish", "project_tell",
    "project_unpublish", "projects", "public", "public_photo", "public_project", "public_selection", "selection",
    "selection_begin", "selection_new", "selection_nominate", "selection_publish", "selection_score", "selections",
    "settings", "template",
]  # fmt: skip
