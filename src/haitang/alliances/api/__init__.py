"""The API of joint work: one router, in five files."""

from haitang.alliances.api import circles, committees, links, parts, sheets
from haitang.alliances.api.base import router

__all__ = ["circles", "committees", "links", "parts", "router", "sheets"]
