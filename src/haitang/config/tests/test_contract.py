"""The lines of the contract: every promise changes a line, and prose changes none."""

import copy
import json

import pytest

from haitang.config.api import api
from haitang.config.contract import contract


@pytest.fixture(scope="module")
def document() -> dict:
    return json.loads(json.dumps(api.get_openapi_schema()))


def _changed(document: dict, change) -> list[str]:
    other = copy.deepcopy(document)
    change(other)
    before, after = contract(document).splitlines(), contract(other).splitlines()
    return [line.strip() for line in after if line not in before]


def test_every_operation_and_schema_has_its_lines(document):
    lines = contract(document).splitlines()
    operations = sum(len(methods) for methods in document["paths"].values())
    assert sum(line.partition(" ")[0] in {"GET", "POST", "PUT", "PATCH", "DELETE"} for line in lines) == operations
    assert {f"schemas {name}" for name in document["components"]["schemas"]} <= set(lines)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda d: _schema(d)["properties"].update(solved={"type": "string"}), "solved*: string"),
        (lambda d: _schema(d)["required"].remove("number"), "number: string"),
        (lambda d: _schema(d)["properties"]["number"].update(maxLength=9), "number*: string maxLength=9"),
        (lambda d: _listing(d)["responses"].pop("409"), "problem: 400 401 403 404 422 429"),
        (lambda d: _listing(d).update(operationId="cases"), 'cases security=[{"Bearer": []}]'),
    ],
    ids=["type", "required", "bound", "refusal", "name"],
)  # fmt: skip
def test_what_is_promised_shows(document, change, line):
    if line.startswith("problem"):
        line = " ".join(["problem:", *sorted(set(_listing(document)["responses"]) - {"200", "409"})])
    other = copy.deepcopy(document)
    change(other)
    assert contract(other) != contract(document)
    assert line in [each.strip() for each in contract(other).splitlines()]


def test_prose_does_not_show(document):
    def reword(each: dict) -> None:
        _schema(each).update(description="said otherwise", title="Otherwise")
        _listing(each).update(description="said otherwise", summary="otherwise")

    assert _changed(document, reword) == []


def test_a_field_may_bear_the_name_of_prose(document):
    assert any(line.startswith("  description*: string") for line in contract(document).splitlines())


def _schema(document: dict) -> dict:
    return document["components"]["schemas"]["CaseOut"]


def _listing(document: dict) -> dict:
    return document["paths"]["/api/v1/cases"]["get"]
