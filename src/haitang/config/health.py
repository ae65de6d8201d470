"""Whether the site can answer: for the supervisor, and for a load balancer in front."""

from django.db import connection
from django.http import HttpRequest, HttpResponse

from haitang.core.access import ANYONE, allow


@allow(ANYONE)
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers; an error otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
