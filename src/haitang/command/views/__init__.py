"""The pages of the overview."""

from haitang.command.views.desk import desk
from haitang.command.views.figures import export, figures
from haitang.command.views.map import case_map, map_cases, map_counts

__all__ = ["case_map", "desk", "export", "figures", "map_cases", "map_counts"]
