"""Random deeds by several people on cases with whistles, parts, merging, pauses, call-backs, against a second opinion.

Whatever the order: nothing illegal happens, nothing legal is refused, no open case loses its deadline, none ends over a
department that is out or an open part, and the counters equal a recount.
"""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from haitang.oversight import actions as oversight
from haitang.whistles.tests.cast import draft
from tests.together.life import Life


@pytest.mark.django_db
def test_no_order_of_deeds_does_what_must_not_be(town):
    oversight.ship_oversight_rules()
    draft(town)  # whose rules are kept from the first on, and so are not forgotten with the first of the lives
    Life.town = town
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=20, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.mark.django_db
def test_a_case_that_goes_along_with_another_asks_for_nothing(town):
    oversight.ship_oversight_rules()
    Life.town = town
    life = Life()
    life.first()
    life.reported()
    life.onwards(number=0, steps=4)
    life.merge(number=1, other=0)
    assert life.matters[0].main is not None
    life.extend(number=0)
    life.both_worlds_agree()
    life.teardown()
