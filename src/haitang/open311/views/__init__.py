"""The entrances of Open311 GeoReport v2, and the page that says where they are."""

from haitang.open311.views.answering import unknown
from haitang.open311.views.discovery import definition, discovery, front, services
from haitang.open311.views.reading import media, single, token
from haitang.open311.views.requests import requests, updates

__all__ = [
    "definition", "discovery", "front", "media", "requests", "services", "single", "token", "unknown", "updates",
]  # fmt: skip
