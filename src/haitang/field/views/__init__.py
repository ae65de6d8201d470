"""The page of the phone, what it reads, and what it sends."""

from haitang.field.views.reading import state, todo
from haitang.field.views.sending import forget, join, key, receive_case, receive_photo
from haitang.field.views.shell import manifest, page, worker

__all__ = [
    "forget",
    "join",
    "key",
    "manifest",
    "page",
    "receive_case",
    "receive_photo",
    "state",
    "todo",
    "worker",
]
