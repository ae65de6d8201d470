"""Requests sent in, and tokens: C25 to C44."""

from typing import Any

from haitang.runtime.open311_check.checks.register import Register
from haitang.runtime.open311_check.peer import Peer, Skipped, errors_of, expect
from haitang.runtime.open311_check.reading import JSON, XML

NO_PLACE: dict[str, Any] = {"lat": None, "long": None}
check = Register(25)


@check("without api_key a report is refused with 403")
def _(peer: Peer) -> None:
    peer.refused(peer.report(api_key=None), 403)


@check("with a wrong api_key a report is refused with 403")
def _(peer: Peer) -> None:
    peer.refused(peer.report(api_key="no-such-key"), 403)


@check("without service_code a report is refused with 400")
def _(peer: Peer) -> None:
    peer.refused(peer.report(service_code=None), 400)


@check("with an unknown service_code a report is refused with 404")
def _(peer: Peer) -> None:
    peer.refused(peer.report(service_code="no-such-service"), 404)


@check("without any place a report is refused with 400")
def _(peer: Peer) -> None:
    peer.refused(peer.report(**NO_PLACE), 400)


@check("with half a point a report is refused with 400")
def _(peer: Peer) -> None:
    for name in NO_PLACE:
        half: dict[str, Any] = {name: None}
        peer.refused(peer.report(**half), 400)


@check("an address in words is place enough")
def _(peer: Peer) -> None:
    address = next((str(one["address"]) for one in peer.listed() if one.get("address")), "Town hall")
    peer.made(peer.report(**NO_PLACE, address_string=address[:100]))


@check("the id of an address is place enough")
def _(peer: Peer) -> None:
    known = next((str(one["address_id"]) for one in peer.listed() if one.get("address_id")), "")
    if not known:
        raise Skipped("the server tells no address_id")
    peer.made(peer.report(**NO_PLACE, address_id=known))


@check("without a required attribute a report is refused with 400")
def _(peer: Peer) -> None:
    code = peer.find_service(
        lambda found: any(one.get("required") == "true" for one in found), "no service requires an attribute"
    )
    sent = peer.report(code)
    peer.refused({name: value for name, value in sent.items() if not name.startswith("attribute[")}, 400)


@check("of an attribute with several values each is kept")
def _(peer: Peer) -> None:
    def fits(found: list[dict[str, Any]]) -> bool:
        return any(one.get("datatype") == "multivaluelist" and len(one.get("values") or []) > 1 for one in found)

    code = peer.find_service(fits, "no service asks for several values")
    several = next(one for one in peer.attributes(code) if fits([one]))
    values = [value["key"] for value in several["values"][:2]]
    made = peer.made(peer.report(code, **{f"attribute[{several['code']}][]": values}))
    told = peer.read(made).get("extended_attributes") or {}
    if "answers" in told:
        kept = next((one["values"] for one in told["answers"] if one["code"] == several["code"]), None)
        expect(kept == values, f"of {values} there is kept {kept}")


@check("a description of 4,000 characters is taken, one of 4,001 refused with 400")
def _(peer: Peer) -> None:
    sent = peer.report()
    longest = (str(sent["description"]) + " " + "长" * 4000)[:4000]
    peer.refused({**sent, "description": longest + "长"}, 400)
    peer.made({**sent, "description": longest})


@check("tags in a description are taken out or made harmless")
def _(peer: Peer) -> None:
    words = "<script>alert(1)</script><b onclick='x()'>bold</b> & 1 < 2"
    sent = peer.report()
    told = peer.read(peer.made({**sent, "description": f"{sent['description']} {words}"})).get("description")
    if not told:
        raise Skipped("the server tells no description")
    expect("<script" not in told and "onclick=" not in told.replace("&lt;b onclick", ""), f"it is told as {told!r}")


@check("optional arguments sent empty are as if not sent")
def _(peer: Peer) -> None:
    names = (
        "address_string", "address_id", "email", "device_id", "account_id", "first_name", "last_name", "phone",
        "description", "media_url",
    )  # fmt: skip
    peer.made(peer.report(**dict.fromkeys(names, "")))


@check("a report is answered with an id or a token, not both")
def _(peer: Peer) -> None:
    for form in (JSON, XML):
        answer = peer.post("requests", form, peer.report())
        expect(answer.status in (200, 201), f"a sound report is answered {answer.status}")
        found = answer.records("service_requests")
        expect(len(found) == 1, f"one report is answered with {len(found)} requests")
        given = [name for name in ("service_request_id", "token") if found[0].get(name)]
        expect(len(given) == 1, f"it is answered with {given or 'neither'}")


@check("Chinese comes back as it was sent")
def _(peer: Peer) -> None:
    words = "路灯三天不亮，老人出行不便；𠮷字与“引号”"
    sent = peer.report()
    told = peer.read(peer.made({**sent, "description": f"{words} {sent['description']}"})).get("description")
    if not told:
        raise Skipped("the server tells no description")
    expect(told.startswith(words), f"it comes back as {told!r}")


@check("two faults at once are two errors")
def _(peer: Peer) -> None:
    found = peer.refused(peer.report(**NO_PLACE, description="x" * 4001), 400)
    expect(len(found) >= 2, f"only one is told: {found}")


@check("an attribute that the service has not is refused with 400 or ignored")
def _(peer: Peer) -> None:
    answer = peer.post("requests", JSON, peer.report(**{"attribute[no_such_attribute]": "x"}))
    expect(answer.status in (200, 201, 400), f"it is answered {answer.status}")
    if answer.status == 400:
        errors_of(answer)
    else:
        expect(len(answer.records("service_requests")) == 1, "it is answered with no request")


@check("a point that is nowhere on earth is refused with 400")
def _(peer: Peer) -> None:
    for wrong in ({"lat": "91"}, {"long": "-181"}, {"lat": "nan"}):
        peer.refused(peer.report(**wrong), 400)


@check("an unknown token is not found, in the standard's errors")
def _(peer: Peer) -> None:
    for form in (XML, JSON):
        answer = peer.get("tokens/no-such-token", form)
        expect(answer.status == 404, f"it is answered {answer.status}")
        errors_of(answer)


@check("a token leads to the request's id")
def _(peer: Peer) -> None:
    answer = peer.post("requests", JSON, peer.report(), Prefer="respond-async")
    expect(answer.status in (200, 201, 202), f"a sound report is answered {answer.status}")
    told = answer.records("service_requests")[0]
    if not told.get("token"):
        expect(told.get("service_request_id"), "neither id nor token is answered")
        raise Skipped("the server gives ids at once, and no tokens")
    peer.resolved(str(told["token"]))


CHECKS = check.checks
