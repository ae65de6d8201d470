"""What the city opens to others: the finished months of its cases as files for anybody, and one receiver that rests."""

from datetime import datetime

from haitang.demo.city import City
from haitang.demo.playing import Cast, installer
from haitang.opendata import actions as open_data
from haitang.opendata import queries as opened
from haitang.opendata.values import Permission as OpenDataPermission


def is_done() -> bool:
    """Tell whether anything is open."""
    return opened.is_on()


def open_up(cast: Cast, city: City, *, now: datetime) -> None:
    """Turn open data on, and publish what is finished."""
    keeper = installer(*OpenDataPermission)
    for key, value in (("enabled", True), ("publisher", city.root.name), ("contact", "12345")):
        open_data.change_open_data_rule(actor=keeper, key=key, value=value, now=now)
    open_data.publish_open_data(actor=keeper, now=now)
