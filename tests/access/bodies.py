"""What is sent: to an operation the least that its schema asks for, to a page what most forms ask for."""

from functools import cache
from typing import Any

from haitang.config.api import api
from tests.access.doors import Door

TEXT = "看表时写下的几个字"
FORM = {
    **dict.fromkeys(
        ("opinion", "reason", "words", "note", "text", "name", "title", "summary", "outcome", "answer", "description"),
        TEXT,
    ),
    **dict.fromkeys(("on", "from_date", "date", "until_on", "to_date"), "2025-11-19"),
    "phone": "13900000000", "stars": "5", "score": "5", "solved": "on", "result": "exists", "consented": "on",
}  # fmt: skip
_OF_FORMAT = {
    "date": "2025-11-19",
    "date-time": "2025-11-20T10:00:00+08:00",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


NONE = 999_999_999_999
"""An id that nothing has: what is sent must not depend on what numbers the database gave."""


def body(door: Door, place: dict[str, Any]) -> dict[str, Any]:
    """Return what is sent to a door that writes. place: the community asked for, as forms and schemas name it."""
    if not door.is_operation:
        return FORM | place
    told = _schema()["paths"][door.path][door.method.lower()].get("requestBody", {}).get("content", {})
    return _value(told["application/json"]["schema"], place) if "application/json" in told else {}


@cache
def _schema() -> dict[str, Any]:
    return api.get_openapi_schema()


def _value(told: dict[str, Any], place: dict[str, Any]) -> Any:
    """Return the least value that a schema takes."""
    if "$ref" in told:
        return _value(_schema()["components"]["schemas"][told["$ref"].rpartition("/")[2]], place)
    if "enum" in told or "const" in told:
        return told.get("const", told.get("enum", [None])[0])
    if "default" in told:
        return told["default"]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in told:
            return _value(told[several][0], place)
    match told.get("type"):
        case "object":
            asked = told.get("required", ())
            return {
                name: place.get(name, NONE) if name in place or name.endswith("_id") else _value(each, place)
                for name, each in told.get("properties", {}).items()
                if name in asked
            }
        case "array":
            if "prefixItems" in told:
                return [_value(each, place) for each in told["prefixItems"]]
            return [_value(told["items"], place)] * told.get("minItems", 0)
        case "string":
            return _OF_FORMAT.get(told.get("format", ""), TEXT[: told.get("maxLength", len(TEXT))])
        case "integer" | "number":
            return told.get("minimum", told.get("exclusiveMinimum", 0) + 1)
        case "boolean":
            return True
    return None
