"""Every page and every API operation names the permission that its action or query will require."""

from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from haitang.config.api import operations


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
