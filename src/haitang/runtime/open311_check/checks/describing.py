"""Discovery, services and definitions: C1 to C24."""

from typing import Any

from haitang.runtime.open311_check.checks.register import Register
from haitang.runtime.open311_check.peer import LISTS, Peer, Skipped, errors_of, expect
from haitang.runtime.open311_check.reading import JSON, XML
from haitang.runtime.open311_check.shapes import ATTRIBUTE, DEFINITION, INSTANT, SERVICE, check_shape

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
TYPES = {XML: "text/xml; charset=utf-8", JSON: "application/json; charset=utf-8"}
DATATYPES = {"string", "number", "datetime", "text"} | LISTS
NOWHERE = "no-such-jurisdiction"
check = Register(1)


def _discovery(peer: Peer, form: str) -> dict[str, Any]:
    return peer.asked_once("discovery", form).record("discovery")


def _endpoints(peer: Peer) -> list[dict[str, Any]]:
    return [one for form in (XML, JSON) for one in _discovery(peer, form)["endpoints"]]


@check("discovery answers in XML and in JSON")
def _(peer: Peer) -> None:
    for form in (XML, JSON):
        _discovery(peer, form)


@check("discovery has every required key")
def _(peer: Peer) -> None:
    for form in (XML, JSON):
        told = _discovery(peer, form)
        for key in ("changeset", "contact", "key_service", "endpoints"):
            expect(told.get(key), f"{key} is missing ({form})")
    for endpoint in _endpoints(peer):
        for key in ("specification", "url", "changeset", "type", "formats"):
            expect(endpoint.get(key), f"{key} is missing in an endpoint")


@check("an endpoint names the specification exactly")
def _(peer: Peer) -> None:
    for form in (XML, JSON):
        named = [one.get("specification") for one in _discovery(peer, form)["endpoints"]]
        expect(SPECIFICATION in named, f"the specifications are {named}")


@check("every changeset is an instant with a time zone")
def _(peer: Peer) -> None:
    told = [_discovery(peer, form)["changeset"] for form in (XML, JSON)]
    for text in (*told, *(one["changeset"] for one in _endpoints(peer))):
        expect(INSTANT.fullmatch(str(text)), f"a changeset is {text!r}")


@check("every endpoint has text/xml among its formats")
def _(peer: Peer) -> None:
    for endpoint in _endpoints(peer):
        formats = endpoint["formats"]
        expect(isinstance(formats, list) and "text/xml" in formats, f"the formats are {formats!r}")


@check("an endpoint is of type production or test")
def _(peer: Peer) -> None:
    for endpoint in _endpoints(peer):
        expect(endpoint["type"] in ("production", "test"), f"a type is {endpoint['type']!r}")


@check("services.xml is to be found below every endpoint's address")
def _(peer: Peer) -> None:
    for url in {str(one["url"]).rstrip("/") for one in _endpoints(peer) if one["specification"] == SPECIFICATION}:
        answer = peer.get("services", XML, at=url)
        expect(answer.status == 200, f"{url}/services.xml answers {answer.status}")
        answer.records("services")


@check("the XML of services is <services> with <service> in it")
def _(peer: Peer) -> None:
    root = peer.asked_once("services", XML).tree
    tags = {child.tag for child in root.children}
    expect(root.tag == "services" and tags == {"service"}, f"it is <{root.tag}> with {sorted(tags)}")


@check("the JSON of services is a bare array of sound services")
def _(peer: Peer) -> None:
    found = peer.services(JSON)
    expect(found, "there is no service")
    for one in found:
        check_shape(SERVICE, one)


@check("a JSON array has an item for each child of the XML, for a single one too")
def _(peer: Peer) -> None:
    xml, json = len(peer.services(XML)), len(peer.services(JSON))
    expect(xml == json, f"{xml} services in XML, {json} in JSON")
    try:
        one = peer.sample()["service_request_id"]
    except Skipped:
        return
    found = peer.asked_once("requests", JSON, service_request_id=one).records("service_requests")
    expect(len(found) == 1, f"a single request is an array of {len(found)}")


@check("metadata is true or false")
def _(peer: Peer) -> None:
    for one in peer.services(XML):
        expect(one.get("metadata") in ("true", "false"), f"metadata is {one.get('metadata')!r}")


@check("a service is of type realtime, batch or blackbox")
def _(peer: Peer) -> None:
    for one in (*peer.services(XML), *peer.services(JSON)):
        expect(one.get("type") in ("realtime", "batch", "blackbox"), f"a type is {one.get('type')!r}")


@check("keywords are one text")
def _(peer: Peer) -> None:
    for one in (*peer.services(XML), *peer.services(JSON)):
        expect(one.get("keywords") is None or isinstance(one["keywords"], str), f"keywords are {one['keywords']!r}")


@check("another jurisdiction than those served is not found")
def _(peer: Peer) -> None:
    if not peer.is_split:
        raise Skipped("the server has one jurisdiction and therefore asks for none")
    for form in (XML, JSON):
        answer = peer.get("services", form, jurisdiction_id=NOWHERE)
        expect(answer.status == 404, f"it is answered {answer.status}")
        errors_of(answer)


@check("where there are several jurisdictions, one must be named")
def _(peer: Peer) -> None:
    if not peer.is_split:
        raise Skipped("the server has one jurisdiction and therefore asks for none")
    for form in (XML, JSON):
        answer = peer.get("services", form, jurisdiction_id="")
        expect(answer.status == 400, f"none is answered {answer.status}")
        errors_of(answer)
    peer.asked_once("services", XML)


@check("where there is one jurisdiction, whatever is named is ignored")
def _(peer: Peer) -> None:
    if peer.is_split:
        raise Skipped("the server has several jurisdictions")
    answer = peer.get("services", XML, jurisdiction_id=NOWHERE)
    expect(answer.status == 200, f"a jurisdiction that is none is answered {answer.status}")
    expect(answer.records("services") == peer.services(XML), "other services are told under another jurisdiction")


@check("content types are exact, and name UTF-8 as the XML declaration does")
def _(peer: Peer) -> None:
    for path in ("discovery", "services", "requests"):
        for form, wanted in TYPES.items():
            answer = peer.asked_once(path, form)
            given = ";".join(part.strip() for part in answer.content_type.split(";")).lower()
            expect(given == wanted.replace("; ", ";"), f"{path}.{form} is {answer.content_type!r}")
            answer.body.decode("utf-8")
        head = peer.asked_once(path, XML).body[:100].lower()
        declared = head.startswith(b"<?xml") and b'encoding="utf-8"' in head.replace(b"'", b'"')
        expect(declared, f"{path}.xml declares no UTF-8")


@check("a service with metadata has a sound definition")
def _(peer: Peer) -> None:
    codes = list(peer.definitions())
    if not codes:
        raise Skipped("no service has metadata")
    for code in codes:
        told = peer.asked_once(f"services/{code}", JSON).record("service_definition")
        check_shape(DEFINITION, told)
        expect(told["service_code"] == code, f"the definition of {code} is that of {told['service_code']}")
        for attribute in told["attributes"]:
            check_shape(ATTRIBUTE, attribute)


@check("the definition of an unknown service is not found, in the standard's errors")
def _(peer: Peer) -> None:
    for form in (XML, JSON):
        answer = peer.get("services/no-such-service", form)
        expect(answer.status == 404, f"it is answered {answer.status}")
        errors_of(answer)


def _each_attribute(peer: Peer) -> list[dict[str, Any]]:
    found = [attribute for code in peer.definitions() for attribute in peer.attributes(code)]
    if not found:
        raise Skipped("no service asks anything")
    return found


@check("an attribute has one of the six datatypes")
def _(peer: Peer) -> None:
    for one in _each_attribute(peer):
        expect(one.get("datatype") in DATATYPES, f"{one.get('code')} is a {one.get('datatype')!r}")


@check("attributes are numbered from 1, each number once in a service")
def _(peer: Peer) -> None:
    _each_attribute(peer)
    for code in peer.definitions():
        orders = [int(one["order"]) for one in peer.attributes(code)]
        expect(len(set(orders)) == len(orders) and min(orders, default=1) >= 1, f"the orders of {code} are {orders}")


@check("an attribute of a list has values with key and name")
def _(peer: Peer) -> None:
    found = [one for one in _each_attribute(peer) if one.get("datatype") in LISTS]
    if not found:
        raise Skipped("no attribute is a list")
    for one in found:
        values = one.get("values")
        expect(values and isinstance(values, list), f"{one.get('code')} has no values")
        for value in values or []:
            expect(value.get("key") and value.get("name"), f"a value of {one.get('code')} is {value}")


@check("the JSON of attributes is an array, for a single one too")
def _(peer: Peer) -> None:
    _each_attribute(peer)
    for code in peer.definitions():
        told = peer.asked_once(f"services/{code}", JSON).record("service_definition")["attributes"]
        expect(isinstance(told, list), f"the attributes of {code} are no array")
        children = next(
            child.children for child in peer.asked_once(f"services/{code}", XML).tree.children
            if child.tag == "attributes"
        )  # fmt: skip
        expect(len(told) == len(children), f"{code} has {len(children)} attributes in XML, {len(told)} in JSON")


@check("an attribute that only informs is told as such, and never required")
def _(peer: Peer) -> None:
    found = _each_attribute(peer)
    for one in found:
        expect(one.get("variable") in ("true", "false"), f"variable is {one.get('variable')!r}")
    informing = [one for one in found if one["variable"] == "false"]
    if not informing:
        raise Skipped("no attribute only informs")
    expect(all(one.get("required") == "false" for one in informing), "an attribute that asks nothing is required")


CHECKS = check.checks
