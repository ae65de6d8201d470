"""Writes of the field page: phones, and what they send."""

from haitang.field.actions.phones import (
    forget_expired_phones,
    forget_phone,
    forget_phones_of,
    join_phone,
    note_sign_in,
    revoke_phone,
)
from haitang.field.actions.sending import send_capture, send_photo

__all__ = [
    "forget_expired_phones",
    "forget_phone",
    "forget_phones_of",
    "join_phone",
    "note_sign_in",
    "revoke_phone",
    "send_capture",
    "send_photo",
]
