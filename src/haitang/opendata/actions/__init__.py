"""Writes of open data: publishing what is to be published, writing it to a folder, changing the rules."""

from haitang.opendata.actions.publishing import publish_open_data, write_open_data
from haitang.opendata.actions.rules import change_open_data_rule

__all__ = ["change_open_data_rule", "publish_open_data", "write_open_data"]
