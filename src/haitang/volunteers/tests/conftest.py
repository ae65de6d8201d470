import pytest

from haitang.core import access
from haitang.testing.actors import NOW
from haitang.volunteers import actions
from haitang.volunteers.values import VolunteerProfile


@pytest.fixture
def profile(town):
    """What somebody of the first grid says about themselves; anything can be said otherwise."""

    def say(**more):
        told = {
            "name": "吴师傅", "phone": "13800001234", "area_id": town.areas["grid"], "skills": ("repair_appliance",),
            "times": (15, 16), "wants_calls": True,
        }  # fmt: skip
        return VolunteerProfile(**{**told, **more})

    return say


@pytest.fixture
def entered(town, profile):
    """Somebody who has registered without an account, and the code."""
    return actions.register_volunteer(actor=access.VISITOR, profile=profile(), consented=True, now=NOW)
