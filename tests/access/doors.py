"""Every door of the site: pages from the addresses that Django resolves, operations from the OpenAPI schema."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from haitang.config.api import api, operations
from haitang.core.access import ANYONE

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}
ALL = ("GET", "POST")
PLACE = re.compile(r"{(\w+)}")


@dataclass(frozen=True, order=True)
class Door:
    """One address and one method. path: with its parameters in braces. mark: the permission named on it."""

    app: str
    path: str
    method: str
    mark: str

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters of the address, in its order."""
        return tuple(PLACE.findall(self.path))

    @property
    def is_operation(self) -> bool:
        """Whether it belongs to the API."""
        return self.path.startswith("/api/")

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@cache
def doors() -> tuple[Door, ...]:
    """Return every door there is, sorted."""
    return tuple(sorted({*_pages(get_resolver(), ""), *_operations()}))


def _pages(resolver: URLResolver, prefix: str) -> Iterator[Door]:
    for pattern in resolver.url_patterns:
        path = prefix + _readable(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "api":
                yield from _pages(pattern, path)
            continue
        app = pattern.callback.__module__.split(".")[1]
        mark = str(getattr(pattern.callback, "permission", ANYONE))
        for method in _methods(pattern):
            yield Door(app, "/" + path, method, mark)


def _readable(pattern: str) -> str:
    """Return a part of an address with its parameters in braces, whether it is written as a route or an expression."""
    pattern = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", re.sub(r"\(\?P<(\w+)>[^()]*\)", r"{\1}", pattern))
    return pattern.replace("^", "").replace("$", "").replace("\\", "")


def _methods(pattern: URLPattern) -> tuple[str, ...]:
    """Return which of GET and POST a view takes: as its decorator says, which keeps them in its closure."""
    view: Any = pattern.callback
    while view is not None:
        for cell in getattr(view, "__closure__", None) or ():
            found = cell.cell_contents
            if isinstance(found, list | tuple) and found and set(found) <= METHODS:
                return tuple(method for method in ALL if method in found)
        view = getattr(view, "__wrapped__", None)
    return ALL


def _operations() -> Iterator[Door]:
    known = {operation.operation_id: operation.view_func for operation in operations()}
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, told in methods.items():
            view = known[told["operationId"]]
            yield Door(view.__module__.split(".")[1], path, method.upper(), view.permission)
