"""How answers are written: one structure of plain values, as XML and as JSON.

A list under a name is a container whose children all bear one name. In JSON it is always an array, and the outermost
name is dropped. Source: Open311 GeoReport v2.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from django.http import HttpResponse

from haitang.open311.values import Fault, Format, status_of

CHILD = {
    "answers": "answer", "attributes": "attribute", "endpoints": "endpoint", "errors": "error", "formats": "format",
    "notes": "note", "service_request_updates": "request_update", "service_requests": "request", "services": "service",
    "values": "value",
}  # fmt: skip
"""By the container's name, that of its children."""
CONTENT_TYPES = {Format.XML: "text/xml; charset=utf-8", Format.JSON: "application/json; charset=utf-8"}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'


def written(form: Format, name: str, value: Any, *, status: int = 200) -> HttpResponse:
    """Return the value under its name as a response in that format."""
    text = as_xml(name, value) if form is Format.XML else json.dumps(value, ensure_ascii=False)
    return HttpResponse(text.encode(errors="replace"), status=status, content_type=CONTENT_TYPES[form])


def faults_written(form: Format, *faults: Fault, status: int = 0) -> HttpResponse:
    """Return the faults as the standard tells them. status: the HTTP status, where it does not follow from them."""
    told = [{"code": fault.code, "description": fault.description} for fault in faults]
    return written(form, "errors", told, status=status or status_of(fault.code for fault in faults))


def as_xml(name: str, value: Any) -> str:
    """Return the value as an XML document; what XML cannot hold is left out of texts."""
    return _DECLARATION + "".join(_element(name, value))


def _element(name: str, value: Any) -> Iterator[str]:
    if value is None or value in ("", [], {}):
        yield f"<{name}/>"
        return
    yield f"<{name}>"
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _element(key, one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _element(CHILD[name], one)
    elif isinstance(value, bool):
        yield "true" if value else "false"
    else:
        yield escape(_NOT_XML.sub("", str(value)))
    yield f"</{name}>"
