"""The request as entrances see it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from haitang.core.access import Actor


class Request(HttpRequest):
    """A request that the middleware has told who asks.

    Only a type: Django makes requests of its own class; the middleware (for the API, the authentication) sets these.
    """

    actor: Actor
    htmx: HtmxDetails
