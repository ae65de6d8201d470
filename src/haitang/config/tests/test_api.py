"""The document of the API says what is so."""

from haitang.config.api import PROBLEM, _names_of_several, api


def test_schemas_of_one_name_in_two_apps_stand_apart():
    schemas = api.get_openapi_schema()["components"]["schemas"]
    assert "CallOut" in _names_of_several()
    assert not _names_of_several() & set(schemas)
    assert {"CallupsCallOut", "WhistlesCallOut"} <= set(schemas)
    assert "waits" in schemas["CallupsCallOut"]["properties"]
    assert "reworks" in schemas["WhistlesCallOut"]["properties"]


def test_every_reference_leads_to_a_schema():
    document = api.get_openapi_schema()
    named = {text.rpartition("/")[2] for text in _references(document)}
    assert named <= set(document["components"]["schemas"])


def _references(part):
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from _references(each)


def test_refusals_are_told_in_the_type_in_which_they_come():
    operation = api.get_openapi_schema()["paths"]["/api/v1/cases"]["post"]
    assert list(operation["responses"][422]["content"]) == [PROBLEM]
