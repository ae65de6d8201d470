"""Two installations for one test: each with a database, a store and keys of its own, which cannot reach each other."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from django.test import override_settings
from PIL import Image

from haitang.ferry import actions, queries
from haitang.ferry.actions.zones import PartnerTerms
from haitang.ferry.models import Partner
from haitang.ferry.values import Permission
from haitang.testing.actors import NOW, actor_with
from haitang.testing.cases import build_town
from haitang.testing.people import Town

CLERK = actor_with(Permission.CARRY, account_id=900_041, name="经手人")
ADMIN = actor_with(Permission.MANAGE, account_id=900_042, name="系统管理员")
CITY, DESK = "320585", "HTJD"


@dataclass
class Installation:
    """One of the two. minutes: how long after NOW it is, which goes on with every deed."""

    code: str
    database: str
    files: Path
    keys: str
    town: Town
    minutes: int = 0
    stick: dict[str, bytes] = field(default_factory=dict)

    @contextmanager
    def here(self) -> Iterator["Installation"]:
        """Be in this installation inside: its database, its store, its field keys."""
        former = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = self.database
        with override_settings(FILES_ROOT=self.files, FIELD_KEYS=self.keys):
            try:
                yield self
            finally:
                connection.close()
                connection.settings_dict["NAME"] = former

    def now(self) -> datetime:
        """Return a moment later than the last one asked for."""
        self.minutes += 1
        return NOW + timedelta(minutes=self.minutes)

    def make(self, partner: str) -> bytes:
        """Make the next package and return what is carried."""
        package = actions.make_ferry_package(actor=CLERK, partner_code=partner, now=self.now())
        assert package is not None
        return queries.read_package(viewer=CLERK, package_id=package.pk)[1]

    def take(self, data: bytes, name: str = "stick.ferry") -> Any:
        """Take in what was carried."""
        return actions.take_in_package(actor=CLERK, data=data, file_name=name, now=self.now())

    def partner(self) -> Partner:
        """Return the other zone as it stands here."""
        return Partner.objects.get()


def build_zones(tmp_path: Path) -> tuple[Installation, Installation]:
    """Build an outside, where residents report, and an inside, where the office works; they know each other's cards."""
    town, own = build_town(), str(connection.settings_dict["NAME"])
    inner = f"{own}_inside"
    connection.close()
    with _maintenance() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{inner}"')
        server.execute(f'CREATE DATABASE "{inner}" TEMPLATE "{own}"')
    outside = Installation("outside", own, tmp_path / "outside", "1:" + "MDEyMzQ1Njc4OWFiY2RlZg==", town)
    inside = Installation("inside", inner, tmp_path / "inside", "1:" + "ZmVkY2JhOTg3NjU0MzIxMA==", town)
    with inside.here(), connection.cursor() as cursor:  # no version of a snapshot means the same in both
        cursor.execute("ALTER SEQUENCE core_policy_version_seq RESTART 1000000")
        cursor.execute("UPDATE core_policyversion SET version = nextval('core_policy_version_seq')")
        cursor.execute("SELECT setval('cases_case_id_seq', 5000)")
    cards = {}
    for zone in (outside, inside):
        with zone.here():
            own_keys = actions.make_zone_keys(actor=ADMIN, code=zone.code, name=f"{zone.code}区", now=zone.now())
            cards[zone.code] = own_keys.card.text()
    for zone, other in ((outside, inside), (inside, outside)):
        with zone.here():
            terms = PartnerTerms(CITY, DESK, hands=zone is outside, takes=zone is inside)
            actions.enter_partner(actor=ADMIN, card=cards[other.code], terms=terms, now=NOW)
    return outside, inside


def remove_zone(zone: Installation) -> None:
    """Remove the database of the second installation."""
    connection.close()
    with _maintenance() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{zone.database}" WITH (FORCE)')


def _maintenance() -> psycopg.Connection:
    given = {**connection.get_connection_params(), "dbname": "postgres"}
    known = ("host", "port", "user", "password", "dbname")
    return psycopg.connect(**{key: given[key] for key in known if given.get(key)}, autocommit=True)


def picture(colour: str = "green") -> bytes:
    """Return a photo as somebody sends it."""
    data = BytesIO()
    Image.new("RGB", (64, 48), colour).save(data, "JPEG")
    return data.getvalue()
