"""Writes of the official account: keeping it, taking in what people send, fetching pictures, telling of progress."""

from haitang.wechat.actions.account import change_wechat_rule, keep_account
from haitang.wechat.actions.forgetting import clean_old_contacts
from haitang.wechat.actions.pictures import fetch_picture
from haitang.wechat.actions.talking import take_message
from haitang.wechat.actions.telling import tell_wechat_progress

__all__ = [
    "change_wechat_rule", "clean_old_contacts", "fetch_picture", "keep_account", "take_message", "tell_wechat_progress",
]  # fmt: skip
