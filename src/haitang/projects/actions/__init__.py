"""Writes to projects: one function for each thing that can be done."""

from haitang.projects.actions.starting import start_project, start_projects

__all__ = ["start_project", "start_projects"]
