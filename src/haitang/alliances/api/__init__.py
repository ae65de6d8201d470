"""The API of joint work: one router, in three files."""

from haitang.alliances.api import circles, committees, links
from haitang.alliances.api.base import router

__all__ = ["circles", "committees", "links", "router"]
