"""Messages as the platform of WeChat writes them: flat XML. Source: 微信公众平台 接收普通消息, 被动回复用户消息."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from haitang.core.characters import typed

_ID_LENGTH_MAX = 128
_TEXT_LENGTH_MAX = 4000


class NoMessage(ValueError):
    """What came is no message: no XML, or without who, to whom, when and what."""


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody sent. sender: their openid. key: the same each time the platform sends it again.

    kind: text, image, location, event, or what else there is. at: when, in seconds since 1970. lon, lat: GCJ-02.
    """

    account: str
    sender: str
    at: int
    kind: str
    key: str
    text: str = ""
    media_id: str = ""
    event: str = ""
    lon: float | None = None
    lat: float | None = None


def fields_of(body: str) -> dict[str, str]:
    """Return the elements below the root by name. Raises NoMessage; a document type is none, so no entity grows."""
    if "<!DOCTYPE" in body or "<!ENTITY" in body:
        raise NoMessage("a document type")
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - no document type: nothing is defined, nothing expands
    except (ElementTree.ParseError, ValueError) as error:
        raise NoMessage("no XML") from error
    return {child.tag: (child.text or "") for child in root if not len(child)}


def read_message(body: str) -> Message:
    """Return the message that the XML holds. Raises NoMessage."""
    told = fields_of(body)
    sender, account, kind, at = (told.get(name, "") for name in ("FromUserName", "ToUserName", "MsgType", "CreateTime"))
    if not (sender and account and kind and at.isascii() and at.isdigit() and len(at) <= 12):
        raise NoMessage("incomplete")
    if max(len(sender), len(account), len(kind)) > _ID_LENGTH_MAX or not (sender + kind).isprintable():
        raise NoMessage("over-long")
    number = told.get("MsgId", "")
    key = number if number.isascii() and number.isdigit() and number else f"{at}{told.get('Event', '')}"
    return Message(
        account, sender, int(at), kind, key[:_ID_LENGTH_MAX], _text(told, "Label" if kind == "location" else "Content"),
        told.get("MediaId", "")[:_ID_LENGTH_MAX], told.get("Event", "")[:_ID_LENGTH_MAX],
        _number(told, "Location_Y"), _number(told, "Location_X"),
    )  # fmt: skip


def _text(told: Mapping[str, str], name: str) -> str:
    return typed(told.get(name, "")[:_TEXT_LENGTH_MAX].replace("\x00", "")).strip()


def _number(told: Mapping[str, str], name: str) -> float | None:
    try:
        value = float(told.get(name, ""))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def reply(to: Message, text: str, at: int) -> str:
    """Return the XML that answers a message with a text."""
    told: dict[str, str | int] = {
        "ToUserName": to.sender, "FromUserName": to.account, "CreateTime": at, "MsgType": "text", "Content": text,
    }  # fmt: skip
    return _written(told)


def envelope(sealed: str, signed: str, at: str, nonce: str) -> str:
    """Return the XML around an encrypted answer."""
    return _written({"Encrypt": sealed, "MsgSignature": signed, "TimeStamp": int(at), "Nonce": nonce})


def _written(told: Mapping[str, str | int]) -> str:
    root = ElementTree.Element("xml")
    for name, value in told.items():
        ElementTree.SubElement(root, name).text = str(value)
    return ElementTree.tostring(root, encoding="unicode")
