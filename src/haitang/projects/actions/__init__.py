"""Writes to projects: one function for each thing that can be done."""

from haitang.projects.actions.evaluating import evaluate_project, find_project_by_code, issue_codes
from haitang.projects.actions.moving import (
    accept_project,
    archive_project,
    deliver_project,
    give_up_project,
    launch_project,
)
from haitang.projects.actions.packaging import make_package, pack_project, unpack_project
from haitang.projects.actions.planning import (
    change_parties,
    change_plan,
    drop_milestone,
    reach_milestone,
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
from haitang.projects.actions.telling import add_progress_photo, end_publication, publish_project, tell_progress

__all__ = [
    "accept_project", "add_progress_photo", "archive_project", "begin_scoring", "change_parties", "change_plan",
    "change_project_rule", "deliver_project", "drop_milestone", "end_publication", "evaluate_project",
    "find_project_by_code", "give_up_project", "issue_codes", "launch_project", "make_package", "move_projects",
    "nominate_project", "open_selection", "pack_project", "publish_project", "publish_selection", "reach_milestone",
    "score_project", "set_milestone", "start_project", "start_projects", "tell_overdue_milestones", "tell_progress",
    "unpack_project",
]  # fmt: skip
