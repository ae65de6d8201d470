"""The published JSON schemas' rules as facts: what must be there, what may be null, of which type.

Source: Open311 GeoReport v2.
"""

import re
from typing import Any

from haitang.runtime.open311_check.peer import expect

STRING, NUMBER, BOOLEAN, ARRAY, INTEGER = "string", "number", "boolean", "array", "integer"
_TYPES: dict[str, tuple[type, ...]] = {
    STRING: (str,), NUMBER: (int, float), BOOLEAN: (bool,), ARRAY: (list,), INTEGER: (int,),
}  # fmt: skip

SERVICE = {
    "service_code": STRING, "service_name": STRING, "type": STRING, "description?": STRING, "metadata?": BOOLEAN,
    "keywords?": STRING, "group?": STRING,
}  # fmt: skip
DEFINITION = {"service_code": STRING, "attributes": ARRAY}
ATTRIBUTE = {
    "variable": BOOLEAN, "code": STRING, "datatype": STRING, "required": BOOLEAN, "order?": INTEGER,
    "description?": STRING, "datatype_description?": STRING, "values?": ARRAY,
}  # fmt: skip
REQUEST = {
    "service_request_id": STRING, "status": STRING, "service_code": STRING, "requested_datetime": STRING,
    **dict.fromkeys(
        (
            "status_notes?", "service_name?", "description?", "agency_responsible?", "service_notice?",
            "updated_datetime?", "expected_datetime?", "address?", "address_id?", "zipcode?", "media_url?",
        ),
        STRING,
    ),
    "lat?": NUMBER, "long?": NUMBER,
}  # fmt: skip
"""By field its type; with a question mark it may be absent or null."""
INSTANTS = ("requested_datetime", "updated_datetime", "expected_datetime")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_URL = re.compile(r"https?://\S+")


def check_shape(rules: dict[str, str], record: dict[str, Any]) -> None:
    """Raise Failed where a record, as JSON tells it, is not of that shape."""
    for field, kind in rules.items():
        name = field.rstrip("?")
        value = record.get(name)
        if value is None:
            expect(field.endswith("?"), f"{name} is missing in {_short(record)}")
            continue
        sound = isinstance(value, _TYPES[kind]) and (kind == BOOLEAN or not isinstance(value, bool))
        expect(sound, f"{name} is no {kind}: {value!r}")
    if rules is REQUEST:
        expect(record["status"] in ("open", "closed"), f"status is {record['status']!r}")
        for name in INSTANTS:
            expect(record.get(name) is None or INSTANT.fullmatch(record[name]), f"{name} is {record.get(name)!r}")
        url = record.get("media_url")
        expect(url is None or _URL.fullmatch(url), f"media_url is {url!r}")


def _short(record: dict[str, Any]) -> str:
    text = repr(record)
    return text if len(text) < 120 else text[:117] + "…"
