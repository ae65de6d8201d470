"""Every page that needs no more than its address."""

from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from haitang.config.middleware import FOR_PROGRAMS


def patterns(resolver: URLResolver | None = None, before: str = "/"):
    """Yield address and view of every page; an address with arguments has them in angle brackets."""
    for each in (resolver or get_resolver()).url_patterns:
        here = before + str(each.pattern).lstrip("^").rstrip("$")
        if here.startswith(FOR_PROGRAMS):
            continue
        if isinstance(each, URLPattern):
            yield here, each.callback
        else:
            yield from patterns(each, here)


def plain_addresses() -> list[str]:
    """Return the addresses without arguments."""
    return sorted({address for address, _view in patterns() if not set(address) & set("<([\\")})
