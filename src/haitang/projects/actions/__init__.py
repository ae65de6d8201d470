"""Writes to projects: one function for each thing that can be done."""

from haitang.projects.actions.evaluating import evaluate_project, find_project_by_code, issue_codes
from haitang.projects.actions.filing import bring_project_file, take_in_project_file
from haitang.projects.actions.moving import (
    accept_project,
    accept_projects,
    archive_project,
    deliver_project,
    deliver_projects,
    give_up_project,
    launch_project,
    launch_projects,
)
from haitang.projects.actions.packaging import make_package, pack_project, pack_projects, unpack_project
from haitang.projects.actions.planning import (
    change_parties,
    change_plan,
    drop_milestone,
    reach_milestone,
    reach_milestones,
    set_milestone,
    tell_overdue_milestones,
)
from haitang.projects.actions.rules import change_project_rule, move_projects
from haitang.projects.actions.selecting import (
    begin_scoring,
    nominate_project,
    open_selection,
    publish_selection,
    score_project,
)
from haitang.projects.actions.starting import start_project, start_projects
from haitang.projects.actions.telling import (
    add_progress_photo,
    end_publication,
    publish_project,
    publish_projects,
    tell_progress,
    tell_progresses,
)

__all__ = [
    "accept_project", "accept_projects", "add_progress_photo", "archive_project", "begin_scoring",
    "bring_project_file", "change_parties", "change_plan", "change_project_rule", "deliver_project",
    "deliver_projects", "drop_milestone", "end_publication", "evaluate_project", "find_project_by_code",
    "give_up_project", "issue_codes", "launch_project", "launch_projects", "make_package", "move_projects",
    "nominate_project", "open_selection", "pack_project", "pack_projects", "publish_project", "publish_projects",
    "publish_selection", "reach_milestone", "reach_milestones", "score_project", "set_milestone", "start_project",
    "start_projects", "take_in_project_file", "tell_overdue_milestones", "tell_progress", "tell_progresses",
    "unpack_project",
]  # fmt: skip
