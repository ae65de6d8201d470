"""Reads over projects: those to be shown name their viewer, those for actions say so."""

from haitang.projects.queries.columns import (
    DELIMITER,
    STEP_DELIMITER,
    export_columns,
    export_rows,
    project_columns,
    project_notes,
)
from haitang.projects.queries.files import find_origins, get_project_file, list_project_files
from haitang.projects.queries.packages import PackagePage, PackageView, get_package, get_package_page, list_packages
from haitang.projects.queries.projects import (
    ProjectFilter,
    ProjectPage,
    ProjectRef,
    ProjectView,
    count_by_status,
    describe_projects,
    filter_projects,
    find_project_of_code,
    get_milestone,
    get_photo,
    get_progress,
    get_project,
    get_project_for_job,
    get_project_page,
    list_leaders,
    list_milestones,
    list_projects,
    list_unused_codes,
    lock_project,
    lock_projects,
    refer_to,
)
from haitang.projects.queries.public import (
    PublicPage,
    get_public_photo,
    get_public_project,
    list_public_areas,
    list_public_projects,
)
from haitang.projects.queries.rules import RULES, SETTINGS, list_project_rules, rules
from haitang.projects.queries.selections import (
    NominationView,
    SelectionPage,
    get_nomination,
    get_public_selection,
    get_selection_page,
    list_possible_reviewers,
    list_public_selections,
    list_selections,
    lock_selection,
)

__all__ = [
    "DELIMITER", "RULES", "SETTINGS", "STEP_DELIMITER", "NominationView", "PackagePage", "PackageView",
    "ProjectFilter", "ProjectPage", "ProjectRef", "ProjectView", "PublicPage", "SelectionPage", "count_by_status",
    "describe_projects", "export_columns", "export_rows", "filter_projects", "find_origins", "find_project_of_code",
    "get_milestone", "get_nomination", "get_package", "get_package_page", "get_photo", "get_progress", "get_project",
    "get_project_file", "get_project_for_job", "get_project_page", "get_public_photo", "get_public_project",
    "get_public_selection", "get_selection_page", "list_leaders", "list_milestones", "list_packages",
    "list_possible_reviewers", "list_project_files", "list_project_rules", "list_projects", "list_public_areas",
    "list_public_projects", "list_public_selections", "list_selections", "list_unused_codes", "lock_project",
    "lock_projects", "lock_selection", "project_columns", "project_notes", "refer_to", "rules",
]  # fmt: skip
