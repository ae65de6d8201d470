"""The pages of oversight."""

from haitang.oversight.views.boxes import decide, supervised, to_decide
from haitang.oversight.views.burning import burndown
from haitang.oversight.views.panel import case_panel, deed
from haitang.oversight.views.rules import rules, rung_remove

__all__ = ["burndown", "case_panel", "decide", "deed", "rules", "rung_remove", "supervised", "to_decide"]
