"""Every page and every API operation names the permission that its action or query will require."""

import re

import pytest
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from haitang.config.api import api, operations
from haitang.core.access import ANYONE, SIGNED_IN
from haitang.testing.actors import actor_with


def _pages(resolver: URLResolver):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.callback
        else:
            yield from _pages(pattern)


def _name(function) -> str:
    return f"{function.__module__}.{function.__name__}"


def test_every_page_names_its_permission():
    pages = [page for page in _pages(get_resolver()) if page.__module__.startswith("haitang.")]
    assert pages
    assert not [_name(page) for page in pages if not getattr(page, "permission", "")]


def test_every_operation_names_its_permission():
    functions = [operation.view_func for operation in operations()]
    assert not [_name(function) for function in functions if not getattr(function, "permission", "")]


def test_every_operation_has_a_name_of_its_own():
    names = [operation.operation_id for operation in operations()]
    assert not [_name(operation.view_func) for operation in operations() if not operation.operation_id]
    assert len(names) == len(set(names))


def _asked() -> list:
    """Return (method, path, mark) of every operation that asks for a permission, with an id in place of each."""
    marks = {operation.operation_id: operation.view_func.permission for operation in operations()}
    return [
        (method, re.sub(r"{[^}]+}", "1", path), marks[told["operationId"]])
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method, told in methods.items()
        if marks[told["operationId"]] not in (ANYONE, SIGNED_IN)
    ]


@pytest.mark.parametrize(("method", "path", "mark"), _asked())
def test_an_operation_turns_away_whoever_holds_all_but_its_permission(client, monkeypatch, method, path, mark):
    """At the door: nothing of what was sent is read before, and no row is touched."""
    everything = {operation.view_func.permission for operation in operations()}
    caller = actor_with(*everything - {mark})
    monkeypatch.setattr("haitang.config.api.authenticate_token", lambda token, **_asked: caller)
    response = getattr(client, method)(path, headers={"Authorization": "Bearer x"})
    assert (response.status_code, response.json()["title"]) == (403, "NotAllowed"), response.content.decode()
