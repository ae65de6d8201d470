"""The rows of projects."""

from haitang.projects.models.project import Milestone, Project, ProjectUnit, Responsible

__all__ = ["Milestone", "Project", "ProjectUnit", "Responsible"]
