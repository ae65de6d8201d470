"""Every operation of the API, by its own schema: what fits it, what does not, and operations that follow."""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import partial
from random import Random
from typing import Any

import pytest

from tests.fuzz.conftest import Visitor
from tests.fuzz.door import Door

STEPS = 6
IDS = 400
"""Ids that the demo city is likely to have."""


@pytest.fixture(scope="module")
def schema(visitors: list[Visitor]) -> Any:
    """The schema, as everybody can read it."""
    import schemathesis

    from haitang.config.api import api

    return schemathesis.openapi.from_dict(_without_pairs(dict(api.get_openapi_schema())))


def _without_pairs(part: Any) -> Any:
    """Return the document without what stands at each place of a pair: the tool reads it as older drafts did."""
    if isinstance(part, dict):
        return {key: _without_pairs(value) for key, value in part.items() if key != "prefixItems"}
    return [_without_pairs(each) for each in part] if isinstance(part, list) else part


@pytest.fixture(scope="module")
def marks() -> dict[str, str]:
    """Of each operation the permission that is asked at its door."""
    from haitang.config.api import operations

    return {str(each.operation_id): each.view_func.permission for each in operations()}


def _checks() -> list[Callable[..., Any]]:
    from schemathesis.specs.openapi import checks

    return [
        checks.status_code_conformance, checks.content_type_conformance, checks.response_headers_conformance,
        checks.response_schema_conformance,
    ]  # fmt: skip


def _settings(examples: int, **more: Any) -> Any:
    import hypothesis

    return hypothesis.settings(
        max_examples=examples, database=None, deadline=None, phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck), **more,
    )  # fmt: skip


def _caller(visitors: list[Visitor], mark: str, rng: Random) -> Visitor:
    """Return one who may pass the door, mostly."""
    able = [each for each in visitors if mark in each.permissions] or [each for each in visitors if each.token]
    return rng.choice(able if rng.random() < 0.95 else visitors)


def _headers(visitor: Visitor) -> dict[str, str]:
    return {"Authorization": f"Bearer {visitor.token}"} if visitor.token else {}


def _aim(case: Any, rng: Random) -> None:
    """Put ids that exist in place of made-up ones, now and then: what lies behind a 404 is worth reaching."""
    for name, value in (case.path_parameters or {}).items():
        if isinstance(value, int) and not isinstance(value, bool) and rng.random() < 0.6:
            case.path_parameters[name] = rng.randint(1, IDS)


def _judge(door: Door, case: Any, response: Any) -> None:
    from schemathesis.core.failures import FailureGroup

    if response.status_code >= 500:
        return  # the door has said so
    try:
        case.validate_response(response, checks=_checks())
    except FailureGroup as group:
        for failure in group.exceptions:
            what = f"{type(failure).__name__} {case.operation.label} {response.status_code}"
            door.find(what, f"{case.formatted_path} {case.body!r:.300}", str(failure)[:1500])


def _ask(door: Door, visitors: list[Visitor], mark: str, rng: Random, case: Any) -> None:
    _aim(case, rng)
    _judge(door, case, case.call(headers=_headers(_caller(visitors, mark, rng))))


def _explore(strategy: Any, examples: int, seed: int, ask: Callable[[Any], None]) -> None:
    import hypothesis

    @hypothesis.seed(seed)
    @_settings(examples)
    @hypothesis.given(case=strategy)
    def explore(case: Any) -> None:
        ask(case)

    explore()


@pytest.mark.share(0.4)
def test_operations(door: Door, visitors: list[Visitor], schema: Any, marks: dict, seed: int, rng: Random) -> None:
    from schemathesis import GenerationMode

    schema.app = door
    found = [result.ok() for result in schema.get_all_operations()]
    rng.shuffle(found)
    for place, operation in enumerate(found):
        left = max(door.budget - door.asked, 0) // (len(found) - place)
        mark = marks[operation.definition.raw["operationId"]]
        strategy = operation.as_strategy(GenerationMode.POSITIVE)
        if operation.body or operation.query or operation.path_parameters:
            strategy |= operation.as_strategy(GenerationMode.NEGATIVE)

        _explore(strategy, max(left, 2), seed + place, partial(_ask, door, visitors, mark, rng))


@pytest.mark.share(0.1)
def test_operations_that_follow_one_another(
    door: Door, visitors: list[Visitor], schema: Any, seed: int, rng: Random
) -> None:
    import hypothesis
    from hypothesis.stateful import run_state_machine_as_test

    schema.app = door
    machine, place = schema.as_state_machine(), 0
    while door.is_open:
        place += 1
        caller = rng.choice([each for each in visitors if each.token])

        class Story(machine):  # type: ignore[valid-type, misc]  # the class is made from the schema
            headers = _headers(caller)

            def setup(self) -> None:
                self.open = ExitStack()
                self.open.enter_context(door.sequence())

            def teardown(self) -> None:
                self.open.close()

            def get_call_kwargs(self, case: Any) -> dict[str, Any]:
                return {"headers": self.headers}

            def validate_response(self, response: Any, case: Any, **_more: Any) -> None:
                _judge(door, case, response)

        # A story told again may go otherwise, since new rows have new ids: that is no fault, and ends the story.
        with suppress(hypothesis.errors.Flaky, hypothesis.errors.FlakyStrategyDefinition):
            run_state_machine_as_test(
                hypothesis.seed(seed + place)(Story), settings=_settings(3, stateful_step_count=STEPS)
            )
