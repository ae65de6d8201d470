"""The page of the phone, what it reads, and what it sends."""

from haitang.field.views.icon import icon
from haitang.field.views.phones import phones, revoke
from haitang.field.views.reading import state, todo
from haitang.field.views.sending import forget, join, key, receive_case, receive_photo
from haitang.field.views.shell import manifest, page, worker

__all__ = [
    "forget",
    "icon",
    "join",
    "key",
    "manifest",
    "page",
    "phones",
    "receive_case",
    "receive_photo",
    "revoke",
    "state",
    "todo",
    "worker",
]
