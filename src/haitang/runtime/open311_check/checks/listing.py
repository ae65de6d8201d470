"""Requests read: C45 to C56."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from haitang.runtime.open311_check.checks.register import Register
from haitang.runtime.open311_check.peer import Peer, Skipped, errors_of, expect
from haitang.runtime.open311_check.reading import JSON, XML
from haitang.runtime.open311_check.shapes import REQUEST, check_shape

ROWS_MAX, SPAN = 1000, timedelta(days=90)
SLACK = timedelta(hours=26)
"""Clocks, and days counted in another zone."""
SECOND = timedelta(seconds=1)
check = Register(45)


def _at(told: Any) -> datetime:
    return datetime.fromisoformat(str(told).replace("Z", "+00:00"))


def _print(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds").replace("+00:00", "Z")


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - of a program beside the platform


def _ids(found: list[dict[str, Any]]) -> set[str]:
    return {str(one["service_request_id"]) for one in found}


@check("the list is of 90 days and 1,000 sound requests at most, unless asked otherwise")
def _(peer: Peer) -> None:
    found = peer.listed()
    expect(len(found) <= ROWS_MAX, f"{len(found)} are listed")
    for one in found:
        check_shape(REQUEST, one)
        expect(_at(one["requested_datetime"]) >= _now() - SPAN - SLACK, f"one is of {one['requested_datetime']}")
    records = peer.asked_once("requests", XML).records("service_requests")
    expect(len(records) == len(found), f"{len(records)} are listed in XML, {len(found)} in JSON")


@check("a span of more than 90 days is refused with 400, or clipped")
def _(peer: Peer) -> None:
    asked = {"start_date": _print(_now() - timedelta(days=200)), "end_date": _print(_now())}
    answer = peer.get("requests", JSON, **asked)
    if answer.status == 400:
        errors_of(answer)
        return
    expect(answer.status == 200, f"it is answered {answer.status}")
    times = [_at(one["requested_datetime"]) for one in answer.records("service_requests")]
    expect(not times or max(times) - min(times) <= SPAN + SLACK, "requests of more than 90 days are listed")


@check("service_request_id overrides every other argument")
def _(peer: Peer) -> None:
    one = peer.sample()
    other = "closed" if one["status"] == "open" else "open"
    found = peer.listed(service_request_id=one["service_request_id"], status=other, start_date="2001-01-01T00:00:00Z")
    expect(_ids(found) == {one["service_request_id"]}, f"{len(found)} are listed beside a status that it has not")


@check("a list of service codes narrows to these services")
def _(peer: Peer) -> None:
    peer.sample()
    codes = list(dict.fromkeys(one["service_code"] for one in peer.listed()))
    for wanted in (codes[:1], codes[:2]):
        found = peer.listed(service_code=",".join(wanted))
        expect({one["service_code"] for one in found} == set(wanted), f"of {wanted} others are listed, or not all")


@check("status takes open, closed, or both")
def _(peer: Peer) -> None:
    peer.sample()
    by_status = {status: peer.listed(status=status) for status in ("open", "closed")}
    for status, found in by_status.items():
        expect({one["status"] for one in found} <= {status}, f"others than {status} ones are listed as such")
    both = peer.listed(status="open,closed")
    expect({one["status"] for one in both} == {s for s, found in by_status.items() if found}, "both are not both")


@check("start_date is included")
def _(peer: Peer) -> None:
    one = peer.sample()
    start = _at(one["requested_datetime"])
    asked = {"start_date": _print(start), "end_date": _print(start + timedelta(seconds=1))}
    expect(one["service_request_id"] in _ids(peer.listed(**asked)), "a request of that very second is not listed")


@check("a date that is none, or that names no time zone, is refused with 400")
def _(peer: Peer) -> None:
    for form in (XML, JSON):
        for wrong in ("yesterday", "2026-13-45T00:00:00Z", f"{_now():%Y-%m-%dT%H:%M:%S}"):
            answer = peer.get("requests", form, start_date=wrong)
            expect(answer.status == 400, f"{wrong!r} is answered {answer.status}")
            errors_of(answer)


@check("dates in another time zone are the same instants")
def _(peer: Peer) -> None:
    one = peer.sample()
    start = _at(one["requested_datetime"])
    for hours in (8, -5):
        zone = timezone(timedelta(hours=hours))
        asked = {"start_date": _print(start.astimezone(zone)), "end_date": _print((start + SECOND).astimezone(zone))}
        expect(one["service_request_id"] in _ids(peer.listed(**asked)), f"it is not found at {asked['start_date']}")


@check("a single request is a list of one")
def _(peer: Peer) -> None:
    wanted = peer.sample()["service_request_id"]
    for form in (XML, JSON):
        found = peer.asked_once(f"requests/{wanted}", form).records("service_requests")
        expect(_ids(found) == {wanted}, f"it is answered with {sorted(_ids(found))} ({form})")
    check_shape(REQUEST, peer.asked_once(f"requests/{wanted}", JSON).records("service_requests")[0])


@check("an unknown request is not found, in the standard's errors")
def _(peer: Peer) -> None:
    for form in (XML, JSON):
        answer = peer.get("requests/no-such-request", form)
        expect(answer.status == 404, f"it is answered {answer.status}")
        errors_of(answer)


@check("a closed request was last updated when it was closed")
def _(peer: Peer) -> None:
    one = peer.sample(status="closed")
    updated = one.get("updated_datetime")
    expect(updated, "a closed request has no updated_datetime")
    expect(_at(one["requested_datetime"]) <= _at(updated) <= _now() + SLACK, f"it was closed at {updated}")


@check("an open request tells until when it is to be done")
def _(peer: Peer) -> None:
    peer.sample(status="open")
    promised = [one for one in peer.listed(status="open") if one.get("expected_datetime")]
    if not promised:
        raise Skipped("the server promises no time")
    for one in promised:
        expected = _at(one["expected_datetime"])
        expect(expected >= _at(one["requested_datetime"]), f"one is expected {expected}, before it was requested")


CHECKS = check.checks
