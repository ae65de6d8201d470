"""The rows of patrols and visits."""

from haitang.patrols.models.patrol import Checklist, Hazard, HazardPhoto, ItemResult, PatrolSetting, Round

__all__ = ["Checklist", "Hazard", "HazardPhoto", "ItemResult", "PatrolSetting", "Round"]
