"""Where an open page listens for news. What it then hears is decided by the live process, page by page."""

from django.conf import settings
from django.http import HttpRequest


def address(request: HttpRequest) -> str:
    """Return the address of the event stream for a page reached by this request: open it with credentials.

    It sends `fact` events with the JSON `{"type", "id", "fact"}`, and `missed` when the page should simply
    look again.
    """
    if settings.LIVE_URL:
        return str(settings.LIVE_URL)
    name = request.get_host().rsplit(":", 1)[0] if not request.get_host().endswith("]") else request.get_host()
    return f"{request.scheme}://{name}:{settings.LIVE_PORT}/live/"
