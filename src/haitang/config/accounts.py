"""A first password that somebody else chose must go before anything else is done."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

GetResponse = Callable[[HttpRequest], HttpResponse]


class FirstPasswordMiddleware:
    """Lead whoever signed in with a password chosen by somebody else to choosing their own, and nowhere else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and getattr(user, "must_change_password", False):
            change = reverse("account_change_password")
            open_ = (change, reverse("account_logout"), "/static/", "/ui/")
            if not request.path.startswith(open_):
                return redirect(change) if request.method == "GET" else HttpResponse(status=HTTPStatus.FORBIDDEN)
        return self.get_response(request)
